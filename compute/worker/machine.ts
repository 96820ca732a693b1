// The host side of the plan machine: runs a binding over a range of lanes, in batches that fit its memory and chunks that can be left.
import { QuesnayError } from '../../schema/errors.ts'
import type { LaneRange } from '../../schema/jobs.ts'
import { BLOCK_LANES, FIELD, HEADER, KERNEL_ABI, PAGE_BYTES } from '../layout/memory.ts'
import { columnValues, inputValue, seriesValues } from '../model/binding.ts'
import { type Plan, type PlanBinding, savedTimes } from '../model/plan.ts'
import { seedWords } from '../model/seed.ts'
import { batchLanes, place, writeProgram } from './encode.ts'
import { checkedModule, type KernelBytes } from './module.ts'

export { EnsembleMerger, type EnsembleRows, type MergePart } from './merger.ts'

/** How a run over a range ended. `lane` is absolute, `time` in the plan's unit, `timeIndex` into savedTimes(plan). */
export type MachineStatus =
  | { readonly kind: 'DONE' }
  | { readonly kind: 'CANCELLED' }
  | {
      readonly kind: 'NOT_A_NUMBER'
      readonly output: string
      readonly outputIndex: number
      readonly time: number
      readonly timeIndex: number
      readonly lane: number
    }

export interface MachineResult {
  /** values[(output * times + time) * lanes + (lane - range.from)], lanes = range.to - range.from. NaN is the canonical one. */
  readonly values: Float64Array<ArrayBuffer>
  readonly status: MachineStatus
}

export interface MachineOptions {
  /** Called between chunks with the share done in (0, 1]; false cancels: the status is then CANCELLED and the values are not whole. */
  readonly onChunk?: (fractionDone: number) => boolean | Promise<boolean>
  /** Block-steps between two looks; by default about 20 ms of work. The result does not depend on it. */
  readonly chunkSteps?: number
}

interface Exports {
  readonly prepare: () => void
  readonly advance: (budget: number) => number
}

/** Memory for columns and results of one batch, where it can be kept to: a few batches to a large shard. */
const BATCH_BYTES = 16 * 2 ** 20
/** Operations on a block in 20 ms, at a quarter of the measured speed: 0.25 ns per lane and operation. */
const CHUNK_OPERATIONS = 600_000

/** One instance of the plan machine; not to be shared between concurrent runs (a thread has its own). */
export class Machine {
  readonly #memory: WebAssembly.Memory
  readonly #maximumPages: number
  readonly #kernel: Exports

  private constructor(memory: WebAssembly.Memory, maximumPages: number, kernel: Exports) {
    this.#memory = memory
    this.#maximumPages = maximumPages
    this.#kernel = kernel
  }

  /** KERNEL_REFUSED: the hash differs, the ABI is unknown, imports other than env.memory, memory without a maximum. */
  static compile(kernel: KernelBytes, expectedSha256: string): Machine {
    const { module, initialPages, maximumPages } = checkedModule(kernel, expectedSha256)
    const memory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages })
    const instance = new WebAssembly.Instance(module, { env: { memory } })
    return new Machine(memory, maximumPages, instance.exports as unknown as Exports)
  }

  /**
   * Runs the lanes of a range; equal lanes of any range have equal bits. Columns by name: the slice of the range, one value per lane.
   * BAD_INPUT: an input, series or column is missing, not finite or of the wrong length; a seed that is no u64; an empty range.
   * LIMIT_EXCEEDED: one block of lanes does not fit the kernel's memory. KERNEL_REFUSED: a plan of another ABI.
   * KERNEL_FAILED: the kernel trapped.
   */
  async run(
    binding: Pick<PlanBinding, 'plan' | 'inputs' | 'series'>,
    columns: Readonly<Record<string, Float64Array>>,
    range: LaneRange,
    seed: string,
    options: MachineOptions = {},
  ): Promise<MachineResult> {
    const { plan } = binding
    const lanes = range.to - range.from
    checkPlan(plan, range)
    const times = savedTimes(plan)
    const inputs = plan.inputs.map((input) => inputValue(input, binding.inputs))
    const series = plan.series.map((s) => seriesValues(s, plan.time?.steps ?? 0, binding.series))
    const data = plan.columns.map((column) => columnValues(column, lanes, columns))
    const placement = place(plan, times.length, batchLanes(plan, times.length, lanes, BATCH_BYTES))
    this.#reserve(placement.end)
    const program = { inputs, series, seed: seedWords(seed) }
    writeProgram(this.#memory.buffer, plan, placement, times.length, program)

    const values = new Float64Array(plan.outputs.length * times.length * lanes)
    const unitsPerBlock = (plan.time?.steps ?? 0) + 1
    const units = Math.ceil(lanes / BLOCK_LANES) * unitsPerBlock
    const chunk = options.chunkSteps ?? defaultChunk(plan)
    let doneUnits = 0
    let fault: Fault | null = null
    for (let first = 0; first < lanes; first += placement.stride) {
      const count = Math.min(placement.stride, lanes - first)
      const view = new DataView(this.#memory.buffer)
      view.setUint32(HEADER + FIELD.lanes, count, true)
      view.setUint32(HEADER + FIELD.firstLane, range.from + first, true)
      data.forEach((column, i) =>
        this.#copyColumn(column, placement.columnDataAt + i * placement.stride * 8, first, count),
      )
      this.#call(() => this.#kernel.prepare())
      for (let done = chunk; done === chunk; ) {
        done = this.#call(() => this.#kernel.advance(chunk))
        doneUnits += done
        if (options.onChunk && !(await options.onChunk(Math.min(doneUnits / units, 1)))) {
          return { values, status: { kind: 'CANCELLED' } }
        }
      }
      const rows = plan.outputs.length * times.length
      copyRows(
        values,
        lanes,
        first,
        new Float64Array(this.#memory.buffer, placement.resultsAt, rows * placement.stride),
        count,
      )
      fault = earlier(fault, readFault(view, range.from + first))
    }
    return { values, status: fault ? statusOf(fault, plan, times) : { kind: 'DONE' } }
  }

  #reserve(bytes: number): void {
    const pages = Math.ceil(bytes / PAGE_BYTES)
    if (pages > this.#maximumPages) {
      const limit = this.#maximumPages * PAGE_BYTES
      throw new QuesnayError(
        'LIMIT_EXCEEDED',
        `the plan needs ${bytes} bytes for one block of lanes; the kernel has ${limit}`,
        {
          path: 'plan',
          limit,
          suggestion: 'save fewer outputs or fewer times',
        },
      )
    }
    const missing = pages - this.#memory.buffer.byteLength / PAGE_BYTES
    if (missing > 0) this.#memory.grow(missing)
  }

  #copyColumn(column: Float64Array, address: number, first: number, count: number): void {
    const padded = Math.ceil(count / BLOCK_LANES) * BLOCK_LANES
    const target = new Float64Array(this.#memory.buffer, address, padded)
    target.set(column.subarray(first, first + count))
    target.fill(0, count)
  }

  #call<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      if (!(cause instanceof WebAssembly.RuntimeError)) throw cause
      throw new QuesnayError('KERNEL_FAILED', `the plan machine trapped: ${cause.message}`, {}, { cause })
    }
  }
}

/** Output, time and absolute lane of a value that is not finite. */
interface Fault {
  readonly output: number
  readonly time: number
  readonly lane: number
}

function readFault(view: DataView, firstLane: number): Fault | null {
  const field = (name: keyof typeof FIELD) => view.getUint32(HEADER + FIELD[name], true)
  if (field('notFinite') === 0) return null
  return { output: field('faultOutput'), time: field('faultTime'), lane: firstLane + field('faultLane') }
}

/** The first by (time, output, lane); of two batches, the earlier one's lanes are lower. */
function earlier(a: Fault | null, b: Fault | null): Fault | null {
  if (!a || !b) return a ?? b
  return b.time < a.time || (b.time === a.time && b.output < a.output) ? b : a
}

function statusOf(fault: Fault, plan: Plan, times: readonly number[]): MachineStatus {
  return {
    kind: 'NOT_A_NUMBER',
    output: plan.outputs[fault.output]!.name,
    outputIndex: fault.output,
    time: times[fault.time]!,
    timeIndex: fault.time,
    lane: fault.lane,
  }
}

function copyRows(values: Float64Array, lanes: number, first: number, batch: Float64Array, count: number): void {
  const stride = batch.length / (values.length / lanes)
  for (let from = 0, to = first; from < batch.length; from += stride, to += lanes) {
    values.set(batch.subarray(from, from + count), to)
  }
}

function checkPlan(plan: Plan, range: LaneRange): void {
  if (plan.abi !== KERNEL_ABI) {
    const message = `the plan is of ABI ${plan.abi}; this worker runs ${KERNEL_ABI}`
    throw new QuesnayError('KERNEL_REFUSED', message, { path: 'plan.abi' })
  }
  const { from, to } = range
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && to > from && to <= 2 ** 32) return
  throw new QuesnayError('BAD_INPUT', `the range of lanes from ${from} to ${to} is empty or out of bounds`, {
    path: 'range',
  })
}

function defaultChunk(plan: Plan): number {
  const { draw, step, save } = plan.operations
  const perUnit =
    1 + step.length + save.length + plan.stocks.length + (plan.time ? 0 : draw.length + plan.randoms.length * 20)
  return Math.max(1, Math.floor(CHUNK_OPERATIONS / perUnit))
}
