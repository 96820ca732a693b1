// The system clock: sleeps that end in time or by their signal.
import { describe, expect, it } from 'vitest'
import { systemClock } from './clock.ts'

describe('systemClock.sleep', () => {
  it('ends hundreds of sleeps by one signal, without a warning of a leak', async () => {
    const warnings: string[] = []
    const heard = ({ name }: Error) => warnings.push(name)
    process.on('warning', heard)
    const life = new AbortController()
    const sleeps = Array.from({ length: 200 }, () => systemClock.sleep(60_000, life.signal))
    life.abort(new Error('over'))
    const ends = await Promise.allSettled(sleeps)
    // Warnings are emitted on a later turn.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', heard)
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true)
    expect(warnings).toEqual([])
  })

  it('rejects at once where its signal has been given', async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('over')))).rejects.toThrow('over')
  })
})
