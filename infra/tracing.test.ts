// Tracing: off it does nothing; on, spans reach a collector with the right parents and nothing of what clients gave.
import { afterEach, describe, expect, it } from 'vitest'
import { QuesnayError } from '../schema/errors.ts'
import { readTraceparent } from '../schema/trace-context.ts'
import { type Collector, startCollector } from '../test/support/collector.ts'
import { silentLog } from './log.ts'
import { currentTraceparent, inSpan, recordSpan, startTracing } from './tracing.ts'

const REMOTE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const UNSAMPLED = REMOTE.replace(/01$/, '00')

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A collector, and what turns tracing on towards it. */
async function collecting(): Promise<{ collector: Collector; start(ratio: number): Promise<() => Promise<void>> }> {
  const collector = await startCollector()
  closers.push(() => collector.close())
  return {
    collector,
    async start(ratio) {
      const otlp = { url: `${collector.url}/v1/traces`, ratio }
      const end = await startTracing({ otlp, service: 'test', log: silentLog })
      closers.push(end)
      return end
    },
  }
}

describe('tracing that is off', () => {
  it('runs the work, hands on the parent as it came, and connects to nothing', async () => {
    const { collector } = await collecting()
    const end = await startTracing({ otlp: undefined, service: 'test', log: silentLog })
    const seen = await inSpan('a', { parent: REMOTE }, async ({ traceparent }) => [traceparent, currentTraceparent()])
    expect(seen).toEqual([REMOTE, undefined])
    expect(await inSpan('a', {}, async ({ traceparent }) => traceparent)).toBeUndefined()
    recordSpan('b', { startedAt: 1, endedAt: 2 })
    await end()
    expect(collector.requests).toBe(0)
  })
})

describe('tracing that is on', () => {
  it('nests spans in their order of calls, continues a trace from elsewhere and links others', async () => {
    const { collector, start } = await collecting()
    const end = await start(1)
    await inSpan('outer', { kind: 'server', parent: REMOTE, attributes: { answer: 42 } }, async (outer) => {
      expect(currentTraceparent()).toBe(outer.traceparent)
      await Promise.all([
        inSpan('first', { links: [REMOTE, 'nonsense', undefined] }, async () => {}),
        inSpan('second', {}, async (span) => span.set({ late: true })),
      ])
      recordSpan('past', { startedAt: 1_700_000_000_000, endedAt: 1_700_000_002_500 })
    })
    await end()
    const byName = Object.fromEntries(collector.spans.map((span) => [span.name, span]))
    expect(Object.keys(byName).sort()).toEqual(['first', 'outer', 'past', 'second'])
    const { traceId, spanId } = readTraceparent(REMOTE)!
    expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([traceId]))
    expect(byName['outer']).toMatchObject({
      parentSpanId: spanId,
      kind: 2,
      attributes: { answer: 42 },
      service: 'test',
    })
    for (const name of ['first', 'second', 'past']) expect(byName[name]?.parentSpanId).toBe(byName['outer']?.spanId)
    expect(byName['first']?.links).toEqual([spanId])
    expect(byName['second']?.attributes).toEqual({ late: true })
    expect(byName['past']).toMatchObject({ startMs: 1_700_000_000_000, endMs: 1_700_000_002_500 })
  })

  it('marks what failed with the code alone', async () => {
    const { collector, start } = await collecting()
    const end = await start(1)
    const failing = inSpan('failing', {}, async () => {
      throw new QuesnayError('BAD_INPUT', 'no such name: of a person', {})
    })
    await expect(failing).rejects.toThrow('no such name')
    await end()
    expect(collector.spans).toMatchObject([{ name: 'failing', status: 2, attributes: { 'error.type': 'BAD_INPUT' } }])
    expect(JSON.stringify(collector.spans)).not.toContain('of a person')
  })

  it('keeps the share asked for of traces that begin here, and of others what their flag says', async () => {
    const { collector, start } = await collecting()
    const end = await start(0)
    const own = await inSpan('own', {}, async ({ traceparent }) => readTraceparent(traceparent))
    expect(own).toMatchObject({ sampled: false })
    await inSpan('kept', { parent: REMOTE }, async () => inSpan('below', {}, async () => {}))
    await inSpan('dropped', { parent: UNSAMPLED }, async () => inSpan('below it', {}, async () => {}))
    await end()
    expect(collector.spans.map((span) => span.name).sort()).toEqual(['below', 'kept'])
  })

  it('ends within seconds where the collector is away, and the work never waits for it', async () => {
    const { collector, start } = await collecting()
    const end = await start(1)
    await collector.close()
    expect(await inSpan('lost', {}, async () => 'done')).toBe('done')
    const before = performance.now()
    await end()
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})
