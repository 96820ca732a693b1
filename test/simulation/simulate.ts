// Runs the fleet on paper, as it is designed, and says how busy each part of it was.
import { DispatcherSide } from './dispatcher-side.ts'
import type { SimulationOptions } from './options.ts'
import type { StationFigures } from './station.ts'
import { WorkerSide } from './worker-side.ts'
import { type Counts, World } from './world.ts'

export interface SimulationResult {
  /** Equal for equal options and seed. */
  readonly trace: string
  readonly events: number
  readonly simulatedMs: number
  readonly shardsPerSecond: number
  /** Share of the threads' time in which they computed. */
  readonly slotUtilisation: number
  readonly broker: StationFigures
  readonly database: StationFigures
  /** Of the job whose row was held the largest share of its life, and of all that waited for a row. */
  readonly busiestRow: { readonly share: number; readonly meanWaitMs: number }
  readonly unfinishedAtEnd: number
  readonly counts: Counts
}

export function simulate(options: SimulationOptions): SimulationResult {
  const world = new World(options)
  const dispatchers = new DispatcherSide(world)
  const workers = new WorkerSide(world, dispatchers)
  world.sim.run(() => world.over)
  const { sim, counts, locks } = world
  const threads = options.workers * options.slots
  return {
    trace: sim.trace,
    events: sim.events,
    simulatedMs: sim.now,
    shardsPerSecond: (1000 * counts.stored) / sim.now,
    slotUtilisation: workers.slotMs / (threads * sim.now),
    broker: world.broker.figures(),
    database: world.database.figures(),
    busiestRow: { share: busiestShare(world), meanWaitMs: locks.waits.totalMs / Math.max(1, locks.waits.count) },
    unfinishedAtEnd: dispatchers.unfinished,
    counts,
  }
}

function busiestShare({ work, locks, options }: World): number {
  const { counterRows } = options.changes
  let most = 0
  for (let job = 0; job < work.jobs; job++) {
    const life = work.endedAt[job]! - work.firstStoredAt[job]!
    if (work.shards[job]! < 100 || life <= 0) continue
    for (let row = 0; row < counterRows; row++) most = Math.max(most, locks.heldMs[job * counterRows + row]! / life)
  }
  return Math.min(1, most)
}
