// Shards: where the lanes are cut, and how many shards there are.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ensemble, taxes, toiling } from '../../test/support/fleet.ts'
import { op, planOf, STAGES } from '../../test/support/plans.ts'
import { households } from '../../test/support/population.ts'
import type { Plan } from '../model/plan.ts'
import { costMs, cutLanes, MAX_SHARD_CELLS, MAX_SHARDS, shardCount } from './shards.ts'

describe('cutLanes', () => {
  it('covers every lane once, in order, and begins each shard at a multiple of 64', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 5000 }), (lanes, count) => {
        const ranges = cutLanes(lanes, count)
        const edges = [0, ...ranges.map(({ to }) => to)]
        expect(ranges.map(({ from }) => from)).toEqual(edges.slice(0, -1))
        expect(edges.at(-1)).toBe(lanes)
        expect(ranges.filter(({ from, to }) => from % 64 !== 0 || to <= from)).toEqual([])
        const sizes = ranges.map(({ from, to }) => Math.ceil((to - from) / 64))
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('makes one shard of one lane', () => {
    expect(cutLanes(1, 1)).toEqual([{ from: 0, to: 1 }])
  })

  it('collapses more shards than blocks of 64 lanes to one shard per block', () => {
    expect(cutLanes(130, 16)).toEqual([
      { from: 0, to: 64 },
      { from: 64, to: 128 },
      { from: 128, to: 130 },
    ])
  })

  it('makes no shards of no lanes', () => {
    expect(cutLanes(0, 4)).toEqual([])
  })
})

describe('shardCount', () => {
  const { plan } = ensemble()

  it('leaves a cheap plan in one shard', () => {
    expect(shardCount(plan, 1000)).toBe(1)
  })

  it('cuts a dear plan into shards of 50 to 500 ms by its own reckoning', () => {
    const dear = toiling(1000)
    const shards = shardCount(dear, 100_000)
    expect(costMs(dear, 100_000) / shards).toBeGreaterThan(50)
    expect(costMs(dear, 100_000) / shards).toBeLessThan(500)
  })

  it('reckons with stages, solve blocks and members', () => {
    const simple = planOf({
      operations: { stage: [op('exp', 1, 0)] },
      time: { steps: 100, saveAt: [100] },
      outputs: [1],
    })
    const cost = (plan: Plan, rows?: number[]) => costMs(plan, 1000, rows)
    const staged = { ...simple, time: { ...simple.time!, stages: STAGES.rk4 } }
    expect(cost(staged) / cost(simple)).toBeCloseTo(4, 1)
    const unknowns = [{ slot: 0, next: 1, guess: 2 }]
    const solve = { name: 's', method: 'newton' as const, tolerance: 1e-9, maxIterations: 9, damping: 1, unknowns }
    const solving = planOf({
      operations: { stage: [op('solve', 3, 0)] },
      solves: [{ ...solve, body: [op('exp', 1, 0)], parts: [] }],
      time: { steps: 100, saveAt: [100] },
      outputs: [1],
    })
    expect(cost(solving) / cost(simple)).toBeGreaterThan(5)
    const { plan: crowd } = households(10)
    expect(cost(crowd, [1000, 1000, 20_000]) / cost(crowd, [1000, 1000, 1000])).toBeGreaterThan(5)
  })

  it('takes the number asked for', () => {
    expect(shardCount(plan, 100_000, 16)).toBe(16)
  })

  it('raises the number where the values of a shard would be too many', () => {
    const { plan: taxPlan } = taxes(1)
    const lanes = 3 * MAX_SHARD_CELLS
    expect(shardCount(taxPlan, lanes, 1)).toBe(3)
  })

  it('never makes more than the most', () => {
    expect(shardCount(plan, 1_000_000, 1_000_000)).toBe(MAX_SHARDS)
  })
})
