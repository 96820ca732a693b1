// The rule of admission, held to what deficit round robin promises: shares, bounds, and no place left empty.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deal, type Flow, LEAST_SECONDS, QUANTUM_SECONDS } from './deal.ts'

interface Named extends Flow {
  readonly name: number
}

const cost = fc.double({ min: 0, max: 2, noNaN: true })
const weight = fc.constantFrom(0.5, 1, 3, 8)
const flow = fc.record({
  weight,
  deficit: fc.double({ min: 0, max: 0.5, noNaN: true }),
  costs: fc.array(cost, { minLength: 1, maxLength: 40 }),
  room: fc.nat(40),
  whole: fc.boolean(),
})
const flows = fc
  .array(flow, { minLength: 1, maxLength: 8 })
  .map((all): Named[] => all.map((one, name) => ({ ...one, name })))

/** Of a flow that never ends: its costs go round, and each deal sees the next fifty. */
class Endless {
  sent = 0
  seconds = 0
  deficit = 0
  readonly weight: number
  readonly #costs: readonly number[]

  constructor(weight: number, costs: readonly number[]) {
    this.weight = weight
    this.#costs = costs
  }

  costAt(n: number): number {
    return Math.max(LEAST_SECONDS, this.#costs[n % this.#costs.length]!)
  }

  flow(name: number): Named {
    const costs = Array.from({ length: 50 }, (_, i) => this.costAt(this.sent + i))
    return { name, weight: this.weight, deficit: this.deficit, costs, room: 50, whole: false }
  }
}

/** Deals the rooms one after another among flows that never end; `watch` sees the state after each, and true from it ends the dealing. */
function dealOn(all: readonly Endless[], rooms: readonly number[], watch: () => boolean = () => false): number[] {
  let ring = all.map((_, name) => name)
  const sequence: number[] = []
  for (const room of rooms) {
    const dealt = deal(
      ring.map((name) => all[name]!.flow(name)),
      room,
    )
    for (const { name } of dealt.order) {
      const one = all[name]!
      one.seconds += one.costAt(one.sent++)
      sequence.push(name)
    }
    for (const {
      flow: { name },
      deficit,
    } of dealt.ring)
      all[name]!.deficit = deficit
    ring = dealt.ring.map(({ flow: { name } }) => name)
    if (watch()) break
  }
  return sequence
}

const endless = fc
  .array(fc.tuple(weight, fc.array(fc.double({ min: 0.002, max: 0.5, noNaN: true }), { minLength: 1, maxLength: 5 })), {
    minLength: 2,
    maxLength: 6,
  })
  .map((all) =>
    Object.assign(() => all.map(([w, costs]) => new Endless(w, costs)), { toString: () => JSON.stringify(all) }),
  )
const rooms = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 60 })

describe('deal', () => {
  it('leaves no place empty while a shard could have it, and lets nobody beyond its own cap', () => {
    fc.assert(
      fc.property(flows, fc.nat(200), (all, room) => {
        const { order, ring } = deal(all, room)
        const open = all.reduce((sum, one) => sum + Math.min(one.costs.length, one.room), 0)
        expect(order.length).toBe(Math.min(room, open))
        for (const one of all) {
          const count = order.filter((other) => other === one).length
          expect(count).toBeLessThanOrEqual(Math.min(one.costs.length, one.room))
          expect(ring.find((dealt) => dealt.flow === one)?.count).toBe(count)
        }
      }),
    )
  })

  it('keeps every flow in the ring once, with a deficit from 0 to its quantum and its dearest shard', () => {
    fc.assert(
      fc.property(flows, fc.nat(200), (all, room) => {
        const { ring } = deal(all, room)
        expect(ring.map((dealt) => dealt.flow.name).sort((a, b) => a - b)).toEqual(all.map(({ name }) => name))
        for (const { flow: one, deficit } of ring) {
          expect(deficit).toBeGreaterThanOrEqual(0)
          const most = Math.max(one.deficit, QUANTUM_SECONDS * one.weight + Math.max(LEAST_SECONDS, ...one.costs))
          expect(deficit).toBeLessThanOrEqual(most + 1e-9)
        }
      }),
    )
  })

  it('bounds the deficits of flows that never end, however long it goes on', () => {
    fc.assert(
      fc.property(endless, rooms, (make, all) => {
        const state = make()
        dealOn(state, all, () => {
          for (const one of state) expect(one.deficit).toBeLessThanOrEqual(QUANTUM_SECONDS * one.weight + 0.5 + 1e-9)
          return false
        })
      }),
    )
  })

  it('gives flows that always wait seconds in proportion to their weights, but for a quantum and a shard of each', () => {
    fc.assert(
      fc.property(endless, rooms, (make, all) => {
        const state = make()
        dealOn(state, all, () => {
          for (const a of state)
            for (const b of state) {
              const apart = a.seconds / a.weight - b.seconds / b.weight
              expect(apart).toBeLessThanOrEqual(
                2 * QUANTUM_SECONDS + (2 * 0.5) / a.weight + (2 * 0.5) / b.weight + 1e-9,
              )
            }
          return false
        })
      }),
    )
  })

  it('lets nobody wait longer than its share: before a shard goes, the others have had no more than theirs', () => {
    fc.assert(
      fc.property(endless, fc.integer({ min: 1, max: 8 }), (make, room) => {
        const state = make()
        const last = state.at(-1)!
        // What the others may have had when the last one's first shard goes: their weights' part of its cost, a round more and a shard each.
        const rounds = Math.ceil(last.costAt(0) / (QUANTUM_SECONDS * last.weight)) + 1
        const most = state.slice(0, -1).reduce((sum, one) => sum + rounds * QUANTUM_SECONDS * one.weight + 0.5, 0)
        const others = () => state.slice(0, -1).reduce((sum, one) => sum + one.seconds, 0)
        dealOn(state, new Array<number>(100_000).fill(room), () => {
          if (last.sent > 0) return true
          expect(others()).toBeLessThanOrEqual(most + 1e-9)
          return false
        })
        expect(last.sent).toBeGreaterThan(0)
      }),
      { numRuns: 30 },
    )
  })

  it('deals in many small rooms as it does in a large one', () => {
    fc.assert(
      fc.property(endless, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }), (make, all) => {
        const total = all.reduce((sum, one) => sum + one, 0)
        expect(dealOn(make(), all)).toEqual(dealOn(make(), [total]))
      }),
    )
  })

  it('takes one from each of two equal flows in turn where a shard is a turn', () => {
    const one = (name: number): Named => ({
      name,
      weight: 1,
      deficit: 0,
      costs: [0.02, 0.02, 0.02],
      room: 3,
      whole: true,
    })
    expect(deal([one(0), one(1)], 6).order.map(({ name }) => name)).toEqual([0, 1, 0, 1, 0, 1])
  })

  it('forgets the deficit of a flow that is empty', () => {
    const { ring } = deal([{ weight: 8, deficit: 0, costs: [0.01], room: 5, whole: true }], 5)
    expect(ring).toMatchObject([{ count: 1, deficit: 0 }])
  })

  it('admits a shard at once that going round would not reach before the test is given up', () => {
    expect(deal([{ weight: 1, deficit: 0, costs: [1e15], room: 1, whole: true }], 1).order).toHaveLength(1)
  })

  it('deals nothing among nobody, without room, or where every cap is reached', () => {
    expect(deal([], 5)).toEqual({ order: [], ring: [] })
    const full: Flow = { weight: 1, deficit: 0, costs: [1], room: 0, whole: true }
    expect(deal([full], 5).order).toEqual([])
    expect(deal([{ ...full, room: 1 }], -3).order).toEqual([])
  })
})
