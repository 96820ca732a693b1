// Runs over a population, asked as the gateway asks them, over a real PostgreSQL with workers that compute.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lower } from '../../compute/model/lowering/lower.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { type Answer, ask, askEntity, askForErrors, askRaw } from '../../test/support/ask.ts'
import { countSql } from '../../test/support/count-sql.ts'
import { openFleet, type TestFleet, taxes } from '../../test/support/fleet.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { lawOn, reformedOn } from './rules/overlay.ts'
import { populationHash } from './rules/population/population-hash.ts'
import { EXAMPLE_POPULATION_ID, shippedPopulation } from './rules/population/shipped.ts'
import { derivePopulationImpact, netTaxChangeFraction } from './rules/population-impact.ts'
import { buildSlice, sliceInputs } from './rules/us-federal-slice/model.ts'
import { ParametersStore } from './store.ts'
import { parameters } from './subgraph.ts'

let fleet: TestFleet
let subgraph: Subgraph

const TOP_RATE = 'us.federal.income_tax.brackets.7.rate'

beforeAll(async () => {
  fleet = await openFleet()
  subgraph = await openSubgraph(parameters, {
    store: fleet.store,
    dispatch: fleet.dispatch,
    clock: systemClock,
    log: silentLog,
  })
  await subgraph.seed('local')
})
afterAll(() => fleet.close())

const CREATE = 'mutation ($input: CreateReformInput!) { createReform(input: $input) { reform { id } } }'

/** The law with a top rate of 39.6 per cent, or another, from 2026 on. */
const topRate = (id: string, value = 39.6, title = 'Raise the top rate') => ({
  id,
  title,
  changes: [{ parameter: TOP_RATE, from: '2026', value, unit: 'percent' }],
})
const create = (id: string, value?: number, title?: string) =>
  ask(subgraph, CREATE, { variables: { input: topRate(id, value, title) } })

const example = shippedPopulation(EXAMPLE_POPULATION_ID)!
const columns = await example.make([])
const dataVersion = populationHash(columns)
/** Columns by the names that the rules have for them: `wages[head]` is wages_head. */
const sliceColumns = Object.fromEntries(
  Object.entries(columns).map(([name, values]) => [name.replace(/[ [\]]+/g, '_').replace(/_$/, ''), values]),
)

/** What the run must give: the interpreter's lanes of the same question. */
function expectedLanes(tree: Parameters<typeof lawOn>[0], values: number[], year = 2026) {
  const plan = lower(buildSlice())
  const law = lawOn(tree, `${year}-01-01`)
  const change = { parameter: TOP_RATE, from: '2026-01-01', to: null, values }
  const inputs = sliceInputs(law, reformedOn(law, [change], `${year}-01-01`))
  const range = { from: 0, to: example.units }
  const { values: lanes } = interpret({ plan, inputs, series: {} }, sliceColumns, range, '0')
  return { kind: 'LANES' as const, outputs: plan.outputs, times: [0], lanes: example.units, values: lanes }
}

async function shippedTree() {
  const store = await ParametersStore.open(fleet.store)
  return (await store.fullTrees('local', ['us-federal']))[0]!
}

const RUN = `query ($id: ID!, $year: Int!) { reform(id: $id) { populationRun(year: $year) { id } } }`
const IMPACT = `year units weightsTotal budget { programme baseline reform change unit } byProgramme { programme baseline reform change }
  deciles { decile weight meanWages meanNetTaxBaseline meanNetTaxChange meanNetIncomeChange winnersShare losersShare unit }
  winners { weight share meanChange } losers { weight share meanChange } reform { id } population { id units dataVersion }`

const runOf = async (id: string, year = 2026) =>
  (await ask(subgraph, RUN, { variables: { id, year } })).reform.populationRun.id as string

describe('Reform.populationRun', () => {
  it('computes on the fleet what the interpreter computes, to the bit', async () => {
    await create('to-the-bit')
    const result = await fleet.dispatch.settled('local', await runOf('to-the-bit'))
    const wanted = expectedLanes(await shippedTree(), [0.396])
    expect(result).toMatchObject({
      kind: 'LANES',
      lanes: 1000,
      outputs: wanted.outputs.map(({ name, unit }) => ({ name, unit })),
    })
    expect((result as typeof wanted).values).toEqual(wanted.values)
  })

  it('is the same run when asked again, and another for another year', async () => {
    await create('twice')
    const first = await runOf('twice')
    expect(await runOf('twice')).toBe(first)
    expect(await runOf('twice', 2025)).not.toBe(first)
  })

  it('is one run where one operation reaches it twice', async () => {
    await create('once')
    const { reform } = await ask(
      subgraph,
      '{ reform(id: "once") { a: populationRun { id } b: populationRun(year: 2026) { id } } }',
    )
    expect(reform.a).toEqual(reform.b)
  })

  it('shares the job of a reform with equal changes', async () => {
    await create('shared-a')
    await create('shared-b', 39.6, 'Other')
    const ids = [await runOf('shared-a'), await runOf('shared-b')]
    const [a, b] = await fleet.dispatch.load('local', ids)
    expect(a!.inputHash).toBe(b!.inputHash)
    expect(a!.subject).toEqual({ type: 'Reform', id: 'shared-a' })
  })

  it('says what its result depends on', async () => {
    await create('provenance')
    const [record] = await fleet.dispatch.load('local', [await runOf('provenance')])
    expect(record).toMatchObject({
      kind: 'POPULATION',
      lanes: 1000,
      provenance: {
        dataVersions: [`us-example-1000@${dataVersion}`],
        parameterSnapshot: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    })
  })

  it('is submitted anew after it was cancelled', async () => {
    await create('cancelled', 41.23)
    const idle = await openFleet({ workers: 0 })
    try {
      const alone = await openSubgraph(parameters, {
        store: idle.store,
        dispatch: idle.dispatch,
        clock: systemClock,
        log: silentLog,
      })
      await alone.seed('local')
      await ask(alone, CREATE, { variables: { input: topRate('cancelled') } })
      const ask2 = async () =>
        (await ask(alone, RUN, { variables: { id: 'cancelled', year: 2026 } })).reform.populationRun.id
      const first = await ask2()
      await idle.dispatch.cancel('local', first)
      expect(await ask2()).not.toBe(first)
    } finally {
      await idle.close()
    }
  })

  it.each([
    ['a year before the rules', 'populationRun(year: 2021)', 'BAD_INPUT', 'year', /2022 to 2026/],
    ['a year after the rules', 'populationRun(year: 2027)', 'BAD_INPUT', 'year', /2022 to 2026/],
    [
      'an unknown population',
      'populationRun(population: "us-example-100")',
      'NOT_FOUND',
      'population',
      /us-example-1000/,
    ],
  ])('answers %s with a typed error and null, and the rest of the reform', async (_, field, code, path, suggestion) => {
    await create('misasked')
    const { data, errors } = await askRaw(subgraph, `{ reform(id: "misasked") { title ${field} { id } } }`)
    expect(data).toEqual({ reform: { title: 'Raise the top rate', populationRun: null } })
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['reform', 'populationRun'],
        extensions: { code, detail: expect.objectContaining({ path, suggestion: expect.stringMatching(suggestion) }) },
      }),
    ])
  })
})

describe('Run.populationImpact', () => {
  it('is what the pure rules derive from the lanes', async () => {
    await create('impact')
    const id = await runOf('impact')
    await fleet.dispatch.settled('local', id)
    const { populationImpact } = await askEntity(subgraph, { __typename: 'Run', id }, `populationImpact { ${IMPACT} }`)
    const wanted = derivePopulationImpact(expectedLanes(await shippedTree(), [0.396]))
    expect(populationImpact).toEqual({
      year: 2026,
      units: 1000,
      weightsTotal: wanted.weight,
      budget: { ...wanted.budget, unit: 'USD/year' },
      byProgramme: wanted.byProgramme,
      deciles: { ...wanted.deciles, unit: 'USD/year' },
      winners: wanted.winners,
      losers: wanted.losers,
      reform: { id: 'impact' },
      population: { id: 'us-example-1000', units: 1000, dataVersion },
    })
    expect(populationImpact.budget.change).toBeGreaterThan(1e9)
    expect(populationImpact.losers.meanChange).toBeLessThan(0)
    expect(populationImpact.deciles.losersShare.slice(0, 9)).toEqual(Array(9).fill(0))
  })

  it('is that of the verified run for a verification', async () => {
    await create('verified')
    const id = await runOf('verified')
    await fleet.dispatch.settled('local', id)
    const again = await fleet.dispatch.verify('local', id)
    await fleet.dispatch.settled('local', again.id)
    const impactOf = (run: string) =>
      askEntity(subgraph, { __typename: 'Run', id: run }, 'populationImpact { year budget { change } reform { id } }')
    expect(await impactOf(again.id)).toEqual(await impactOf(id))
  })

  it('is null for a run that is not finished, of another subgraph, or unknown', async () => {
    const idle = await openFleet({ workers: 0 })
    try {
      const alone = await openSubgraph(parameters, {
        store: idle.store,
        dispatch: idle.dispatch,
        clock: systemClock,
        log: silentLog,
      })
      await alone.seed('local')
      await ask(alone, CREATE, { variables: { input: topRate('waiting') } })
      const { reform } = await ask(alone, RUN, { variables: { id: 'waiting', year: 2026 } })
      const entity = { __typename: 'Run', id: reform.populationRun.id }
      expect(await askEntity(alone, entity, 'populationImpact { year }')).toEqual({ populationImpact: null })
    } finally {
      await idle.close()
    }
    const other = await fleet.dispatch.submit(taxes(100))
    await fleet.dispatch.settled('local', other.id)
    for (const id of [other.id, 'no-such-run'])
      expect(await askEntity(subgraph, { __typename: 'Run', id }, 'id populationImpact { year }')).toEqual({
        id,
        populationImpact: null,
      })
  })
})

describe('Scenario.netTaxChange', () => {
  const scenario = (reform: string | null, year = 2026) => ({
    __typename: 'Scenario',
    id: 'sc-1',
    year,
    reform: reform === null ? null : { __typename: 'Reform', id: reform },
  })

  it('is the change of net taxes by the reform, as a fraction, when the run is done', async () => {
    await create('net')
    const { netTaxChange, populationRun } = await askEntity(
      subgraph,
      scenario('net'),
      'populationRun { id } netTaxChange { fraction resultHash units }',
    )
    const [record] = await fleet.dispatch.load('local', [populationRun.id])
    expect(record?.status).toBe('SUCCEEDED')
    expect(netTaxChange).toEqual({
      fraction: netTaxChangeFraction(expectedLanes(await shippedTree(), [0.396])),
      resultHash: record?.resultHash,
      units: 1000,
    })
    expect(netTaxChange.fraction).toBeGreaterThan(0)
  })

  it('is 0 in a year before the reform starts', async () => {
    await create('later')
    const { netTaxChange } = await askEntity(subgraph, scenario('later', 2025), 'netTaxChange { fraction }')
    expect(netTaxChange.fraction).toBe(0)
  })

  it('is null without a reform, and so is the run', async () => {
    expect(await askEntity(subgraph, scenario(null), 'netTaxChange { fraction } populationRun { id }')).toEqual({
      netTaxChange: null,
      populationRun: null,
    })
  })

  it('is the run that the reform itself has', async () => {
    await create('one-run')
    const { populationRun } = await askEntity(subgraph, scenario('one-run'), 'populationRun { id }')
    expect(populationRun.id).toBe(await runOf('one-run'))
  })

  it('costs as many queries for three scenarios as for one', async () => {
    const counted = countSql(fleet.store)
    const counting = await openSubgraph(parameters, {
      store: counted.store,
      dispatch: fleet.dispatch,
      clock: systemClock,
      log: silentLog,
    })
    const ids = ['list-a', 'list-b', 'list-c']
    for (const [i, id] of ids.entries()) await create(id, 40 + i)
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
    const errorsOf = (representation: unknown) => askForErrors(subgraph, query, { variables: { of: [representation] } })
    await create('early')
    expect(await errorsOf(scenario('no-such-reform'))).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', detail: expect.objectContaining({ path: 'reform' }) }),
    ])
    expect(await errorsOf(scenario('early', 2020))).toEqual([
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path: 'year' }) }),
    ])
  })
})
