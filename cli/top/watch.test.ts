// The loop of `quesnay top` over streams in place of a terminal.
import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Clock, systemClock } from '../../infra/clock.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import { fleet } from '../../test/support/top-fleet.ts'
import type { GraphClient } from '../client.ts'
import type { TopData } from './data.ts'
import { PLAIN } from './view.ts'
import { watchTop } from './watch.ts'

class Terminal extends PassThrough {
  columns = 100
  rows = 24
  raw = false
  written = ''
  setRawMode(raw: boolean): void {
    this.raw = raw
  }
  /** What the last picture shows. */
  get picture(): string {
    return this.written.split('\u001b[H').at(-1)!.replaceAll('\u001b[K', '')
  }
}

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** Opens it over a graph that answers as `graph` does. */
function watch(graph: { data: TopData | Error }, intervalMs = 5, clock: Clock = systemClock) {
  const input = new Terminal()
  const output = new Terminal()
  output.on('data', (chunk: Buffer) => {
    output.written += chunk.toString()
  })
  const asked: string[] = []
  const client: GraphClient = {
    endpoint: 'test',
    async execute(query, variables) {
      asked.push(`${/(Top\w*)/.exec(query)?.[1]} ${JSON.stringify(variables)}`)
      if (graph.data instanceof Error) throw graph.data
      if (query.includes('TopShards')) return { data: { run: { shards: [] } } }
      if (query.includes('TopCancel')) return { data: { cancelRun: { run: { status: 'CANCELLED' } } } }
      return { data: { fleet: graph.data } }
    },
    subscribe: () => {
      throw new Error('not asked')
    },
    close: async () => {},
  }
  const stop = new AbortController()
  const ended = watchTop({ client, clock, input, output, style: PLAIN, intervalMs, signal: stop.signal, runs: 7 })
  stops.push(async () => {
    stop.abort()
    await ended
  })
  const shows = (text: string) => vi.waitFor(() => expect(output.picture).toContain(text))
  return { input, output, asked, stop, ended, shows }
}

describe('watchTop', () => {
  it('takes the terminal over, draws again and again, and gives it back at q', async () => {
    const graph = { data: fleet() }
    const { input, output, asked, ended, shows } = watch(graph)
    await shows('2 workers  3/8 slots busy')
    expect([input.raw, output.written.startsWith('\u001b[?1049h\u001b[?25l')]).toEqual([true, true])
    expect(asked[0]).toBe('Top {"runs":7}')
    graph.data = fleet({ workers: [] })
    await shows('0 workers')
    input.write('q')
    await ended
    expect(input.raw).toBe(false)
    expect(output.written.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true)
  })

  it('understands arrows, opens a run, and cancels one after a yes', async () => {
    const { input, asked, shows } = watch({ data: fleet() })
    await shows('01M8RUNNING')
    input.write('\u001b[B\r')
    await shows('01M8DONE  SIMULATION  SUCCEEDED')
    await vi.waitFor(() => expect(asked).toContain('TopShards {"id":"01M8DONE"}'))
    input.write('\u001b')
    await shows('enter shards')
    input.write('\u001b[Ac')
    await shows('Cancel the run 01M8RUNNING?')
    expect(asked.some((one) => one.startsWith('TopCancel'))).toBe(false)
    input.write('y')
    await shows('01M8RUNNING: CANCELLED')
    expect(asked).toContain('TopCancel {"id":"01M8RUNNING"}')
  })

  it('asks nothing while it is paused', async () => {
    const clock = manualClock()
    const { input, asked, shows } = watch({ data: fleet() }, 1000, clock)
    await shows('2 workers')
    await vi.waitFor(() => expect(clock.sleepers).toBe(1))
    await clock.advance(1000)
    await vi.waitFor(() => expect(asked).toHaveLength(2))
    input.write('p')
    await shows('PAUSED')
    for (let second = 0; second < 5; second++) {
      await vi.waitFor(() => expect(clock.sleepers).toBe(1))
      await clock.advance(1000)
    }
    expect(asked).toHaveLength(2)
    input.write('p')
    await vi.waitFor(() => expect(asked).toHaveLength(3))
  })

  it('keeps the last picture while the graph is away, says so, and goes on when it is back', async () => {
    const graph: { data: TopData | Error } = { data: fleet() }
    const { output, shows } = watch(graph)
    await shows('2 workers')
    graph.data = new Error('connection refused')
    await shows('STALE: connection refused')
    expect(output.picture).toContain('01M8RUNNING')
    graph.data = fleet({ workers: null })
    await shows('workers unknown')
    expect(output.picture).not.toContain('STALE')
  })

  it('draws in the new size when the terminal changes', async () => {
    const { output, shows } = watch({ data: fleet() }, 60_000)
    await shows('2 workers')
    Object.assign(output, { columns: 40, rows: 10 })
    output.emit('resize')
    await vi.waitFor(() => expect(output.picture.split('\r\n')).toHaveLength(10))
    for (const line of output.picture.split('\r\n').slice(0, -1)) expect(line.length).toBeLessThanOrEqual(40)
  })

  it('gives the terminal back when the process ends under it, and leaves no listener behind', async () => {
    const before = process.listeners('exit')
    const { input, output, ended, stop, shows } = watch({ data: fleet() })
    await shows('2 workers')
    const added = process.listeners('exit').filter((one) => !before.includes(one))
    expect(added).toHaveLength(1)
    // What Node calls at the end, also after an error that nobody caught.
    added[0]!(1)
    await vi.waitFor(() => expect(output.written.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true))
    expect(input.raw).toBe(false)
    stop.abort()
    await ended
    expect(process.listeners('exit')).toEqual(before)
  })
})
