// Runs of risk and scenarios, asked as the gateway asks them, over a real PostgreSQL and a fleet of one worker.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { ask, askEntity } from '../../test/support/ask.ts'
import { type CountedStore, countSql } from '../../test/support/count-sql.ts'
import { openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { portfolios } from './subgraph.ts'

let fleet: TestFleet
let sql: CountedStore
let subgraph: Subgraph

beforeAll(async () => {
  fleet = await openFleet()
  sql = countSql(fleet.store)
  subgraph = await openSubgraph(portfolios, {
    store: sql.store,
    dispatch: fleet.dispatch,
    clock: systemClock,
    log: silentLog,
  })
  await subgraph.seed('local')
})
afterAll(() => fleet?.close())

const RISK = `risk { portfolioId currency asOf value horizonDays observations from to mean sd worst best
  conventions { quantileRule shortfallRule varianceRule meanRule horizonRule returnBasis }
  historical { method confidence valueAtRisk expectedShortfall } parametric { method confidence valueAtRisk expectedShortfall }
  components { instrument { id } value valueAtRisk incremental } findings { code } }`

/** Waits for a run of the fleet and reads its typed result. */
async function settledRisk(runId: string) {
  await fleet.dispatch.settled('local', runId)
  return (await askEntity(subgraph, { __typename: 'Run', id: runId }, RISK)).risk
}

describe('a run of risk', () => {
  it('gives historical and parametric figures with the conventions that held', async () => {
    const { portfolio } = await ask(
      subgraph,
      '{ portfolio(id: "balanced-demo") { value { value } riskRun(confidence: [0.95, 0.99]) { id } } }',
    )
    const risk = await settledRisk(portfolio.riskRun.id)
    expect(risk).toMatchObject({
      portfolioId: 'balanced-demo',
      currency: 'USD',
      asOf: '2024-12-31',
      horizonDays: 1,
      observations: 749,
      to: '2024-12-31',
      mean: 0,
      findings: [],
      conventions: {
        quantileRule: 'TYPE_7',
        shortfallRule: 'INCLUDING',
        varianceRule: 'SAMPLE',
        meanRule: 'ZERO',
        horizonRule: 'SQUARE_ROOT_OF_TIME',
        returnBasis: 'SIMPLE_PRICE_RETURN',
      },
    })
    expect(risk.value).toBeCloseTo(portfolio.value.value, 6)
    for (const columns of [risk.historical, risk.parametric]) {
      expect(columns.confidence).toEqual([0.95, 0.99])
      const [var95, var99] = columns.valueAtRisk
      // A daily figure of a balanced book: some per mille to a few per cent of its value.
      expect(var95 / risk.value).toBeGreaterThan(0.002)
      expect(var95 / risk.value).toBeLessThan(0.03)
      expect(var99).toBeGreaterThan(var95)
      columns.expectedShortfall.forEach(
        (es: number, i: number) => void expect(es).toBeGreaterThan(columns.valueAtRisk[i]),
      )
    }
    expect(risk.parametric.valueAtRisk[0]).toBeCloseTo(1.6448536269514722 * risk.sd, 6)
    for (const [i, total] of risk.parametric.valueAtRisk.entries()) {
      const sum = risk.components.reduce((all: number, c: { valueAtRisk: number[] }) => all + c.valueAtRisk[i]!, 0)
      expect(Math.abs(sum / total - 1)).toBeLessThan(1e-12)
    }
    expect(risk.components.at(-1)).toMatchObject({
      instrument: { id: 'usd-cash' },
      valueAtRisk: [0, 0],
      incremental: [0, 0],
    })
  })

  it('is the same run for the same question, and another for another', async () => {
    const idOf = async (args: string) =>
      (await ask(subgraph, `{ portfolio(id: "balanced-demo") { riskRun${args} { id } } }`)).portfolio.riskRun.id
    const first = await idOf('(confidence: 0.9)')
    expect(await idOf('(confidence: [0.9])')).toBe(first)
    expect(await idOf('(confidence: 0.9, meanRule: SAMPLE_MEAN)')).not.toBe(first)
    expect(await idOf('(confidence: 0.9, asOf: "2024-06-28")')).not.toBe(first)
  })

  it('over ten days by overlapping windows says that they overlap', async () => {
    const { portfolio } = await ask(
      subgraph,
      '{ portfolio(id: "balanced-demo") { riskRun(horizonDays: 10, horizonRule: OVERLAPPING_RETURNS, window: 250) { id } } }',
    )
    const risk = await settledRisk(portfolio.riskRun.id)
    expect(risk).toMatchObject({
      observations: 250,
      horizonDays: 10,
      conventions: { horizonRule: 'OVERLAPPING_RETURNS' },
    })
    expect(risk.findings).toEqual([{ code: 'OVERLAPPING' }])
  })

  it('verified gives the same figures', async () => {
    const { portfolio } = await ask(subgraph, '{ portfolio(id: "balanced-demo") { riskRun { id } } }')
    const first = await settledRisk(portfolio.riskRun.id)
    const again = await fleet.dispatch.verify('local', portfolio.riskRun.id)
    expect(again.id).not.toBe(portfolio.riskRun.id)
    expect(await settledRisk(again.id)).toEqual(first)
  })

  it('has no typed result where the run is of another kind, unknown, or of another tenant', async () => {
    expect(await askEntity(subgraph, { __typename: 'Run', id: 'none' }, RISK)).toEqual({ risk: null })
    const { portfolio } = await ask(subgraph, '{ portfolio(id: "balanced-demo") { riskRun { id } } }')
    await fleet.dispatch.settled('local', portfolio.riskRun.id)
    expect(
      await askEntity(subgraph, { __typename: 'Run', id: portfolio.riskRun.id }, RISK, { tenant: 'other' }),
    ).toEqual({ risk: null })
  })
})

describe('what a scenario gains', () => {
  const scenario = (gdp: number[], more: object = {}) => ({
    __typename: 'Scenario',
    id: 'sc-1',
    portfolio: { __typename: 'Portfolio', id: 'balanced-demo' },
    macroPath: {
      times: gdp.map((_, i) => i / 4),
      columns: [
        { variable: 'gdp', unit: 'percent', baseline: gdp.map(() => 0), scenario: gdp },
        { variable: 'consumption', unit: 'percent', baseline: gdp.map(() => 0), scenario: gdp },
        {
          variable: 'unemployment_rate',
          unit: 'percent',
          baseline: gdp.map(() => 4),
          scenario: gdp.map((x) => 4 - x / 2),
        },
      ],
    },
    ...more,
  })
  const IMPACT = `portfolioImpact { mode portfolioId currency asOf baseline times value loss changePct standardError maxLoss maxLossTime
    assumptions { instrument { id } factor { variable beta standardError assumed } } positions { baseline values instrument { id } } findings { code path } }`

  it('is its portfolio revalued along the path, position by position', async () => {
    const { portfolioImpact: impact } = await askEntity(subgraph, scenario([0, -1, -3, -2]), IMPACT)
    expect(impact).toMatchObject({
      mode: 'FACTOR_STRESS',
      portfolioId: 'balanced-demo',
      times: [0, 0.25, 0.5, 0.75],
      maxLossTime: 0.5,
      findings: [],
    })
    expect(impact.value[0]).toBe(impact.baseline)
    expect(impact.loss[0]).toBe(0)
    expect(impact.maxLoss).toBe(impact.loss[2])
    expect(impact.loss[2]).toBeGreaterThan(0)
    expect(impact.standardError[2]).toBeGreaterThan(0)
    expect(impact.changePct[2]).toBeCloseTo((-100 * impact.loss[2]) / impact.baseline, 9)
    expect(impact.assumptions[0]).toEqual({
      instrument: { id: 'us-equity' },
      factor: { variable: 'gdp', beta: 0.025, standardError: 0.01, assumed: true },
    })
    const sum = impact.positions.reduce((total: number, p: { values: number[] }) => total + p.values[2]!, 0)
    expect(sum).toBeCloseTo(impact.value[2], 6)
    const equity = impact.positions.find((p: { instrument: { id: string } }) => p.instrument.id === 'us-equity')
    expect(equity.values[2] / equity.baseline).toBeCloseTo(1 - 3 * 0.025, 12)
  })

  it('loses nothing where the path is its baseline, bit for bit', async () => {
    const { portfolioImpact: impact } = await askEntity(subgraph, scenario([0, 0]), IMPACT)
    expect(impact).toMatchObject({
      value: [impact.baseline, impact.baseline],
      loss: [0, 0],
      standardError: [0, 0],
      maxLoss: 0,
    })
  })

  it('is the risk of the stressed book at a time of the path, through the fleet', async () => {
    const run = async (args: string) =>
      (await askEntity(subgraph, scenario([0, -10]), `portfolioRun${args} { id }`)).portfolioRun.id
    const [before, after] = await Promise.all([settledRisk(await run('(at: 0)')), settledRisk(await run(''))])
    expect(after.value).toBeLessThan(before.value)
    expect(after.parametric.valueAtRisk[0]).toBeLessThan(before.parametric.valueAtRisk[0])
    await expect(askEntity(subgraph, scenario([0, -10]), 'portfolioRun(at: 9) { id }')).rejects.toThrow(
      /the path goes from year 0 to 0.25/,
    )
  })

  it('is a run of its own where the path is its baseline, computed with that of the portfolio', async () => {
    const { portfolio } = await ask(subgraph, '{ portfolio(id: "balanced-demo") { riskRun { id } } }')
    const { portfolioRun } = await askEntity(subgraph, scenario([0]), 'portfolioRun { id }')
    expect((await askEntity(subgraph, scenario([0]), 'portfolioRun { id }')).portfolioRun).toEqual(portfolioRun)
    expect(portfolioRun.id).not.toBe(portfolio.riskRun.id)
    await Promise.all([portfolioRun, portfolio.riskRun].map(({ id }) => fleet.dispatch.settled('local', id)))
    const [own, shared] = await fleet.dispatch.load('local', [portfolioRun.id, portfolio.riskRun.id])
    expect(own?.subject).toEqual({ type: 'Scenario', id: 'sc-1' })
    expect(own?.resultHash).toBe(shared?.resultHash)
  })

  it('is null where it names no portfolio or has no path', async () => {
    const nothing = { portfolioImpact: null, portfolioRun: null }
    expect(await askEntity(subgraph, scenario([0], { portfolio: null }), `${IMPACT} portfolioRun { id }`)).toEqual(
      nothing,
    )
    expect(await askEntity(subgraph, scenario([0], { macroPath: null }), `${IMPACT} portfolioRun { id }`)).toEqual(
      nothing,
    )
  })

  it('costs as many statements for three scenarios as for one', async () => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Scenario { ${IMPACT} } } }`
    const statements = async (of: object[]) => {
      sql.take()
      await ask(subgraph, query, { variables: { of } })
      return sql.take().length
    }
    const one = await statements([scenario([0, -1])])
    expect(await statements([scenario([0, -1]), scenario([0, -2]), scenario([-3])])).toBe(one)
  })

  it('is refused for a portfolio that is not there', async () => {
    await expect(askEntity(subgraph, scenario([0], { portfolio: { id: 'none' } }), IMPACT)).rejects.toThrow(/NOT_FOUND/)
  })
})
