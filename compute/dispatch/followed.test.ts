// A question followed through the fleet: one trace down to the push, ids on every line, counts of what went wrong.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock as clock } from '../../infra/clock.ts'
import { createLog, silentLog } from '../../infra/log.ts'
import { inSpan, startTracing } from '../../infra/tracing.ts'
import { parseEnvelope, type RunEvent } from '../../schema/jobs.ts'
import { readTraceparent } from '../../schema/trace-context.ts'
import { type CollectedSpan, type Collector, startCollector } from '../../test/support/collector.ts'
import { ensemble, openFleet, SINKING, type TestFleet } from '../../test/support/fleet.ts'
import { lower } from '../model/lowering/lower.ts'
import { sweep } from './sweeper.ts'

const CLIENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

let fleet: TestFleet | undefined
let collector: Collector | undefined
let endTracing: (() => Promise<void>) | undefined
afterEach(async () => {
  await fleet?.close()
  await endTracing?.()
  await collector?.close()
  fleet = collector = endTracing = undefined
})

async function traced(): Promise<Collector> {
  collector = await startCollector()
  const otlp = { url: `${collector.url}/v1/traces`, ratio: 1 }
  endTracing = await startTracing({ otlp, service: 'test', log: silentLog })
  return collector
}

const named = (spans: readonly CollectedSpan[], name: string) => spans.filter((span) => span.name === name)

describe('a trace', () => {
  it('goes from the submission to each shard, its parts, the merge and the event', async () => {
    const { spans } = await traced()
    fleet = await openFleet({ workers: 2 })
    const asked = await inSpan('asked', { parent: CLIENT }, () => fleet!.dispatch.submit(ensemble({ shards: 4 })))
    const events = await fleet.bus.listen(`qz.ev.local.run.${asked.id}.*`, 0)
    await fleet.dispatch.settled('local', asked.id)
    let last: RunEvent | undefined
    for await (const { data } of events) {
      last = JSON.parse(new TextDecoder().decode(data)) as RunEvent
      if (last.status === 'SUCCEEDED') break
    }
    // A shard's span ends with its acknowledgement, after the event.
    await fleet.close()
    fleet = undefined
    await endTracing?.()

    const [submit] = named(spans, 'dispatch.submit')
    expect(submit?.parentSpanId).toBe(named(spans, 'asked')[0]?.spanId)
    expect(submit?.attributes).toMatchObject({ 'quesnay.run.id': asked.id, 'quesnay.shards': 4 })
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([readTraceparent(CLIENT)?.traceId]))

    const shards = named(spans, 'shard')
    expect(shards.map((span) => span.attributes['quesnay.shard']).sort()).toEqual([0, 1, 2, 3])
    for (const shard of shards) {
      expect(shard.parentSpanId).toBe(submit?.spanId)
      expect(shard.attributes).toMatchObject({ 'quesnay.run.id': asked.id, 'quesnay.attempt': 1 })
      const parts = spans.filter((span) => span.parentSpanId === shard.spanId && span.name.startsWith('shard.'))
      expect(parts.map((part) => part.name).sort()).toEqual([
        'shard.claim',
        'shard.compute',
        'shard.queue',
        'shard.store',
      ])
      for (const part of parts) expect(part.startMs).toBeGreaterThanOrEqual(Math.floor(shard.startMs))
    }
    const [merge, ...more] = named(spans, 'merge')
    expect(more).toEqual([])
    expect(shards.map((shard) => shard.spanId)).toContain(merge?.parentSpanId)
    const finish = named(spans, 'merge.finish')
    expect(finish.map((span) => span.parentSpanId)).toEqual([merge?.spanId])
    // Whoever comes first says the end: the merge, or a shard whose progress was still to be told.
    const teller = spans.find(({ spanId }) => spanId === readTraceparent(last?.traceparent)?.spanId)
    expect(['merge.finish', 'shard']).toContain(teller?.name)
  })

  it('shows which shard failed, by the code alone', async () => {
    const { spans } = await traced()
    fleet = await openFleet({ workers: 1 })
    const plan = lower(SINKING)
    const columns = { reserve: new Float64Array(64).fill(3) }
    const run = await fleet.dispatch.submit(ensemble({ plan, columns, lanes: 64, result: { kind: 'LANES' } }))
    await expect(fleet.dispatch.settled('local', run.id)).rejects.toMatchObject({ code: 'NOT_A_NUMBER' })
    await fleet.close()
    fleet = undefined
    await endTracing?.()
    const failed = spans.filter(({ status }) => status === 2)
    expect(failed.map(({ name }) => name).sort()).toEqual(['shard', 'shard.compute'])
    for (const span of failed) expect(span.attributes['error.type']).toBe('NOT_A_NUMBER')
    expect(JSON.stringify(spans)).not.toContain('months')
  })

  it('is continued by a shard that is sent again', async () => {
    await traced()
    fleet = await openFleet({ workers: 0 })
    const asker = { requestId: 'request-7', traceparent: CLIENT }
    const run = await fleet.dispatch.submit(ensemble({ shards: 1, asker }))
    const first = await envelope(fleet)
    await fleet.bus.purge('qz.job.>')
    const options = { sweepIntervalMs: 1, lostAfterMs: 0, publishGraceMs: 0 }
    const report = await sweep({ ...fleet, clock, log: silentLog }, options)
    expect(report.resent).toBe(1)
    const again = await envelope(fleet)
    expect(again.attemptEpoch).toBe(1)
    expect(again).toMatchObject({ runId: run.id, requestId: 'request-7', traceparent: first.traceparent })
    expect(readTraceparent(again.traceparent)?.traceId).toBe(readTraceparent(CLIENT)?.traceId)
    expect((await fleet.metrics.resends.get()).values).toMatchObject([{ value: 1, labels: { what: 'shard' } }])
  })
})

/** The one message of the queue, given back. */
async function envelope({ bus }: TestFleet) {
  const [delivery] = await bus.pull({ classes: ['p0'], max: 1, expiresMs: 2000 })
  const read = parseEnvelope(delivery!.data)
  await delivery!.nak(0)
  return read
}

describe('without tracing', () => {
  it('the client’s own trace and request still reach the shards', async () => {
    fleet = await openFleet({ workers: 0 })
    const run = await fleet.dispatch.submit(ensemble({ shards: 1, asker: { requestId: 'r-1', traceparent: CLIENT } }))
    expect(await envelope(fleet)).toMatchObject({ runId: run.id, requestId: 'r-1', traceparent: CLIENT })
  })

  it('what cannot stand in an envelope is left out of it', async () => {
    fleet = await openFleet({ workers: 0 })
    const asker = { requestId: 'two words\n', traceparent: 'nonsense' }
    await fleet.dispatch.submit(ensemble({ shards: 1, asker }))
    const read = await envelope(fleet)
    expect([read.requestId, read.traceparent]).toEqual([undefined, undefined])
  })
})

describe('the log', () => {
  it('carries the ids of the question on every line about it', async () => {
    const lines: Record<string, unknown>[] = []
    const log = createLog('debug', { service: 'test' }, { write: (line) => void lines.push(JSON.parse(line)) })
    fleet = await openFleet({ workers: 1, log })
    const run = await fleet.dispatch.submit(ensemble({ shards: 3, asker: { requestId: 'r-1', traceparent: CLIENT } }))
    await fleet.dispatch.settled('local', run.id)
    await vi.waitFor(() => expect(lines.some(({ msg }) => msg === 'a job has its result')).toBe(true))
    const about = lines.filter(({ msg }) => /^a (run|shard|job) /.test(String(msg)))
    expect(about.map(({ msg }) => msg).sort()).toEqual([
      'a job has its result',
      'a run was submitted',
      'a shard was computed',
      'a shard was computed',
      'a shard was computed',
    ])
    const [{ jobId }] = about as [Record<string, unknown>]
    const ids = { runId: run.id, jobId, tenant: 'local', requestId: 'r-1', traceId: CLIENT.split('-')[1] }
    for (const line of about) expect(line).toMatchObject(ids)
    const computed = about.filter(({ msg }) => msg === 'a shard was computed')
    expect(computed.map(({ shard }) => shard).sort()).toEqual([0, 1, 2])
    for (const line of computed) expect(line['worker']).toMatch(/^w-/)
  })
})
