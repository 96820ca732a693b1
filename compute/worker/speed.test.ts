// Tests of a worker's measure of its own speed.
import { describe, expect, it } from 'vitest'
import { Speed } from './speed.ts'

const noted = (...shards: readonly (readonly [seconds: number, operations: number])[]) => {
  const speed = new Speed()
  for (const [seconds, operations] of shards) speed.note(seconds, operations)
  return speed.nsPerOperation
}

describe("a worker's speed", () => {
  it('is not known before it has run a shard', () => {
    expect(noted()).toBeNull()
  })

  it('is the time over the operations', () => {
    expect(noted([0.15, 1e8])).toBeCloseTo(1.5, 12)
  })

  it('is the middle of what was measured: one stalled shard does not move it', () => {
    expect(noted([0.1, 1e8], [0.12, 1e8], [60, 1e8])).toBeCloseTo(1.2, 12)
    expect(noted([0.1, 1e8], [0.2, 1e8])).toBeCloseTo(1.5, 12)
  })

  it('passes over shards that are too short to tell, and those without operations', () => {
    expect(noted([0.001, 10], [0, 0], [1, 0], [Number.NaN, 1])).toBeNull()
  })

  it('follows a machine that has become slow', () => {
    const fast = Array.from({ length: 200 }, () => [0.1, 1e8] as const)
    const slow = Array.from({ length: 40 }, () => [0.3, 1e8] as const)
    expect(noted(...fast, ...slow)).toBeCloseTo(3, 12)
  })
})
