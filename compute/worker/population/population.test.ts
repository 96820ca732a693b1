// A population on a fleet: its figures against slow definitions, and the same bits whatever the shards.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshStore, type TestStore } from '../../../test/support/database.ts'
import { expectedPopulation } from '../../../test/support/expected-population.ts'
import { type FleetOptions, openFleet, type TestFleet } from '../../../test/support/fleet.ts'
import { taxPopulation } from '../../../test/support/tax-population.ts'
import type { PopulationResult, Submission } from '../../dispatch/port.ts'

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
})
