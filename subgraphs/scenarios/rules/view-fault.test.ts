import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../compute/worker/run-failure.ts'
import { viewFault } from './view-fault.ts'

const faults = [
  { kind: 'NOT_A_NUMBER', output: 'gdp', lane: 90, time: 2004.5 },
  { kind: 'NOT_CONVERGED', block: 'clearing', residual: 0.5, lane: 90, time: 2004.5 },
  { kind: 'ASSERTION_FAILED', identity: 'books', difference: -1, lane: 90, time: 2004.5 },
] as const
const errorOf = (fault: (typeof faults)[number]) => {
  const { code, message, detail } = failureOf(fault as unknown as Parameters<typeof failureOf>[0])!
  return { code, message, detail }
}

describe('viewFault', () => {
  it.each(faults)('tells of a simulation the draw, counted from 1, and what to do: $kind', (fault) => {
    const { message, detail } = viewFault({ kind: 'SIMULATION', error: errorOf(fault) })!
    expect(message).toMatch(/ in draw 91 at time 2004\.5/)
    expect(message).not.toContain('lane')
    expect(detail).toMatchObject({ draw: 91, time: 2004.5, suggestion: expect.any(String) })
    expect(detail).not.toHaveProperty('lane')
  })

  it('tells of a population the lane, which is a row of its data', () => {
    const error = errorOf(faults[0])
    expect(viewFault({ kind: 'POPULATION', error })).toMatchObject({ message: error.message, detail: { lane: 90 } })
  })

  it('leaves other errors as they are', () => {
    const error = {
      code: 'KERNEL_FAILED' as const,
      message: 'the kernel trapped in lane 3 of it',
      detail: { kernel: 'k' },
    }
    expect(viewFault({ kind: 'SIMULATION', error })).toEqual(error)
    expect(viewFault({ kind: 'SIMULATION', error: null })).toBeNull()
  })
})
