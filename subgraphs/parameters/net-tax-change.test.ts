// The change in net taxes that a scenario takes from a run over a population.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask, askEntity, askForErrors } from '../../test/support/ask.ts'
import { countSql } from '../../test/support/count-sql.ts'
import { type Asked, expectedImpact, openAsked, openParameters } from '../../test/support/top-rates.ts'

let asked: Asked
beforeAll(async () => {
  asked = await openAsked()
})
afterAll(() => asked?.fleet.close())

describe('Scenario.netTaxChange', () => {
  const scenario = (reform: string | null, year = 2026) => ({
    __typename: 'Scenario',
    id: 'sc-1',
    year,
    reform: reform === null ? null : { __typename: 'Reform', id: reform },
  })

  it('is the change of income and payroll tax by the reform, as a fraction, when the run is done', async () => {
    await asked.create('net')
    const { netTaxChange, populationRun } = await askEntity(
      asked.subgraph,
      scenario('net'),
      'populationRun { id } netTaxChange { fraction resultHash units }',
    )
    const [record] = await asked.fleet.dispatch.load('local', [populationRun.id])
    expect(record?.status).toBe('SUCCEEDED')
    const { impact } = await expectedImpact([0.396])
    expect(netTaxChange).toEqual({
      fraction: expect.closeTo(impact.netTaxChangeFraction as number, 14),
      resultHash: record?.resultHash,
      units: 1000,
    })
    expect(netTaxChange.fraction).toBeGreaterThan(0)
  })

  it('is 0 in a year before the reform starts', async () => {
    await asked.create('later')
    const { netTaxChange } = await askEntity(asked.subgraph, scenario('later', 2025), 'netTaxChange { fraction }')
    expect(netTaxChange.fraction).toBe(0)
  })

  it('is null without a reform, and so is the run', async () => {
    expect(await askEntity(asked.subgraph, scenario(null), 'netTaxChange { fraction } populationRun { id }')).toEqual({
      netTaxChange: null,
      populationRun: null,
    })
  })

  it('is the run that the reform itself has', async () => {
    await asked.create('one-run')
    const { populationRun } = await askEntity(asked.subgraph, scenario('one-run'), 'populationRun { id }')
    expect(populationRun.id).toBe(await asked.runOf('one-run'))
  })

  it('costs as many queries for three scenarios as for one', async () => {
    const counted = countSql(asked.fleet.store)
    const counting = await openParameters(asked.fleet, counted.store)
    const ids = ['list-a', 'list-b', 'list-c']
    for (const [i, id] of ids.entries()) await asked.create(id, 40 + i)
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Scenario { netTaxChange { fraction } } } }`
    const askAbout = async (reforms: string[]) => {
      const { _entities } = await ask(counting, query, { variables: { of: reforms.map((id) => scenario(id)) } })
      return { changes: _entities.map((e: Answer) => e.netTaxChange.fraction), queries: counted.take().length }
    }
    await askAbout(ids)
    const [one, three] = [await askAbout(['list-a']), await askAbout(ids)]
    expect(three.queries).toBe(one.queries)
    expect(three.changes).toEqual([...three.changes].sort((a, b) => a - b))
    expect(new Set(three.changes).size).toBe(3)
  })

  it('answers an unknown reform and a year without rules with typed errors', async () => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Scenario { netTaxChange { fraction } } } }`
    const errorsOf = (representation: unknown) =>
      askForErrors(asked.subgraph, query, { variables: { of: [representation] } })
    await asked.create('early')
    expect(await errorsOf(scenario('no-such-reform'))).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', detail: expect.objectContaining({ path: 'reform' }) }),
    ])
    expect(await errorsOf(scenario('early', 2020))).toEqual([
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path: 'year' }) }),
    ])
  })
})
