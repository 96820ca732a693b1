// Values of single lanes, computed anew: a plan's lane depends on nothing but its own data and number.
import { BLOCK_LANES } from '../../layout/memory.ts'
import type { PlanBinding } from '../../model/plan.ts'
import { type ColumnValues, gathered, type PackedColumn, sliceOf } from '../columns/packed.ts'
import type { Batch, BatchSink, Machine } from '../machine.ts'

/** What a run of some lanes needs. */
export interface LaneSource {
  readonly machine: Machine
  readonly binding: Pick<PlanBinding, 'plan' | 'inputs' | 'series'>
  /** Of all lanes. */
  readonly columns: Readonly<Record<string, PackedColumn>>
  readonly lanes: number
  readonly seed: string
  /** As the sinks of the shards, so that the plan need not be written again. */
  readonly sink: Pick<BatchSink, 'batchLanes' | 'room'>
  readonly onChunk: () => boolean
}

/** Thrown where the work was cancelled between two chunks. */
export class LanesCancelled extends Error {}

/** A number that is none of a lane asked for. */
export const NOT_ASKED = 2 ** 32 - 1

/** Takes a batch: its i-th lane is the one that was asked for as number `asked[i]`, or NOT_ASKED. */
export type TakeLanes = (batch: Batch, asked: Uint32Array) => void

/** Runs some lanes; each that is asked for is in one batch. */
export async function runLanes(source: LaneSource, lanes: Uint32Array, take: TakeLanes): Promise<void> {
  if (lanes.length === 0) return
  const { plan } = source.binding
  if (plan.uniforms.length > 0) return runBlocks(source, lanes, take)
  const columns = mapped(source.columns, (column) => gathered(column, lanes))
  await run(source, columns, { from: 0, to: lanes.length }, (batch) => {
    take(
      batch,
      Uint32Array.from({ length: batch.count }, (_, i) => batch.first + i),
    )
  })
}

/** Random numbers go by the number of the lane: whole blocks are computed where they stand. */
async function runBlocks(source: LaneSource, lanes: Uint32Array, take: TakeLanes): Promise<void> {
  const numberOf = new Map(Array.from(lanes, (lane, number) => [lane, number]))
  const blocks = new Set(Array.from(lanes, (lane) => Math.floor(lane / BLOCK_LANES)))
  for (const block of blocks) {
    const range = { from: block * BLOCK_LANES, to: Math.min(source.lanes, (block + 1) * BLOCK_LANES) }
    const columns = mapped(source.columns, (column) => sliceOf(column, range.from, range.to))
    const asked = Uint32Array.from(
      { length: range.to - range.from },
      (_, i) => numberOf.get(range.from + i) ?? NOT_ASKED,
    )
    await run(source, columns, range, (batch) => take(batch, asked))
  }
}

async function run(
  { machine, binding, seed, sink, onChunk }: LaneSource,
  columns: Readonly<Record<string, ColumnValues>>,
  range: { readonly from: number; readonly to: number },
  take: (batch: Batch) => void,
): Promise<void> {
  const { status } = await machine.run(binding, columns, range, seed, { sink: { ...sink, take }, onChunk })
  if (status.kind === 'CANCELLED') throw new LanesCancelled()
}

function mapped<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
