// The contract of the bus: one suite over every adapter, and what only a broker can suffer.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { damageFile, damageMessages } from '../support/damage-object.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { brokerFaults, sharedBroker } from './bus/broker.ts'
import { bucketsContract } from './bus/buckets.ts'
import { closeContract } from './bus/close.ts'
import { eventStreamContract } from './bus/event-stream.ts'
import { busUnderTest, type OpenBus, rejectsWith } from './bus/harness.ts'
import { largeObjects } from './bus/large-objects.ts'
import { messagesContract } from './bus/messages.ts'
import { objectFaults } from './bus/object-faults.ts'
import { type Damage, objectsContract } from './bus/objects.ts'
import { sizesContract } from './bus/sizes.ts'
import { workQueueContract } from './bus/work-queue.ts'

function contract(open: OpenBus, damage: Damage): void {
  describe('as every bus', () => {
    const under = busUnderTest(open)
    messagesContract(under)
    workQueueContract(under)
    eventStreamContract(under)
    bucketsContract(under)
    objectsContract(under, damage)
    sizesContract(under)
    closeContract(under)
  })
}

describe('the memory bus', () => {
  const objects = mkdtempSync(join(tmpdir(), 'quesnay-bus-'))
  afterAll(() => rmSync(objects, { recursive: true, force: true }))
  contract(async (limits) => openMemoryBus(systemClock, limits, objects), damageFile(objects))

  largeObjects(
    `const { openMemoryBus } = await load('infra', 'bus', 'memory.js')
     const open = async () => openMemoryBus(systemClock)`,
  )

  it('leaves no file of an object behind', async () => {
    const bus = openMemoryBus(systemClock, {}, objects)
    await (await bus.objects('qz_blobs')).put('k', [new Uint8Array(1)])
    expect(readdirSync(objects)).toHaveLength(1)
    await bus.close()
    expect(readdirSync(objects)).toEqual([])
  })
})

describe.skipIf(lacksNatsServer())('the NATS bus', () => {
  let server: TestNatsServer
  beforeAll(async () => {
    server = await startTestNatsServer()
  })
  afterAll(() => server.stop())
  const open: OpenBus = (limits = {}) => openNatsBus({ url: server.url, clock: systemClock, log: silentLog, limits })

  contract(open, (name, how) => damageMessages(server.url)(name, how))
  // The memory bus ends with its process: only a broker can be lost and come back, or be shared by processes.
  brokerFaults(() => server, open)
  sharedBroker(open)
  objectFaults(() => server, open)
  largeObjects(
    `const { openNatsBus } = await load('infra', 'bus', 'nats.js')
     const { silentLog } = await load('infra', 'log.js')
     const open = () => openNatsBus({ url: args[0], clock: systemClock, log: silentLog })`,
    () => server.url,
  )

  it('rejects with BUS_UNAVAILABLE in the time given where no broker answers', async () => {
    const nowhere = openNatsBus({ url: 'nats://127.0.0.1:9', clock: systemClock, log: silentLog, connectWithinMs: 300 })
    await rejectsWith(nowhere, 'BUS_UNAVAILABLE')
  })

  it.each(['', 'localhost:4222', 'http://localhost'])('rejects the URL %j with CONFIG_INVALID', async (url) => {
    await rejectsWith(openNatsBus({ url, clock: systemClock, log: silentLog }), 'CONFIG_INVALID')
  })
})
