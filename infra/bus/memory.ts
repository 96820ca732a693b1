// The embedded bus: one process, no broker, the semantics of the NATS adapter.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { Inbox } from './inbox.ts'
import { assertCursor, assertPull, assertSize, BUS_LIMITS, type BusLimits, unavailable } from './limits.ts'
import { MemoryEventStream } from './memory/event-stream.ts'
import { MemoryKeyValue } from './memory/key-value.ts'
import { MemoryObjects } from './memory/objects.ts'
import { MemoryWorkQueue } from './memory/work-queue.ts'
import type { BucketName, Bus, BusMessage, ObjectBucketName } from './port.ts'
import { assertBelow, assertPlain, assertSubject, EVENTS_PATTERN, matches, QUEUE_PATTERN } from './subjects.ts'

/**
 * Opens a bus within this process; what it holds ends with it.
 * Payloads are copied on their way in and out: neither side sees what the other does to its bytes.
 * @param limits only tests shorten them.
 * @param objectsIn where objects lie, in a directory that is made with the first one and removed at the end; default the system's
 *   directory of temporary files.
 */
export function openMemoryBus(clock: Clock, limits: Partial<BusLimits> = {}, objectsIn = tmpdir()): Bus {
  const all: BusLimits = { ...BUS_LIMITS, ...limits }
  const subscribers = new Map<Inbox<BusMessage>, string>()
  const queue = new MemoryWorkQueue(clock, all, send)
  const events = new MemoryEventStream(clock, all)
  const buckets: Record<BucketName, MemoryKeyValue> = {
    qz_jobs: new MemoryKeyValue(clock, all.jobsTtlMs),
    qz_workers: new MemoryKeyValue(clock, all.workersTtlMs),
    qz_keys: new MemoryKeyValue(clock, 0),
  }
  let directory: Promise<string> | undefined
  const objectDirectory = () => {
    directory ??= mkdir(objectsIn, { recursive: true }).then(() => mkdtemp(join(objectsIn, 'quesnay-objects-')))
    return directory
  }
  const objects: Record<ObjectBucketName, MemoryObjects> = {
    qz_blobs: new MemoryObjects('qz_blobs', clock, all, objectDirectory),
    qz_kernels: new MemoryObjects('qz_kernels', clock, all, objectDirectory),
  }
  let closed = false

  function send(subject: string, data: Uint8Array): void {
    for (const [inbox, pattern] of subscribers)
      if (matches(pattern, subject)) inbox.push({ subject, data: data.slice() })
  }
  function open(): void {
    if (closed) throw unavailable('is closed')
  }

  return {
    adapter: 'memory',
    async publish(subject, data) {
      open()
      assertSubject(subject)
      assertPlain(subject)
      assertSize(subject, data)
      send(subject, data)
    },
    async subscribe(pattern) {
      open()
      assertPlain(pattern)
      const inbox: Inbox<BusMessage> = new Inbox(() => void subscribers.delete(inbox))
      subscribers.set(inbox, pattern)
      return inbox
    },
    async enqueue(subject, data, messageId) {
      open()
      assertSize(subject, data)
      return queue.add(subject, data, messageId)
    },
    async pull(options) {
      open()
      assertPull(options)
      return queue.pull(options)
    },
    async purge(pattern) {
      open()
      assertBelow(pattern, QUEUE_PATTERN)
      return queue.purge(pattern)
    },
    async backlog() {
      open()
      return queue.size
    },
    async emit(subject, data) {
      open()
      assertSubject(subject)
      assertBelow(subject, EVENTS_PATTERN)
      assertSize(subject, data)
      return events.emit(subject, data)
    },
    async listen(pattern, after) {
      open()
      assertBelow(pattern, EVENTS_PATTERN)
      assertCursor(after)
      return events.listen(pattern, after)
    },
    async eventRange() {
      open()
      return events.range
    },
    async *replay(pattern, after, through) {
      assertBelow(pattern, EVENTS_PATTERN)
      assertCursor(after)
      for (let cursor = after; cursor < through; ) {
        open()
        const message = events.find(pattern, cursor)
        if (!message || message.sequence > through) return
        yield message
        cursor = message.sequence
      }
    },
    async bucket(name) {
      open()
      return buckets[name]
    },
    async objects(name) {
      open()
      return objects[name]
    },
    async ready() {
      return !closed
    },
    async close() {
      if (closed) return
      closed = true
      queue.close()
      await events.close()
      for (const inbox of [...subscribers.keys()]) await inbox.stop()
      for (const bucket of [...Object.values(buckets), ...Object.values(objects)]) bucket.close()
      if (directory) await rm(await directory, { recursive: true, force: true })
    },
  }
}
