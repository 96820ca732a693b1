// The autoscaler by a clock of the test: starts, drains, workers that fall, and its own end.
import { describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import { Autoscaler, type LocalWorker } from './autoscaler.ts'
import type { ScaleLoad } from './rule.ts'

const LOOK_MS = 1000

async function scripted(more: { minimum?: number } = {}) {
  const clock = manualClock()
  const started: (LocalWorker & { end(code: number | null): Promise<void>; drained: boolean })[] = []
  const idle = new Set<number>()
  let load: ScaleLoad | Error = { shards: 0, costSeconds: 0 }
  const autoscaler = new Autoscaler({
    rule: { minimum: more.minimum ?? 0, maximum: 3, aimSeconds: 10, slots: 1, cooldownMs: 30_000 },
    ...{ clock, log: silentLog, lookMs: LOOK_MS },
    load: async () => {
      if (load instanceof Error) throw load
      return load
    },
    idle: async () => idle,
    launch: () => {
      const pid = started.length + 1
      let settle: (how: { code: number | null; signal: string | null }) => void
      const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
        settle = resolve
      })
      const worker = {
        ...{ pid, ended, drained: false },
        drain: () => {
          worker.drained = true
        },
        end: async (code: number | null) => {
          settle({ code, signal: code === null ? 'SIGKILL' : null })
          await clock.advance(0)
        },
      }
      started.push(worker)
      return worker
    },
  })
  const run = autoscaler.run()
  // The first look is over.
  await clock.advance(0)
  return {
    ...{ autoscaler, run, started, idle },
    say: (costSeconds: number | Error) => {
      load = costSeconds instanceof Error ? costSeconds : { shards: costSeconds > 0 ? 1 : 0, costSeconds }
    },
    seconds: async (count: number) => {
      for (let i = 0; i < count; i++) await clock.advance(LOOK_MS)
    },
    drained: () => started.filter((worker) => worker.drained).map(({ pid }) => pid),
  }
}

describe('the autoscaler', () => {
  it('starts none without work, one with the first of it, and more as more comes', async () => {
    const { say, seconds, started, autoscaler } = await scripted()
    await seconds(100)
    expect(started).toHaveLength(0)
    say(1)
    await seconds(1)
    expect(started).toHaveLength(1)
    say(25)
    await seconds(1)
    expect(started).toHaveLength(3)
    say(1000)
    await seconds(10)
    expect([started.length, autoscaler.running]).toEqual([3, 3])
  })

  it('drains after the cooldown, those with nothing in hand first, and counts those that still end as gone', async () => {
    const { say, seconds, started, idle, drained, autoscaler } = await scripted()
    say(25)
    await seconds(1)
    say(5)
    idle.add(2)
    await seconds(30)
    expect(drained()).toEqual([])
    await seconds(2)
    expect(drained().sort()).toEqual([2, 3])
    expect(autoscaler.running).toBe(1)
    // What comes meanwhile starts new ones: the drained do not come back.
    say(15)
    await seconds(1)
    expect([started.length, autoscaler.running]).toEqual([4, 2])
    await started[1]!.end(0)
    expect(autoscaler.running).toBe(2)
  })

  it('keeps the minimum without work', async () => {
    const { seconds, started } = await scripted({ minimum: 2 })
    await seconds(1)
    expect(started).toHaveLength(2)
  })

  it('replaces a worker that falls, ever later where it falls at its start', async () => {
    const { say, seconds, started } = await scripted()
    say(1)
    await seconds(1)
    const starts: number[] = []
    for (let second = 0; second < 200; second++) {
      const before = started.length
      await seconds(1)
      await started.at(-1)!.end(1)
      if (started.length > before) starts.push(second)
    }
    const gaps = starts.slice(1).map((second, i) => second - starts[i]!)
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b))
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(32)
    expect(started.length).toBeLessThan(12)
  })

  it('replaces at the next look a worker that falls after it has worked for a while', async () => {
    const { say, seconds, started } = await scripted()
    say(1)
    await seconds(20)
    await started[0]!.end(null)
    await seconds(1)
    expect(started).toHaveLength(2)
  })

  it('leaves the workers as they are while the backlog is not known', async () => {
    const { say, seconds, started, drained } = await scripted()
    say(25)
    await seconds(1)
    say(new Error('the store is away'))
    await seconds(500)
    expect([started.length, drained()]).toEqual([3, []])
  })

  it('ends its workers when it ends, and waits for the last', async () => {
    const { say, seconds, started, autoscaler, run, drained } = await scripted()
    say(15)
    await seconds(1)
    let over = false
    void run.then(() => {
      over = true
    })
    autoscaler.stop()
    await seconds(1)
    expect(drained()).toEqual([1, 2])
    await started[0]!.end(0)
    expect(over).toBe(false)
    await started[1]!.end(0)
    await run
    await seconds(10)
    expect(started).toHaveLength(2)
  })
})
