// What becomes of a failed shard: which errors end the job, which pass.
import { describe, expect, it } from 'vitest'
import { QuesnayError } from '../../schema/errors.ts'
import { backoffMs, classify } from './failure.ts'
import { TaskCancelled, ThreadDied } from './thread-pool.ts'

describe('classify', () => {
  it.each([
    'NOT_A_NUMBER',
    'NOT_CONVERGED',
    'ASSERTION_FAILED',
    'KERNEL_REFUSED',
    'KERNEL_FAILED',
    'BAD_INPUT',
    'ENVELOPE_REFUSED',
    'DETERMINISM_ALARM',
  ] as const)('ends the job for %s on the first attempt', (code) => {
    expect(classify(new QuesnayError(code, 'x'), 1)).toMatchObject({ kind: 'DETERMINISTIC', error: { code } })
  })

  it.each(['STORE_UNAVAILABLE', 'BUS_UNAVAILABLE', 'OVERLOADED'] as const)(
    'tries again after %s, however often',
    (code) => {
      expect(classify(new QuesnayError(code, 'x'), 99)).toMatchObject({ kind: 'TRANSIENT' })
    },
  )

  it('tries again after a fault it does not know, but not for ever, and tells no client of it', () => {
    const fault = new TypeError('secret of the house')
    expect(classify(fault, 2)).toMatchObject({ kind: 'TRANSIENT' })
    const last = classify(fault, 3)
    expect(last).toMatchObject({ kind: 'DETERMINISTIC', error: { code: 'INTERNAL' } })
    expect(JSON.stringify(last)).not.toContain('secret')
  })

  it('tells a cancelled task from a thread that died', () => {
    expect(classify(new TaskCancelled(), 1).kind).toBe('CANCELLED')
    expect(classify(new ThreadDied(), 1).kind).toBe('DEATH')
  })
})

describe('backoffMs', () => {
  it('doubles to a minute, with up to a quarter of jitter', () => {
    expect([1, 2, 3, 6, 7, 50].map((attempt) => backoffMs(2000, attempt, 0))).toEqual([
      2000, 4000, 8000, 60_000, 60_000, 60_000,
    ])
    expect(backoffMs(2000, 1, 0.5)).toBe(2250)
  })
})
