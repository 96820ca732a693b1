// Computes a shard on a thread: its lanes' values, or of a population its sums and what is kept of its lanes.
import { totalCost } from '../model/cost.ts'
import type { ActiveShard } from './active.ts'
import type { ShardContent } from './computed.ts'
import type { WorkerContext } from './context.ts'
import { persistently } from './persistently.ts'
import type { Slot } from './thread-pool.ts'

export interface ComputedShard {
  readonly content: ShardContent
  readonly sha256: string
  readonly seconds: number
}

/** Loads what a shard needs and runs it. Rejects as Slot.run, and with STORE_UNAVAILABLE. */
export async function computeShard(
  worker: WorkerContext,
  active: ActiveShard,
  slot: Slot,
  signal: AbortSignal,
): Promise<ComputedShard> {
  const { envelope } = active
  const { tenant, range, seed, chunkSteps, kernel, resultSpec } = envelope
  const { bindings } = worker
  const load = <T>(work: () => Promise<T>) => persistently(worker, active, 'load', work)
  const { binding, planHash } = await load(() => bindings.load(tenant, envelope.params.sha256))
  const plan = { hash: planHash, plan: binding.plan }
  const lanes = range.to - range.from
  const given = { inputs: binding.inputs, series: binding.series }
  if (resultSpec.kind === 'POPULATION') {
    const spec = await load(() => bindings.loadSpec(tenant, resultSpec.sha256))
    const columns = await load(() => bindings.wholeColumns(tenant, binding))
    begin(active, slot)
    const task = { kind: 'SUM', kernel, plan, given, columns, range, seed, spec } as const
    const { numbers, sha256, seconds } = await slot.run(task, [], signal)
    worker.speed.note(seconds, lanes * totalCost(binding.plan))
    return { content: numbers, sha256, seconds }
  }
  const { columns, firstRows, rows } = await load(() => bindings.columns(tenant, binding, range))
  begin(active, slot)
  const task = { kind: 'RUN', kernel, plan, given, columns, range, firstRows, seed, chunkSteps } as const
  const buffers = Object.values(columns).map((column) => column.buffer)
  const { values, sha256, seconds } = await slot.run(task, buffers, signal)
  const rowsPerLane = rows.map((count) => count / lanes)
  worker.speed.note(seconds, lanes * totalCost(binding.plan, rowsPerLane))
  return { content: values, sha256, seconds }
}

function begin(active: ActiveShard, slot: Slot): void {
  active.step()
  active.follow(() => slot.chunks())
}
