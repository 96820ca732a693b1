// The check of the broker: over reports, and over a real nats-server before and after Quesnay has been there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerReport, inspectNats } from '../../infra/bus/nats/inspect.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog as log } from '../../infra/log.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../../test/support/nats-server.ts'
import { checkBus } from './bus.ts'

const stream = (name: string) => ({ name, state: 'right' as const, replicas: 1, current: 1, messages: 3 })
const GOOD: BrokerReport = {
  ...{ version: '2.10.1', cluster: undefined, jetStream: true, missingConsumers: [] },
  streams: [stream('JOBS'), stream('EVENTS')],
}
const check = (differences: Partial<BrokerReport>) => checkBus({ ...GOOD, ...differences })

describe('checkBus', () => {
  it('is content with what should be', () => {
    expect(check({})).toMatchObject([{ level: 'ok', say: /2 streams as they should be, 3 messages queued/ }])
  })

  it('fails without JetStream and on an old server', () => {
    expect(check({ jetStream: false, streams: [] })).toMatchObject([{ level: 'fail', fix: /--jetstream/ }])
    expect(check({ version: '2.8.4' })).toMatchObject([{ level: 'fail', fix: /2\.9 or later/ }])
  })

  it('names each thing that is missing or otherwise', () => {
    const streams = [
      { ...stream('JOBS'), state: 'missing' as const },
      { ...stream('EVENTS'), state: 'differs' as const },
    ]
    expect(check({ streams, missingConsumers: ['p0_3'] })).toMatchObject([
      { level: 'warn', say: /missing streams: JOBS/ },
      { level: 'warn', say: /another configuration: EVENTS/ },
      { level: 'warn', say: /missing 1 consumer of the queue: p0_3/ },
    ])
  })

  it('warns of a cluster that keeps one copy, and of copies that do not follow', () => {
    expect(check({ cluster: 'c' })).toMatchObject([{ level: 'warn', say: /less than 3 copies of JOBS, EVENTS/ }])
    const streams = [{ ...stream('JOBS'), replicas: 3, current: 2 }]
    expect(check({ cluster: 'c', streams })).toMatchObject([{ level: 'warn', say: /do not follow, of JOBS/ }])
  })
})

describe.skipIf(lacksNatsServer())('inspectNats', () => {
  let server: TestNatsServer
  beforeAll(async () => {
    server = await startTestNatsServer()
  })
  afterAll(() => server?.stop())

  it('finds everything missing on a fresh server and makes none of it', async () => {
    for (let look = 0; look < 2; look++) {
      const report = await inspectNats(server.url)
      expect(report).toMatchObject({ jetStream: true, cluster: undefined })
      expect(report.streams.every(({ state }) => state === 'missing')).toBe(true)
    }
  })

  it('finds everything as it should be once a service has started, and what another configuration left', async () => {
    await (await openNatsBus({ url: server.url, clock, log })).close()
    expect(checkBus(await inspectNats(server.url))).toMatchObject([{ level: 'ok' }])
    await (await openNatsBus({ url: server.url, clock, log, limits: { maxQueued: 77 } })).close()
    expect(checkBus(await inspectNats(server.url))).toMatchObject([{ level: 'warn', say: /configuration: JOBS/ }])
  })

  it('rejects where nobody answers', async () => {
    await expect(inspectNats('nats://127.0.0.1:1')).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' })
  })
})
