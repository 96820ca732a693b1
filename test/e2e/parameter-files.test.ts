// Trees of parameters on the command line: imported, exported, compared, each command a process of its own.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, startCommand } from '../support/command.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-trees-'))
const environment = { QUESNAY_DATA: join(directory, 'data') }
let server: ServerProcess

const FILES = {
  'law/README.md': '# Law of a small country\n',
  'law/tax/rate.yaml':
    'description: Rate of tax\nvalues: { 2020-01-01: 0.1, 2024-01-01: 0.12 }\nmetadata: { unit: /1, reference: Tax Act }',
  'law/tax/brackets.yaml':
    'brackets:\n  - { threshold: { 2020-01-01: 0 }, rate: { 2020-01-01: 0.1 } }\n  - { threshold: { 2020-01-01: 9_000 }, rate: { 2020-01-01: 0.2 } }\nmetadata: { threshold_unit: currency-USD, label: Brackets, reference: Tax Act }',
  'law/tax/allowance.yaml':
    'description: Allowance\nvalues: { 2020-01-01: .inf }\nmetadata: { unit: currency_USD, reference: Tax Act }',
  'law/notes.py': 'nothing',
  'other/t/rate.yaml':
    'description: Rate of tax\nvalues: { 2020-01-01: 0.1 }\nmetadata: { unit: /1, reference: Tax Act }',
  'broken/a.yaml': 'values:\n  2020-01-01: 1\n  2020-01-01: 2\n',
  'ids.yaml': 'tax: t\n',
}

beforeAll(async () => {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  server = await startServer([], environment)
})
afterAll(async () => {
  await server?.interrupt()
  rmSync(directory, { recursive: true, force: true })
})

const at = (path: string) => join(directory, path)
const quesnay = (...args: string[]): Promise<Ended> => startCommand(args, environment).ended

async function succeeding(...args: string[]): Promise<string> {
  const { code, out, err } = await quesnay(...args)
  expect(err).toBe('')
  expect(code).toBe(0)
  return out
}

describe('quesnay import parameters', () => {
  it('imports a folder, says what it found and how much it read', async () => {
    const out = await succeeding('import', 'parameters', at('law'))
    expect(out).toContain(
      'WARNING UNIT_MISSPELT tax/allowance.yaml:1: unit "currency_USD" is read as USD (write "currency-USD")',
    )
    expect(out).toMatch(/^imported, 4 files, 6 parameters, 7 values, 1 scales, 0 nodes$/m)
  })

  it('imports an archive under the name given, and only checks with --dry-run', async () => {
    await create({ gzip: true, cwd: at('other'), file: at('other.tar.gz') }, ['t'])
    const dry = await succeeding(
      'import',
      'parameters',
      at('other.tar.gz'),
      '--name',
      'second',
      '--dry-run',
      '--about',
      writtenAbout(),
    )
    expect(dry).toMatch(/^checked, nothing was stored, 1 files/m)
    const json = await succeeding(
      'import',
      'parameters',
      at('other.tar.gz'),
      '--name',
      'second',
      '--about',
      writtenAbout(),
      '--json',
    )
    expect(JSON.parse(json)).toEqual({
      imported: true,
      counts: { files: 1, parameters: 1, values: 1, scales: 0, nodes: 0 },
      findings: [],
    })
  })

  it('names file, line and column of a fault and changes nothing', async () => {
    const { code, out, err } = await quesnay('import', 'parameters', at('broken'), '--about', writtenAbout())
    expect(code).toBe(1)
    expect(out).toContain('ERROR DUPLICATE_KEY a.yaml:3:3')
    expect(err).toMatch(/^quesnay: IMPORT_REJECTED: 1 fault, nothing was changed/)
  })

  it('answers a folder without files of a tree, and files without a currency', async () => {
    mkdirSync(at('empty'), { recursive: true })
    expect((await quesnay('import', 'parameters', at('empty'))).err).toMatch(
      /BAD_INPUT: .+ holds no tree of parameters/,
    )
    expect((await quesnay('import', 'parameters', at('other'))).err).toMatch(/BAD_INPUT: .+currency.+--about/)
  })
})

/** What the files do not say. */
function writtenAbout(): string {
  const path = at('about.yaml')
  writeFileSync(path, 'currency: USD\nsource: { name: Other, licence: CC0-1.0, retrieved: 2026-10-01 }\n')
  return path
}

describe('quesnay export parameters', () => {
  it('writes files that are the tree again', async () => {
    await succeeding('import', 'parameters', at('law'), '--name', 'law')
    const out = await succeeding('export', 'parameters', 'law', '--dialect', 'policyengine', '--out', at('out'))
    expect(out).toBe(`3 files written to ${at('out')}\n`)
    expect(readdirSync(at('out/tax')).sort()).toEqual(['allowance.yaml', 'brackets.yaml', 'rate.yaml'])
    expect(readFileSync(at('out/tax/allowance.yaml'), 'utf8')).toContain('2020-01-01: .inf')
    await succeeding('import', 'parameters', at('out'), '--name', 'law-again')
    expect(await succeeding('diff', 'parameters', 'law', 'law-again')).toMatch(
      /EQUAL +7\nDIFFERS +0\nONLY_HERE +0\nONLY_THERE +0\n/,
    )
  })

  it('leaves a folder alone that holds something, and refuses a program it does not know', async () => {
    const full = await quesnay('export', 'parameters', 'law', '--dialect', 'openfisca', '--out', directory)
    expect(full.err).toMatch(/BAD_INPUT: .+ is not empty/)
    expect((await quesnay('export', 'parameters', 'law', '--dialect', 'taxsim', '--out', at('x'))).err).toContain(
      'openfisca',
    )
  })
})

describe('quesnay diff parameters', () => {
  it('shows what differs, with ids of a mapping file', async () => {
    const out = await succeeding(
      'diff',
      'parameters',
      'law',
      'second',
      '--mapping',
      at('ids.yaml'),
      '--from',
      '2023',
      '--to',
      '2025',
    )
    expect(out).toMatch(/DIFFERS +tax\.rate +2024-01-01 +2025-12-31 +0\.12 +0\.1 +fraction/)
    expect(out).toMatch(/ONLY_HERE +tax\.allowance +2023-01-01 +2025-12-31 +unlimited +- +USD/)
    const json = JSON.parse(
      await succeeding(
        'diff',
        'parameters',
        'law',
        'second',
        '--mapping',
        at('ids.yaml'),
        '--tolerance',
        '0.1',
        '--json',
      ),
    )
    expect(json.counts).toContainEqual({ kind: 'DIFFERS', count: 0 })
  })

  it('answers a tree that is not there with the one spelt most alike', async () => {
    expect((await quesnay('diff', 'parameters', 'lawn', 'second')).err).toMatch(/NOT_FOUND: .+lawn.+did you mean "law"/)
  })
})
