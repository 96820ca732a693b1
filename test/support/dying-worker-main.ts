// A worker that dies exactly between storing a shard and acknowledging it: its bus kills the process instead of acknowledging.
import { WORKER_SETTINGS } from '../../compute/worker/context.ts'
import { startWorker } from '../../compute/worker/worker.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus, Delivery } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog as log } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { openStore } from '../../infra/store/open.ts'

/** JSON of { databaseUrl, natsUrl, settings, acknowledgements }. */
const given = JSON.parse(process.argv[2] ?? '{}')
const settings = { ...WORKER_SETTINGS, ...given.settings }

const store = await openStore(given.databaseUrl, { log })
const inner = await openNatsBus({ url: given.natsUrl, clock, log, limits: { ackWaitMs: settings.ackWaitMs } })
/** Shards, so that one that is delivered again, as on a slow machine, counts once. */
const acknowledged = new Set<string>()
const killing = (delivery: Delivery): Delivery => ({
  ...delivery,
  ack: async () => {
    const { subject } = delivery
    if (!acknowledged.has(subject) && acknowledged.size >= given.acknowledgements) {
      process.kill(process.pid, 'SIGKILL')
      return
    }
    acknowledged.add(subject)
    return delivery.ack()
  },
})
const bus: Bus = { ...inner, pull: async (options) => (await inner.pull(options)).map(killing) }
const metrics = createMetrics('worker')
const worker = await startWorker({ store, bus, clock, log, metrics, threads: 1, ...settings })
console.log(worker.id)
