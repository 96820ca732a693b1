// Values of single lanes, computed anew: a plan's lane depends on nothing but its own data and number.
import { BLOCK_LANES } from '../../layout/memory.ts'
import type { PlanBinding } from '../../model/plan.ts'
import { gathered, type PackedColumn, sliceOf } from '../columns/packed.ts'
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

/** Values [output][lane] of some outputs in some lanes, in the order given. */
export async function valuesOfLanes(
  source: LaneSource,
  lanes: Uint32Array,
  outputs: readonly number[],
): Promise<Float64Array> {
  if (lanes.length === 0) return new Float64Array(0)
  const { plan } = source.binding
  if (plan.uniforms.length > 0) return valuesByBlock(source, lanes, outputs)
  const columns = mapped(source.columns, (column) => gathered(column, lanes))
  return run(source, columns, { from: 0, to: lanes.length }, outputs)
}

/** Random numbers go by the number of the lane: whole blocks are computed where they stand. */
async function valuesByBlock(
  source: LaneSource,
  lanes: Uint32Array,
  outputs: readonly number[],
): Promise<Float64Array> {
  const values = new Float64Array(outputs.length * lanes.length)
  const places = new Map<number, number[]>()
  for (const [i, lane] of lanes.entries()) {
    const block = Math.floor(lane / BLOCK_LANES)
    const there = places.get(block)
    if (there) there.push(i)
    else places.set(block, [i])
  }
  for (const [block, those] of places) {
    const range = { from: block * BLOCK_LANES, to: Math.min(source.lanes, (block + 1) * BLOCK_LANES) }
    const columns = mapped(source.columns, (column) => sliceOf(column, range.from, range.to))
    const own = await run(source, columns, range, outputs)
    const count = range.to - range.from
    for (const i of those) {
      for (let row = 0; row < outputs.length; row++) {
        values[row * lanes.length + i] = own[row * count + lanes[i]! - range.from]!
      }
    }
  }
  return values
}

async function run(
  { machine, binding, seed, sink, onChunk }: LaneSource,
  columns: Readonly<Record<string, PackedColumn>>,
  range: { readonly from: number; readonly to: number },
  outputs: readonly number[],
): Promise<Float64Array> {
  const lanes = range.to - range.from
  const values = new Float64Array(outputs.length * lanes)
  const take = ({ buffer, resultsAt, stride, first, count }: Batch) => {
    for (const [row, output] of outputs.entries()) {
      values.set(new Float64Array(buffer, resultsAt + output * stride * 8, count), row * lanes + first)
    }
  }
  const { status } = await machine.run(binding, columns, range, seed, { sink: { ...sink, take }, onChunk })
  if (status.kind === 'CANCELLED') throw new LanesCancelled()
  return values
}

function mapped<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
