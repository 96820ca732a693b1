// Questions about a population, asked as the gateway asks them, over a real PostgreSQL with workers that compute.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask, askForErrors, askRaw } from '../../test/support/ask.ts'
import { openFleet } from '../../test/support/fleet.ts'
import { usRules } from '../../test/support/tax-units.ts'
import {
  type Asked,
  CREATE,
  DATA_VERSION,
  expectedImpact,
  nearAll,
  openAsked,
  openParameters,
  RUN,
  RUN_POPULATION,
  topRate,
  topRateQuestion,
} from '../../test/support/top-rates.ts'

let asked: Asked
beforeAll(async () => {
  asked = await openAsked()
})
afterAll(() => asked?.fleet.close())

describe('Reform.populationRun', () => {
  it('computes on the fleet what the plain reference computes', async () => {
    await asked.create('to-the-cent')
    const result = await asked.settled(await asked.runOf('to-the-cent'))
    const wanted = (await expectedImpact([0.396])).result
    expect(result).toMatchObject({ kind: 'POPULATION', lanes: 1000, outputs: wanted.outputs, failed: [] })
    expect([...result.sums]).toEqual(nearAll([...wanted.sums]))
  })

  it('is the same run when asked again, and another for another year and other conventions', async () => {
    await asked.create('twice')
    const first = await asked.runOf('twice')
    expect(await asked.runOf('twice')).toBe(first)
    expect(await asked.runOf('twice', 2025)).not.toBe(first)
    const { reform } = await ask(
      asked.subgraph,
      '{ reform(id: "twice") { same: populationRun(options: { level: UNIT }) { id } other: populationRun(options: { step: 1000 }) { id } } }',
    )
    expect(reform.same.id).toBe(first)
    expect(reform.other.id).not.toBe(first)
  })

  it('is one run where one operation reaches it twice', async () => {
    await asked.create('once')
    const { reform } = await ask(
      asked.subgraph,
      '{ reform(id: "once") { a: populationRun { id } b: populationRun(year: 2026) { id } } }',
    )
    expect(reform.a).toEqual(reform.b)
  })

  it('shares the job of a reform with equal changes', async () => {
    await asked.create('shared-a')
    await asked.create('shared-b', 39.6, 'Other')
    const ids = [await asked.runOf('shared-a'), await asked.runOf('shared-b')]
    const [a, b] = await asked.fleet.dispatch.load('local', ids)
    expect(a!.inputHash).toBe(b!.inputHash)
    expect(a!.subject).toEqual({ type: 'Reform', id: 'shared-a' })
  })

  it('says what its result depends on', async () => {
    await asked.create('provenance')
    const [record] = await asked.fleet.dispatch.load('local', [await asked.runOf('provenance')])
    expect(record).toMatchObject({
      kind: 'POPULATION',
      lanes: 1000,
      provenance: {
        dataVersions: [`us-example-1000@${DATA_VERSION}`],
        parameterSnapshot: expect.stringMatching(/^[0-9a-f]{64}$/),
        ruleSet: `us-federal@${usRules().hash}`,
        options: { year: 2026, level: 'UNIT', povertyShare: 0.6, elasticity: null, groups: ['filing status'] },
      },
    })
  })

  it('is submitted anew after it was cancelled', async () => {
    const idle = await openFleet({ workers: 0 })
    try {
      const alone = await openParameters(idle)
      await alone.seed('local')
      await ask(alone, CREATE, { variables: { input: topRate('cancelled') } })
      const askAgain = async () =>
        (await ask(alone, RUN, { variables: { id: 'cancelled', year: 2026 } })).reform.populationRun.id
      const first = await askAgain()
      await idle.dispatch.cancel('local', first)
      expect(await askAgain()).not.toBe(first)
    } finally {
      await idle.close()
    }
  })

  it.each([
    ['a year before the rules', 'populationRun(year: 2021)', 'BAD_INPUT', 'year', /2022 to 2026/],
    ['a year after the rules', 'populationRun(year: 2027)', 'BAD_INPUT', 'year', /2022 to 2026/],
    ['an unknown population', 'populationRun(population: "us-example-100")', 'NOT_FOUND', 'population', /-1000/],
    ['unknown rules', 'populationRun(ruleSet: "us-federa")', 'NOT_FOUND', 'ruleSet', /us-federal/],
    [
      'households of units alone',
      'populationRun(options: { level: HOUSEHOLD })',
      'BAD_INPUT',
      'options.level',
      /units/,
    ],
    ['a step that is none', 'populationRun(options: { step: 0 })', 'BAD_INPUT', 'options.step', /number/],
    [
      'groups that there are not',
      'populationRun(options: { groups: ["state"] })',
      'BAD_INPUT',
      'options.groups',
      /filing/,
    ],
  ])('answers %s with a typed error and null, and the rest of the reform', async (_, field, code, path, suggestion) => {
    await asked.create('misasked')
    const { data, errors } = await askRaw(asked.subgraph, `{ reform(id: "misasked") { title ${field} { id } } }`)
    expect(data).toEqual({ reform: { title: 'Raise the top rate', populationRun: null } })
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['reform', 'populationRun'],
        extensions: { code, detail: expect.objectContaining({ path, suggestion: expect.stringMatching(suggestion) }) },
      }),
    ])
  })
})

describe('runPopulation', () => {
  it('runs several reforms in one pass, each with the figures that it has alone, to the bit', async () => {
    await asked.create('several-a', 39.6)
    await asked.create('several-b', 45)
    const options = { step: 1000, elasticity: 0.25 }
    const fields = `reforms { reform { id } budget { change } byProgramme { name baseline reform change } deciles { meanNetIncomeChange winnersShare }
      poverty { reform { rate gap } } inequality { reform { gini topShares } } marginalRates { reform decilesReform } behaviour { responseChange } }`
    const answer = async (reforms: string[]) => {
      const id = await asked.runPopulation({ reforms, options })
      await asked.settled(id)
      return (await asked.impactOf(id, fields)).reforms
    }
    const together = await answer(['several-a', 'several-b'])
    expect(together.map(({ reform }: Answer) => reform.id)).toEqual(['several-a', 'several-b'])
    expect(together).toEqual([...(await answer(['several-a'])), ...(await answer(['several-b']))])
    expect(together[1].budget.change).toBeGreaterThan(together[0].budget.change)
  })

  it('answers the law alone where no reform is named', async () => {
    const id = await asked.runPopulation({})
    await asked.settled(id)
    const impact = await asked.impactOf(
      id,
      'reform { id } reforms { budget { change } } budget { change } baseline { reform { id } budget { baseline reform change } poverty { measure baseline { rate } reform { rate } } }',
    )
    expect(impact).toMatchObject({ reform: null, reforms: [], budget: { change: 0 }, baseline: { reform: null } })
    const { budget, poverty } = impact.baseline
    expect(budget.reform).toBe(budget.baseline)
    expect(poverty.map(({ measure }: Answer) => measure)).toEqual(['RELATIVE', 'ANCHORED'])
    const [record] = await asked.fleet.dispatch.load('local', [id])
    expect(record!.subject).toEqual({ type: 'Population', id: 'us-example-1000' })
  })

  it('is the run of the reform where it is one', async () => {
    await asked.create('single')
    expect(await asked.runPopulation({ reforms: ['single'], year: 2026 })).toBe(await asked.runOf('single'))
  })

  it('has the same bits from one shard and from seven', async () => {
    const { plan, ...question } = await topRateQuestion([0.396, 0.45], { step: 1000, povertyLine: 20_000 })
    const hashes: (string | null)[] = []
    for (const shards of [1, 7]) {
      // Equal questions of one tenant would share the job.
      const common = { kind: 'POPULATION', subject: { type: 'Population', id: 'x' }, class: 'p0', shards } as const
      const tenant = `cut-in-${shards}`
      const { id } = await asked.fleet.dispatch.submit({
        ...question,
        ...common,
        tenant,
        plan: plan.plan,
        result: plan.spec,
      })
      await asked.fleet.dispatch.settled(tenant, id)
      const [run] = await asked.fleet.dispatch.load(tenant, [id])
      expect(run!.shardsTotal).toBe(shards)
      hashes.push(run!.resultHash)
    }
    expect(hashes[1]).toBe(hashes[0])
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
  })

  it('answers faults with the path of the input', async () => {
    await asked.create('faulty')
    const faultOf = async (input: Record<string, unknown>) =>
      (await askForErrors(asked.subgraph, RUN_POPULATION, { variables: { input } }))[0]
    expect(await faultOf({ reforms: ['faulty', 'no-such'] })).toMatchObject({
      code: 'NOT_FOUND',
      detail: { path: 'input.reforms.1' },
    })
    expect(await faultOf({ options: { povertyShare: 1.5 } })).toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'input.options.povertyShare' },
    })
    expect(await faultOf({ reforms: new Array(51).fill('faulty') })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { path: 'input.reforms', limit: 50 },
    })
  })
})
