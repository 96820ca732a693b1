// A population on a fleet: its figures against slow definitions, and the same bits whatever the shards.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshStore, type TestStore } from '../../../test/support/database.ts'
import { expectedPopulation } from '../../../test/support/expected-population.ts'
import { type FleetOptions, openFleet, type TestFleet } from '../../../test/support/fleet.ts'
import { TAX_POPULATION, taxPopulation } from '../../../test/support/tax-population.ts'
import type { PopulationResult, StoredColumn, Submission } from '../../dispatch/port.ts'
import { call, sum } from '../../model/build.ts'
import { lower } from '../../model/lowering/lower.ts'
import type { Variable } from '../../model/model.ts'
import type { Plan } from '../../model/plan.ts'

let database: TestStore
let fleet: TestFleet
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
})
afterEach(() => fleet?.close())
afterAll(() => database?.drop())

const open = async (options: FleetOptions = {}) => {
  fleet = await openFleet({ store: database.store, ...options })
  return fleet
}

/** More outputs for the population of taxes. */
function planWith(more: readonly Variable[] = []): Plan {
  const logarithm: Variable = { kind: 'auxiliary', name: 'logarithm', unit: '1', equation: call('log', 'income') }
  return lower({
    ...TAX_POPULATION,
    variables: [
      ...TAX_POPULATION.variables.filter(({ name }) => !more.some((v) => v.name === name)),
      logarithm,
      ...more,
    ],
    outputs: [...TAX_POPULATION.outputs, 'logarithm', 'income', 'persons'],
  })
}

/** Who is better off only with luck. */
const TAKE_UP: readonly Variable[] = [
  { kind: 'random', name: 'luck', unit: '1', distribution: { kind: 'uniform', min: 0, max: 1 } },
  {
    kind: 'auxiliary',
    name: 'wins',
    unit: '1',
    equation: call('and', call('lt', 0.005, 'change'), call('lt', 'luck', 0.7)),
  },
  {
    kind: 'auxiliary',
    name: 'net',
    unit: 'USD',
    equation: call('add', call('sub', 'income', 'tax'), call('mul', 'luck', 100)),
  },
]

/** Seconds of work for a million lanes. */
const SLOW: readonly Variable[] = [
  { kind: 'random', name: 'luck', unit: '1', distribution: { kind: 'uniform', min: 0, max: 1 } },
  {
    kind: 'auxiliary',
    name: 'wins',
    unit: '1',
    equation: sum(Array.from({ length: 20 }, (_, i) => call('gammaQuantile', 'luck', i + 1.5))),
  },
]

const bytesOf = (column: Float64Array) => new Uint8Array(column.buffer)

const answer = async (question: Submission) => {
  const run = await fleet.dispatch.submit(question)
  const result = (await fleet.dispatch.settled('local', run.id)) as PopulationResult
  const [record] = await fleet.dispatch.load('local', [run.id])
  return { result, record: record! }
}

/** Every number of a result by its place, so that two results can be compared with a tolerance. */
function numbersIn(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  const entries = ArrayBuffer.isView(value) ? [...(value as Float64Array)].entries() : Object.entries(value)
  return [...entries].flatMap(([key, inner]) => numbersIn(inner, `${path}.${key}`))
}

function expectClose(got: PopulationResult, wanted: PopulationResult): void {
  const theirs = numbersIn(wanted)
  const ours = new Map(numbersIn(got))
  expect([...ours.keys()]).toEqual(theirs.map(([path]) => path))
  const off = theirs.filter(([path, x]) => {
    const y = ours.get(path)!
    return !(Object.is(x, y) || Math.abs(x - y) <= 1e-11 * Math.max(Math.abs(x), Math.abs(y), 1e-3))
  })
  expect(off.map(([path, x]) => `${path}: ${ours.get(path)}, not ${x}`)).toEqual([])
}

describe('a population', () => {
  it.each([
    ['alone', 1000, { link: null }],
    ['in households', 1000, { link: 'household' }],
    ['of one', 1, { link: 'household' }],
    ['of more pieces than one', 9000, { link: null }],
    ['of more pieces than one, in households', 9000, { link: 'household' }],
  ] as const)('of units %s has the figures of their definitions', async (_, lanes, spec) => {
    await open()
    const question = taxPopulation(lanes, { spec })
    const { result } = await answer(question)
    expect(result.failed).toEqual([])
    expectClose(result, expectedPopulation(question))
  })

  it.each([
    [
      'without those below zero in its lowest groups',
      { ranks: { by: 'net', weight: 'people', count: 4, dropNegative: true } },
    ],
    ['in a hundred groups, most of them smaller than a run', { ranks: { by: 'income', weight: 'weight', count: 100 } }],
    ['of sums alone', { groups: [], ranks: null, ranked: [], distributions: [], poverty: [] }],
    ['by three ways of grouping', { groups: ['state', 'household', 'wins'] }],
    ['of lines alone', { sums: [], groups: [], ranks: null, ranked: [], distributions: [] }],
    [
      'ranked by what it is not distributed by',
      { ranks: { by: 'income', weight: 'weight', count: 5 }, link: 'household' },
    ],
  ] as const)('%s has the figures of their definitions', async (_, spec) => {
    await open()
    const question = taxPopulation(3000, { spec, shards: 3, plan: planWith() })
    const { result } = await answer(question)
    expectClose(result, expectedPopulation(question))
  })

  it('whose lanes draw numbers has the figures of their definitions, and one hash from any shards', async () => {
    await open()
    const hashes = new Set<string | null>()
    for (const shards of [1, 5]) {
      for (const link of [null, 'household']) {
        const question = taxPopulation(5000, {
          shards,
          tenant: `t${shards}`,
          seed: '77',
          plan: planWith(TAKE_UP),
          spec: { link },
        })
        const run = await fleet.dispatch.submit(question)
        const result = (await fleet.dispatch.settled(question.tenant, run.id)) as PopulationResult
        expectClose(result, expectedPopulation(question))
        hashes.add((await fleet.dispatch.load(question.tenant, [run.id]))[0]!.resultHash)
      }
    }
    expect(hashes.size).toBe(2)
  })

  it('has one hash from 1, 2, 7 and 64 shards', async () => {
    await open({ worker: { threads: 2 } })
    const hashes = new Map<string, string | null>()
    for (const link of [null, 'household']) {
      for (const shards of [1, 2, 7, 64]) {
        const question = taxPopulation(20_000, { shards, tenant: `t${shards}`, spec: { link } })
        const run = await fleet.dispatch.submit(question)
        await fleet.dispatch.settled(`t${shards}`, run.id)
        const [record] = await fleet.dispatch.load(`t${shards}`, [run.id])
        expect(record?.shardsTotal).toBe(shards)
        hashes.set(`${link} ${shards}`, record!.resultHash)
      }
    }
    expect(new Set(hashes.values()).size).toBe(2)
  })

  it('answers the same from columns that are stored already, and knows the question again', async () => {
    await open()
    const question = taxPopulation(2000)
    const stored: Record<string, StoredColumn> = {}
    for (const [name, column] of Object.entries(question.columns)) {
      stored[name] = { sha256: await fleet.dispatch.saveBlob('local', bytesOf(column)), length: column.length }
    }
    const { result, record } = await answer({ ...question, columns: stored })
    expectClose(result, expectedPopulation(question))
    const again = await answer(question)
    expect(again.record).toMatchObject({ cached: true, resultHash: record.resultHash, inputHash: record.inputHash })
  })

  it("refuses stored columns that are not there, are another tenant's, or are of another length", async () => {
    await open()
    const question = taxPopulation(100)
    const length = 100
    const income = await fleet.dispatch.saveBlob('other', bytesOf(question.columns['income']!))
    const short = await fleet.dispatch.saveBlob('local', bytesOf(new Float64Array(99)))
    const submitted = (column: StoredColumn) =>
      fleet.dispatch.submit({ ...question, columns: { ...question.columns, income: column } })
    await expect(submitted({ sha256: income, length })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(submitted({ sha256: short, length })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(submitted({ sha256: short, length: 99 })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('fails where a stored column is not finite', async () => {
    await open()
    const question = taxPopulation(100)
    const sha256 = await fleet.dispatch.saveBlob('local', bytesOf(new Float64Array(100).fill(Number.NaN, 40, 41)))
    const columns = { ...question.columns, income: { sha256, length: 100 } }
    const run = await fleet.dispatch.submit({ ...question, columns })
    await expect(fleet.dispatch.settled('local', run.id)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      detail: { index: 40 },
    })
  })

  it('stores of a shard what no other worker can do without, and computes the rest again where it is lost', async () => {
    // Not a byte is kept in memory for the merge.
    await open({ worker: { computedBytes: 1 } })
    const question = taxPopulation(6000, { shards: 3, spec: { link: 'household' } })
    const { result, record } = await answer(question)
    expectClose(result, expectedPopulation(question))
    const kept = await open()
    expect((await answer({ ...question, tenant: 'local' })).record.resultHash).toBe(record.resultHash)
    await kept.close()
  })

  it('reads the shards of others from the store where these are whole', async () => {
    const stored: number[] = []
    await open({
      worker: { computedBytes: 1 },
      wrap: (bus) => ({ ...bus, adapter: 'nats' }),
    })
    const bytes: TestFleet['store']['bytes'] = async (text, values) => {
      const rows = await fleet.store.bytes(text, values)
      if (text.includes('fleet.shard_result')) stored.push(rows[0]!.byteLength)
      return rows
    }
    const other = await fleet.startWorker({ store: { ...fleet.store, bytes } })
    const question = taxPopulation(6000, { shards: 6, spec: { link: 'household' } })
    const { result } = await answer(question)
    expectClose(result, expectedPopulation(question))
    await other.stop()
    for (const size of stored) expect(size).toBeGreaterThan(1000 * 8)
  })

  it('raises an alarm where a shard that is computed again has other bits', async () => {
    await open({ workers: 0 })
    // A job of one shard is merged without a look at what is stored.
    const query: TestFleet['store']['query'] = async (text, values) => {
      const rows = await fleet.store.query<{ sha256?: string }>(text, values)
      const tampered = rows.map((row) => (row.sha256 ? { ...row, sha256: 'other' } : row))
      return (text.includes('r.sha256') ? tampered : rows) as never[]
    }
    await fleet.startWorker({ store: { ...fleet.store, query } })
    const run = await fleet.dispatch.submit(taxPopulation(500, { shards: 2 }))
    await expect(fleet.dispatch.settled('local', run.id)).rejects.toMatchObject({ code: 'DETERMINISM_ALARM' })
  })

  it('is verified by computing it again', async () => {
    await open()
    const { record } = await answer(taxPopulation(2000, { shards: 2 }))
    const verification = await fleet.dispatch.verify('local', record.id)
    await fleet.dispatch.settled('local', verification.id)
    const [verified] = await fleet.dispatch.load('local', [verification.id])
    expect(verified).toMatchObject({ status: 'SUCCEEDED', resultHash: record.resultHash, cached: false })
  })

  it('is cancelled in the middle of its work, and the thread is free', async () => {
    await open()
    const run = await fleet.dispatch.submit(taxPopulation(1_000_000, { plan: planWith(SLOW), shards: 1 }))
    for await (const { data } of await fleet.bus.listen(`qz.ev.local.run.${run.id}.state`, 0))
      if (JSON.parse(new TextDecoder().decode(data)).status === 'RUNNING') break
    await fleet.dispatch.cancel('local', run.id)
    expect((await answer(taxPopulation(10))).record.status).toBe('SUCCEEDED')
    expect((await fleet.dispatch.load('local', [run.id]))[0]?.status).toBe('CANCELLED')
  })

  it('is asked with envelopes of less than 8 kB, whatever the spec', async () => {
    const sizes: number[] = []
    await open({
      wrap: (bus) => ({
        ...bus,
        enqueue: (subject, body, id) => {
          sizes.push(body.byteLength)
          return bus.enqueue(subject, body, id)
        },
      }),
    })
    const distributions = Array.from({ length: 60 }, () => ({ income: 'net', weight: 'people' }))
    await answer(taxPopulation(10, { spec: { distributions } }))
    expect(sizes[0]).toBeLessThan(8192)
  })
})

describe('an output that fails', () => {
  const SOUND = taxPopulation(3000, { plan: planWith() })
  const columnsWith = (name: string, lanes: Record<number, number>) => {
    const column = SOUND.columns[name]!.slice()
    for (const [lane, value] of Object.entries(lanes)) column[Number(lane)] = value
    return { ...SOUND.columns, [name]: column }
  }
  /** The result of 1 shard, which that of 5 has to equal. */
  const failing = async (more: Parameters<typeof taxPopulation>[1]) => {
    await open()
    const results: PopulationResult[] = []
    for (const shards of [1, 5]) {
      const question = taxPopulation(3000, { plan: planWith(), tenant: `t${shards}`, shards, ...more })
      const run = await fleet.dispatch.submit(question)
      results.push((await fleet.dispatch.settled(question.tenant, run.id)) as PopulationResult)
    }
    expect(results[1]).toEqual(results[0])
    return results[0]!
  }
  /** Paths of the figures that are NaN. */
  const spoilt = (result: PopulationResult) =>
    new Set(numbersIn(result).flatMap(([path, x]) => (Number.isNaN(x) ? [path.split('.').slice(1, 3).join('.')] : [])))

  it('that is not finite in some lanes has no figures, and all others have theirs', async () => {
    const sums = ['tax', 'logarithm', 'change']
    const result = await failing({ spec: { sums, ranked: ['logarithm', 'tax'] } })
    const losses = [...SOUND.columns['income']!].flatMap((x, lane) => (x <= 0 ? [lane] : []))
    expect(result.failed).toEqual([
      { output: 'logarithm', reason: 'NOT_A_NUMBER', lane: losses[0], count: losses.length },
    ])
    const whole = await failing({ spec: { sums: ['tax', 'change'], ranked: ['tax'] } })
    expect([...result.sums]).toEqual([whole.sums[0], NaN, whole.sums[1]])
    const [group, wholeGroup] = [result.groups[0]!, whole.groups[0]!]
    const n = group.codes.length
    expect([...group.sums]).toEqual([
      ...wholeGroup.sums.slice(0, n),
      ...new Array(n).fill(NaN),
      ...wholeGroup.sums.slice(n),
    ])
    expect([...result.ranks!.sums]).toEqual([...new Array(10).fill(NaN), ...whole.ranks!.sums])
    expect([result.distributions, result.poverty]).toEqual([whole.distributions, whole.poverty])
  })

  it.each<[string, string, Record<number, number>, string, readonly string[]]>([
    [
      'a weight below zero',
      'weight',
      { 700: -1, 2000: -3 },
      'NEGATIVE_WEIGHT',
      ['groups.0', 'ranks.sums', 'ranks.weight', 'sums.0', 'sums.1', 'sums.2', 'sums.3', 'weight'],
    ],
    ['a code that is none', 'state', { 700: 1.5, 2000: 4096 }, 'BAD_CODE', []],
    [
      'household numbers that fall',
      'household',
      { 700: -1, 2000: 0 },
      'OUT_OF_ORDER',
      [
        'distributions.0',
        'distributions.1',
        'households',
        'poverty.0',
        'poverty.1',
        'ranks.lanes',
        'ranks.least',
        'ranks.rankWeight',
        'ranks.sums',
        'ranks.weight',
      ],
    ],
  ])('for %s spoils what depends on it', async (_, name, lanes, reason, paths) => {
    // People weigh by themselves, so that one fault is one output's.
    const spec = {
      link: 'household',
      ranks: { by: 'net', weight: 'persons', count: 10 },
      distributions: [
        { income: 'net', weight: 'persons' },
        { income: 'reformed net', weight: 'persons' },
      ],
      poverty: [
        { income: 'net', weight: 'persons', line: { share: 0.6, of: 'net', weight: 'persons' } },
        { income: 'reformed net', weight: 'persons', line: { share: 0.6, of: 'net', weight: 'persons' } },
      ],
    }
    const result = await failing({ columns: columnsWith(name, lanes), spec })
    expect(result.failed).toEqual([{ output: name, reason, lane: 700, count: 2 }])
    expect([...spoilt(result)].sort()).toEqual(paths)
    if (name === 'state') expect(result.groups[0]).toMatchObject({ codes: [], lanes: new Float64Array() })
  })

  it('by being too large to be summed exactly is told so', async () => {
    const result = await failing({ columns: columnsWith('income', { 1500: 1e15 }), spec: { sums: ['income', 'wins'] } })
    expect(result.failed.map(({ output, reason, lane, count }) => [output, reason, lane, count])).toEqual([
      ['income', 'TOO_LARGE', 1500, 1],
      ['tax', 'TOO_LARGE', 1500, 1],
    ])
    expect([...result.sums].map(Number.isNaN)).toEqual([true, false])
  })

  it('as what groups are ranked by leaves sums and other incomes', async () => {
    const result = await failing({ spec: { ranks: { by: 'logarithm', weight: 'people', count: 10 } } })
    expect([...spoilt(result)].sort()).toEqual([
      'ranks.lanes',
      'ranks.least',
      'ranks.rankWeight',
      'ranks.sums',
      'ranks.weight',
    ])
  })

  it('in every lane is told with the first, and weights that are all 0 give sums of 0 and no means', async () => {
    const result = await failing({ columns: { ...SOUND.columns, weight: new Float64Array(3000) } })
    expect([result.weight, ...result.sums]).toEqual([0, 0, 0, 0, 0])
    expect(result.ranks!.lanes[0]).toBe(3000)
    expect([result.distributions[0]!.mean, result.distributions[0]!.gini, result.poverty[0]!.rate]).toEqual([
      NaN,
      NaN,
      NaN,
    ])
    expect(result.failed).toEqual([])
  })
})
