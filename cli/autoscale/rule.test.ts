// Tests of the rule that scales workers: single cases, a scripted day, and what holds for every load.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { initialScale, nextScale, type ScaleLoad, type ScaleRule, type ScaleState } from './rule.ts'

const RULE: ScaleRule = { minimum: 0, maximum: 5, aimSeconds: 10, slots: 2, cooldownMs: 60_000 }
const load = (costSeconds: number, shards = costSeconds > 0 ? 1 : 0): ScaleLoad => ({ shards, costSeconds })

/** What is wanted after each look of a script of [second, seconds of work]. */
function script(rule: ScaleRule, looks: readonly (readonly [second: number, cost: number])[]): number[] {
  let state = initialScale(rule)
  return looks.map(([second, cost]) => {
    state = nextScale(rule, load(cost), state, second * 1000)
    return state.wanted
  })
}

describe('the number of workers', () => {
  it('is what works the backlog off in the aim: its cost over the aim and the threads of a worker', () => {
    expect(script(RULE, [[0, 20]])).toEqual([1])
    expect(script(RULE, [[0, 20.1]])).toEqual([2])
    expect(script(RULE, [[0, 61]])).toEqual([4])
  })

  it('rises from zero at the first look, however little there is to do', () => {
    expect(
      script(RULE, [
        [0, 0],
        [1, 0.001],
      ]),
    ).toEqual([0, 1])
    expect(nextScale(RULE, { shards: 1, costSeconds: 0 }, initialScale(RULE), 0).wanted).toBe(1)
  })

  it('never passes the maximum, nor falls below the minimum', () => {
    expect(script(RULE, [[0, 1e9]])).toEqual([5])
    expect(
      script({ ...RULE, minimum: 2 }, [
        [0, 0],
        [1000, 0],
        [2000, 0],
      ]),
    ).toEqual([2, 2, 2])
  })

  it('falls only when fewer have been enough for the cooldown, to the most that were wanted meanwhile', () => {
    expect(
      script(RULE, [
        [0, 100],
        [10, 0],
        [40, 30],
        [69, 0],
        // 60 s after it first was less; 30 s of work a moment ago want two.
        [70, 0],
        [129, 0],
        [130, 0],
        [190, 0],
      ]),
    ).toEqual([5, 5, 5, 5, 2, 2, 2, 0])
  })

  it('begins to wait anew where the load has come back', () => {
    expect(
      script(RULE, [
        [0, 100],
        [10, 0],
        [69, 100],
        [71, 0],
        [130, 0],
        [131, 0],
      ]),
    ).toEqual([5, 5, 5, 5, 5, 0])
  })

  it('does not go up and down with a load at the edge of a worker', () => {
    const looks = Array.from({ length: 500 }, (_, i) => [i, i % 2 ? 19 : 21] as const)
    expect(new Set(script(RULE, looks))).toEqual(new Set([2]))
  })

  const rules = fc.record({
    minimum: fc.nat(3),
    maximum: fc.integer({ min: 3, max: 20 }),
    aimSeconds: fc.integer({ min: 1, max: 100 }),
    slots: fc.integer({ min: 1, max: 16 }),
    cooldownMs: fc.nat(100_000),
  })
  const looks = fc.array(
    fc.record({
      afterMs: fc.nat(40_000),
      shards: fc.nat(50),
      costSeconds: fc.double({ min: 0, max: 1e5, noNaN: true }),
    }),
    { maxLength: 60 },
  )

  it('lies within its bounds, rises only to what is needed, and falls no sooner than the cooldown after it last was needed', () => {
    fc.assert(
      fc.property(rules, looks, (rule, script) => {
        let state = initialScale(rule)
        let now = 0
        let neededAt = 0
        for (const { afterMs, ...one } of script) {
          now += afterMs
          const before = state.wanted
          state = nextScale(rule, one, state, now)
          const needed = one.shards > 0 ? Math.max(1, Math.ceil(one.costSeconds / (rule.aimSeconds * rule.slots))) : 0
          expect(state.wanted).toBeGreaterThanOrEqual(Math.max(rule.minimum, Math.min(needed, rule.maximum)))
          expect(state.wanted).toBeLessThanOrEqual(rule.maximum)
          if (state.wanted > before) expect(state.wanted).toBe(Math.min(needed, rule.maximum))
          if (state.wanted < before) expect(now - neededAt).toBeGreaterThanOrEqual(rule.cooldownMs)
          if (needed >= state.wanted) neededAt = now
        }
      }),
    )
  })

  it('settles for a load that stays, and more work never wants fewer', () => {
    const settle = (rule: ScaleRule, one: ScaleLoad) => {
      let state: ScaleState = { wanted: rule.maximum, below: null }
      const seen: number[] = []
      for (let i = 0; i < 8; i++) {
        state = nextScale(rule, one, state, i * (rule.cooldownMs + 1))
        seen.push(state.wanted)
      }
      expect(new Set(seen.slice(3)).size).toBe(1)
      return state.wanted
    }
    const cost = fc.double({ min: 0, max: 1e4, noNaN: true })
    fc.assert(
      fc.property(rules, cost, cost, (rule, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((seconds) => settle(rule, load(seconds, 1)))
        expect(less).toBeLessThanOrEqual(more!)
      }),
    )
  })
})
