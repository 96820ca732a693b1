// The shipped rule sets, asked as the gateway asks them, over a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { ask, askForErrors } from '../../test/support/ask.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { noDispatch } from '../../test/support/no-dispatch.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { parameters } from './subgraph.ts'

let database: TestStore
let subgraph: Subgraph

beforeAll(async () => {
  database = await freshStore()
  const deps = { store: database.store, dispatch: noDispatch, clock: systemClock, log: silentLog }
  subgraph = await openSubgraph(parameters, deps)
  await subgraph.seed('local')
})
afterAll(() => database.drop())

const rules = async (fields: string) => (await ask(subgraph, `{ ruleSet(id: "us-federal") { ${fields} } }`)).ruleSet

describe('a rule set', () => {
  it('says what it is of, what data it takes, and what it computes', async () => {
    const {
      data,
      variables,
      programmes,
      parameters: figures,
      ...rest
    } = await rules(
      `id country currency unit firstYear lastYear lawOf hash planHash tree { id }
       data { name unit label default min max integer elements reference formula }
       variables { name unit label reference formula file elements } programmes { name kind variable } parameters { id }`,
    )
    expect(rest).toEqual({
      ...{ id: 'us-federal', country: 'USA', currency: 'USD', unit: 'tax unit', firstYear: 2022, lastYear: 2026 },
      ...{ lawOf: '01-01', hash: expect.stringMatching(/^[0-9a-f]{64}$/), planHash: null, tree: { id: 'us-federal' } },
    })
    expect(data).toContainEqual({
      ...{ name: 'filing status', unit: 'fraction', label: expect.stringContaining('1 single'), default: 1 },
      ...{ min: 1, max: 5, integer: true, elements: ['filing status'], reference: null, formula: null },
    })
    expect(data).toContainEqual(expect.objectContaining({ name: 'wages[spouse]', max: null, integer: false }))
    expect(variables).toContainEqual({
      ...{ name: 'net investment income tax', unit: 'USD', label: expect.any(String), elements: expect.any(Array) },
      ...{ reference: expect.stringContaining('1411'), formula: expect.any(String), file: expect.any(String) },
    })
    for (const { reference, label } of variables)
      expect([reference, label]).toEqual([expect.any(String), expect.any(String)])
    expect(programmes).toContainEqual({ name: 'payroll tax', kind: 'TAX', variable: 'payroll tax' })
    expect(figures).toContainEqual({ id: 'us.federal.payroll_tax.social_security.wage_base' })
  })

  it('tells of a variable what it reads and what reads it', async () => {
    const { tax, wages } = await rules(
      `tax: variable(name: "Income_Tax") { name formula dependsOn usedBy parameters { id } }
       wages: variable(name: "wages[head]") { name formula default dependsOn usedBy }`,
    )
    expect(tax).toMatchObject({
      name: 'income tax',
      formula: 'income_tax_before_refundable_credits - refundable_credits',
      dependsOn: ['income tax before refundable credits', 'refundable credits'],
      parameters: [],
    })
    expect(tax.usedBy).toEqual(expect.arrayContaining(['combined tax', 'net income']))
    expect(wages).toMatchObject({ name: 'wages[head]', formula: null, default: 0, dependsOn: [] })
    expect(wages.usedBy).toEqual(expect.arrayContaining(['total wages']))
  })

  it('knows the parameters that a rule reads, those of its brackets with them', async () => {
    const { variable } = await rules('variable(name: "net investment income tax") { parameters { id unit } }')
    expect(variable.parameters.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining([expect.stringMatching(/net_investment_income_tax\.rate$/)]),
    )
  })

  it('knows what others call its data and variables', async () => {
    const { mappings } = await rules(
      'mappings { name identifier totals { total parts } inputs { theirs ours factor } outputs { theirs ours } }',
    )
    expect(mappings).toHaveLength(1)
    expect(mappings[0]).toMatchObject({ name: 'taxcalc' })
    expect(mappings[0].totals).toContainEqual({ total: 'e00200', parts: ['e00200p', 'e00200s'] })
    expect(mappings[0].inputs).toContainEqual({ theirs: 'e00200p', ours: 'wages[head]', factor: 1 })
    expect(mappings[0].outputs).toContainEqual({ theirs: 'c04800', ours: 'taxable income' })
  })

  it('is not found by another name, nor is a variable', async () => {
    expect(await askForErrors(subgraph, '{ ruleSet(id: "us-federel") { id } }')).toMatchObject([
      { code: 'NOT_FOUND', detail: { path: 'id', suggestion: 'did you mean "us-federal"?' } },
    ])
    expect(
      await askForErrors(subgraph, '{ ruleSet(id: "us-federal") { variable(name: "income taxx") { name } } }'),
    ).toMatchObject([{ code: 'NOT_FOUND', detail: { path: 'name', suggestion: 'did you mean "income tax"?' } }])
  })
})
