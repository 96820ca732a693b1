// The contract of the bus: one suite over every adapter, and what only a broker can suffer.
import { afterAll, beforeAll, describe, it } from 'vitest'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { brokerFaults, sharedBroker } from './bus/broker.ts'
import { bucketsContract } from './bus/buckets.ts'
import { closeContract } from './bus/close.ts'
import { eventStreamContract } from './bus/event-stream.ts'
import { busUnderTest, type OpenBus, rejectsWith } from './bus/harness.ts'
import { messagesContract } from './bus/messages.ts'
import { sizesContract } from './bus/sizes.ts'
import { workQueueContract } from './bus/work-queue.ts'

function contract(open: OpenBus): void {
  describe('as every bus', () => {
    const under = busUnderTest(open)
    messagesContract(under)
    workQueueContract(under)
    eventStreamContract(under)
    bucketsContract(under)
    sizesContract(under)
    closeContract(under)
  })
}

describe('the memory bus', () => {
  contract(async (limits) => openMemoryBus(systemClock, limits))
})

describe.skipIf(lacksNatsServer())('the NATS bus', () => {
  let server: TestNatsServer
  beforeAll(async () => {
    server = await startTestNatsServer()
  })
  afterAll(() => server.stop())
  const open: OpenBus = (limits = {}) => openNatsBus({ url: server.url, clock: systemClock, log: silentLog, limits })

  contract(open)
  // The memory bus ends with its process: only a broker can be lost and come back, or be shared by processes.
  brokerFaults(() => server, open)
  sharedBroker(open)

  it('rejects with BUS_UNAVAILABLE in the time given where no broker answers', async () => {
    const nowhere = openNatsBus({ url: 'nats://127.0.0.1:9', clock: systemClock, log: silentLog, connectWithinMs: 300 })
    await rejectsWith(nowhere, 'BUS_UNAVAILABLE')
  })

  it.each(['', 'localhost:4222', 'http://localhost'])('rejects the URL %j with CONFIG_INVALID', async (url) => {
    await rejectsWith(openNatsBus({ url, clock: systemClock, log: silentLog }), 'CONFIG_INVALID')
  })
})
