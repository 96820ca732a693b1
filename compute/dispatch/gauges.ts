// The gauges that the fleet is scaled by, set by whoever sweeps.
import { capacityOf } from './admission/capacity.ts'
import { loadBacklog } from './backlog.ts'
import type { Fleet } from './context.ts'
import { loadWorkers } from './workers.ts'

/** Sets quesnay_backlog, quesnay_backlog_seconds and quesnay_fleet_slots. Rejects where the store or the bus is away. */
export async function setGauges({ store, bus, metrics }: Fleet): Promise<void> {
  const [queued, workers, { costSeconds }] = await Promise.all([bus.backlog(), loadWorkers(bus), loadBacklog(store)])
  const { slots } = capacityOf(workers)
  metrics.backlog.set(queued)
  metrics.fleetSlots.set(slots)
  // Without a worker the whole cost waits, as for one thread: a fleet of none is started by it too.
  metrics.backlogSeconds.set(costSeconds / Math.max(1, slots))
}
