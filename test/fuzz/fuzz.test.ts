// The edge under noise: no crash, nothing of the inside told, memory bounded, and a good question answered all the while.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SURFACES } from './surfaces.ts'
import { startTarget, type Target } from './target.ts'

const SEED = 20_261_130
const RUNS = 250
const LIMIT_MS = 9_000
/** What the process may have grown by, in MiB: plans and parsed operations that it keeps, and room that is not given back. */
const GROWTH_MIB = 260

describe('the edge', () => {
  let target: Target
  let before: number
  beforeAll(async () => {
    target = await startTarget()
    await target.assertWell()
    before = target.residentMib()
  }, 60_000)
  afterAll(() => target?.close())

  it.each(Object.keys(SURFACES))(
    'takes any %s: it refuses what is wrong by a code, tells nothing of the inside, and goes on',
    async (name) => {
      await SURFACES[name]!({ target, seed: SEED, runs: RUNS, limitMs: LIMIT_MS })
      await target.assertWell()
    },
    90_000,
  )

  it('has kept no more memory than its caches hold', () => {
    expect(target.residentMib() - before).toBeLessThan(GROWTH_MIB)
  })
})
