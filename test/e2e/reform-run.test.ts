// quesnay reform run: what reforms do to a population, as people ask for it on the command line.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startCommand } from '../support/command.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-reform-'))
const environment = { QUESNAY_DATA: join(directory, 'data') }
let server: ServerProcess

const reformRun = (...args: string[]) => startCommand(['reform', 'run', ...args], environment).ended
const file = (name: string) => join(directory, name)

beforeAll(async () => {
  server = await startServer([], environment)
  writeFileSync(
    file('credit.yaml'),
    `id: credit
title: A higher credit
changes: [{ parameter: us.federal.income_tax.child_tax_credit.amount, from: "2026", value: 3000, unit: USD/person }]
`,
  )
  writeFileSync(
    file('broken.yaml'),
    `id: broken
title: Not a number
formulas: [{ ruleSet: us-federal, variable: earned income credit, formula: "wages[head] / wages[head] * wages[head]" }]
changes: []
`,
  )
})
afterAll(async () => {
  await server?.interrupt()
  rmSync(directory, { recursive: true, force: true })
})

it('prints budget, deciles, winners, poverty and inequality of a reform in a file', async () => {
  const { code, out, err } = await reformRun(file('credit.yaml'), '--step', '1000', '--elasticity', '0.25')
  expect(err).toBe('')
  expect(code).toBe(0)
  expect(out).toMatch(/^us-example-1000, 2026: 1,000 units that stand for [\d,]+$/m)
  expect(out).toMatch(/^child tax credit +benefit +[\d,.]+ +[\d,.]+ +[1-9][\d,.]*$/m)
  // Of this nobody has any.
  expect(out).not.toMatch(/unemployment compensation/)
  expect(out.match(/^ +([1-9]|10) .*%$/gm)).toHaveLength(10)
  expect(out).toMatch(/^behaviour: -?[\d,.]+ of the change/m)
  expect(out).toMatch(/^\d+\.\d\d % of units gain, on average [\d,.]+ USD a year$/m)
  for (const row of ['poverty, relative', 'poverty, anchored', 'Gini coefficient', 'mean marginal rate', 'verify with'])
    expect(out).toMatch(new RegExp(`^${row} +.*[\\d]`, 'm'))
})

it('runs stored reforms in one pass and writes the deciles of each as CSV', async () => {
  const { code, out } = await reformRun('credit', 'credit', '--year', '2026', '--out', file('deciles.csv'))
  expect(code).toBe(0)
  expect(out.match(/^A higher credit \(credit\)$/gm)).toHaveLength(2)
  const [header, ...rows] = readFileSync(file('deciles.csv'), 'utf8').trim().split('\n')
  expect(header).toMatch(/^reform,year,decile,weight,.*losersShare$/)
  expect(rows).toHaveLength(20)
  expect(rows[9]).toMatch(/^credit,2026,10,\d/)
  expect(rows.slice(0, 10)).toEqual(rows.slice(10))
})

it('prints JSON with groups by name, and only the deciles with --out -', async () => {
  const json = await reformRun('credit', '--by', 'filing status', '--json')
  const { populationImpact } = JSON.parse(json.out) as { populationImpact: Record<string, unknown> }
  expect(populationImpact).toMatchObject({
    bundle: { ruleSet: 'us-federal', reforms: ['credit'] },
    reforms: [{ groups: { by: 'filing status', code: [1, 2, 3, 4, 5] } }],
  })
  const csv = await reformRun('credit', '--out', '-')
  expect(csv.out).toMatch(/^reform,year,decile,/)
  expect(csv.out.trim().split('\n')).toHaveLength(11)
})

it('prints what could be computed, and beside it what could not and why', async () => {
  const { code, out, err } = await reformRun(file('broken.yaml'))
  expect(code).toBe(0)
  expect(out).toMatch(/^earned income credit +benefit +[\d,.]+ +- +-$/m)
  expect(out).toMatch(/^payroll tax +tax +[\d,.]+ +[\d,.]+ +0\.00$/m)
  expect(err).toMatch(/^run\.populationImpact\.reforms\.0\.budget\.change: NOT_A_NUMBER: .* in unit \d+ and \d+ more$/m)
})

it.each([
  ['a reform that there is not', ['no-such-reform'], /NOT_FOUND: no reform "no-such-reform"/],
  ['a file that there is not', ['none.yaml'], /BAD_INPUT: there is no none\.yaml/],
  ['a year without rules', ['credit', '--year', '2021'], /BAD_INPUT: .*2022 to 2026/],
  ['a file of another form', ['credit', '--out', 'deciles.arrow'], /BAD_INPUT: "deciles\.arrow" does not end in \.csv/],
  ['households of units alone', ['credit', '--households'], /BAD_INPUT: .*make a household/],
])('refuses %s with one line', async (_, args, line) => {
  const { code, out, err } = await reformRun(...args)
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(err.trim().split('\n')).toHaveLength(1)
  expect(err).toMatch(line)
})
