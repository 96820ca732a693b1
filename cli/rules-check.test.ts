// `quesnay rules check` over folders of rule files, sound and faulty.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { packageFile } from '../infra/paths.ts'
import { SMALL_FILES, SMALL_TREE_TEXT } from '../test/support/small-rules.ts'
import { checkRules } from './commands/rules.ts'
import { reportError } from './report-error.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rules-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
const shipped = () => cpSync(packageFile('subgraphs', 'parameters', 'data', 'rules', 'uk'), folder, { recursive: true })
const change = (name: string, from: string, to: string) => {
  const text = readFileSync(join(folder, name), 'utf8')
  expect(text).toContain(from)
  write(name, text.replace(from, to))
}

function printed(options: Parameters<typeof checkRules>[1] = {}): string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  checkRules(folder, options)
  return write.mock.calls.map(([text]) => String(text)).join('')
}

/** What a person is told. */
function refused(options: Parameters<typeof checkRules>[1] = {}): string {
  try {
    checkRules(folder, options)
  } catch (error) {
    return reportError(error, false).line
  }
  throw new Error('nothing was refused')
}

describe('rules check', () => {
  it('says what a rule set over a shipped tree holds', () => {
    shipped()
    const text = printed()
    expect(text).toMatch(/^uk: United Kingdom .*, 2022 to 2025\n17 columns, \d+ parameters, 36 rules\n/)
    expect(text).toMatch(/national-insurance\.yaml +4\n/)
  })

  it('takes a tree from a file, leaves files that map names aside, and prints JSON', () => {
    for (const { path, text } of SMALL_FILES) write(path, text)
    write('others.yaml', 'inputs: { a: b }\n')
    write('tree', SMALL_TREE_TEXT)
    const { id, rules, parameters } = JSON.parse(printed({ tree: join(folder, 'tree'), json: true }))
    expect([id, rules.length, parameters[0]]).toEqual(['small', 6, 'small.allowance'])
  })

  it('shows the line of every fault of several files', () => {
    shipped()
    change('allowances.yaml', 'taper rate: income_tax', 'taper rate: incom_tax')
    change('income.yaml', 'provenance: Income Tax Act 2007 s. 58', '')
    const lines = refused().split('\n')
    expect(lines[0]).toMatch(/^quesnay: MODEL_INVALID: allowances\.yaml: .*no parameter uk\.incom_tax.*did you mean/)
    expect(lines[1]).toMatch(/^ +\d+ \| {3}taper rate: incom_tax/)
    expect(lines[3]).toMatch(/income\.yaml:\d+:\d+: .*the rule has no provenance/)
  })

  it('shows the place of a unit that does not fit and of a name that stands for nothing', () => {
    shipped()
    change('net-income.yaml', 'sum(pension_contributions[*])', 'persons')
    change('income.yaml', '+ savings_income +', '+ saving_income +')
    const text = refused()
    expect(text).toMatch(/^quesnay: MODEL_INVALID: net-income\.yaml: .* persons in person; they do not go together/)
    expect(text).toMatch(/income\.yaml:\d+:\d+: the name saving_income is not declared/)
    expect(text.match(/^ +\| +\^$/gm)).toHaveLength(2)
  })

  it('refuses a folder that is none, and one whose tree is not known', () => {
    expect(() => checkRules(join(folder, 'none'), {})).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
    for (const { path, text } of SMALL_FILES) write(path, text)
    expect(refused()).toMatch(/there is no shipped tree "small" \(give its file with --tree FILE\)/)
  })
})
