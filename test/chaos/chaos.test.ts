// A short chaos run: a seed whose faults are of several kinds, under load, and nothing is lost, doubled or of other bits.
import { describe, expect, it } from 'vitest'
import { lacksNatsServer } from '../support/nats-server.ts'
import { runChaos } from './chaos.ts'

const SEED = 5

describe.skipIf(lacksNatsServer())('chaos', () => {
  it('loses no run, stores none twice, and changes no bit of a result', { timeout: 240_000 }, async () => {
    const said: string[] = []
    const report = await runChaos({ minutes: 0.4, seed: SEED, workers: 3, say: (line) => said.push(line) })
    const { complaints, lost, doubled, mismatched } = report
    expect({ complaints, lost, doubled, mismatched }).toEqual({ complaints: [], lost: 0, doubled: 0, mismatched: 0 })
    expect(report.finished).toBeGreaterThan(5)
    expect([...report.injected.values()].filter((times) => times > 0).length).toBeGreaterThan(2)
    expect(said.at(-1)).toContain('quiet')
  })

  it('ends at once when it is interrupted, and leaves no process behind', { timeout: 120_000 }, async () => {
    const signal = AbortSignal.abort()
    const report = await runChaos({ minutes: 5, seed: SEED, workers: 1, say: () => {}, signal })
    expect(report.interrupted).toBe(true)
    expect([...report.injected.values()].every((times) => times === 0)).toBe(true)
  })
})
