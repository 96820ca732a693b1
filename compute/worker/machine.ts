// The host side of the plan machine: runs a binding over a range of lanes, in batches that fit its memory and chunks that can be left.
import { QuesnayError } from '../../schema/errors.ts'
import type { LaneRange } from '../../schema/jobs.ts'
import { BLOCK_LANES, FIELD, HEADER, PAGE_BYTES, wholeBlocks } from '../layout/memory.ts'
import { columnValues, inputValue, seriesValues } from '../model/binding.ts'
import { type Plan, type PlanBinding, savedTimes } from '../model/plan.ts'
import { seedWords } from '../model/seed.ts'
import { checkPlan } from './check-plan.ts'
import { writeProgram } from './encode.ts'
import { checkedModule, type KernelBytes } from './module.ts'
import { batchLanes, type Placement, place } from './placement.ts'

export { EnsembleMerger } from './merger.ts'

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

/** Lanes first .. first + count - 1 of the range. */
interface Batch {
  readonly placement: Placement
  readonly first: number
  readonly count: number
}

interface Exports {
  readonly prepare: () => void
  readonly advance: (budget: number) => number
}

/** Memory for columns and results of one batch, where it can be kept to: a few batches to a large shard. */
const BATCH_BYTES = 16 * 2 ** 20
/** Operations on a block of 64 lanes in 20 ms: some 0.8 ns per lane, the mean of cheap ones and exponentials. */
const CHUNK_OPERATIONS = 400_000

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
   * BAD_INPUT: an input, series or column is missing, not finite or of the wrong length; a seed that is no u64.
   * LIMIT_EXCEEDED: one block of lanes does not fit the kernel's memory. KERNEL_FAILED: the kernel trapped. Others: see checkPlan.
   */
  async run(
    binding: Pick<PlanBinding, 'plan' | 'inputs' | 'series'>,
    columns: Readonly<Record<string, Float64Array>>,
    range: LaneRange,
    seed: string,
    options: MachineOptions = {},
  ): Promise<MachineResult> {
    const { plan } = binding
    const times = savedTimes(plan)
    checkPlan(plan, times.length, range)
    const lanes = range.to - range.from
    const data = plan.columns.map((column) => columnValues(column, lanes, columns))
    const placement = place(plan, times.length, batchLanes(plan, times.length, lanes, BATCH_BYTES))
    this.#reserve(placement.end)
    writeProgram(this.#memory.buffer, plan, placement, times.length, {
      inputs: plan.inputs.map((input) => inputValue(input, binding.inputs)),
      series: plan.series.map((series) => seriesValues(series, plan.time?.steps ?? 0, binding.series)),
      seed: seedWords(seed),
    })

    const values = new Float64Array(plan.outputs.length * times.length * lanes)
    const progress = new Progress(plan, lanes, options)
    let fault: Fault | null = null
    for (let first = 0; first < lanes; first += placement.stride) {
      const batch: Batch = { placement, first, count: Math.min(placement.stride, lanes - first) }
      this.#load(batch, data, range.from + first)
      if (!(await this.#advance(progress))) return { values, status: { kind: 'CANCELLED' } }
      this.#unload(batch, values, lanes)
      fault = earlier(fault, readFault(new DataView(this.#memory.buffer), range.from + first))
    }
    return { values, status: fault ? statusOf(fault, plan, times) : { kind: 'DONE' } }
  }

  #load({ placement, first, count }: Batch, columns: readonly Float64Array[], firstLane: number): void {
    const { buffer } = this.#memory
    const view = new DataView(buffer)
    view.setUint32(HEADER + FIELD.lanes, count, true)
    view.setUint32(HEADER + FIELD.firstLane, firstLane, true)
    for (const [i, column] of columns.entries()) {
      const target = new Float64Array(buffer, placement.columnDataAt + i * placement.stride * 8, wholeBlocks(count))
      target.set(column.subarray(first, first + count))
      target.fill(0, count)
    }
  }

  /** False where the caller cancelled. */
  async #advance(progress: Progress): Promise<boolean> {
    this.#call(() => this.#kernel.prepare())
    for (;;) {
      const done = this.#call(() => this.#kernel.advance(progress.chunk))
      if (done > 0 && !(await progress.add(done))) return false
      if (done < progress.chunk) return true
    }
  }

  /** Copies the rows of a batch to their places in the values. */
  #unload({ placement, first, count }: Batch, values: Float64Array, lanes: number): void {
    const rows = values.length / lanes
    const { stride, resultsAt } = placement
    const results = new Float64Array(this.#memory.buffer, resultsAt, rows * stride)
    for (let row = 0; row < rows; row++) {
      values.set(results.subarray(row * stride, row * stride + count), row * lanes + first)
    }
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

/** Counts block-steps, and tells the caller between chunks. */
class Progress {
  readonly chunk: number
  readonly #units: number
  readonly #onChunk: MachineOptions['onChunk']
  #done = 0

  constructor(plan: Plan, lanes: number, options: MachineOptions) {
    this.chunk = options.chunkSteps ?? defaultChunk(plan)
    this.#units = Math.ceil(lanes / BLOCK_LANES) * ((plan.time?.steps ?? 0) + 1)
    this.#onChunk = options.onChunk
  }

  /** False where the caller cancels. */
  async add(units: number): Promise<boolean> {
    this.#done += units
    return this.#onChunk ? await this.#onChunk(this.#done / this.#units) : true
  }
}

function defaultChunk(plan: Plan): number {
  const { draw, step, save } = plan.operations
  // A random number costs as much as some twenty operations.
  const perBlock = plan.time ? 0 : draw.length + plan.randoms.length * 20
  return Math.max(1, Math.floor(CHUNK_OPERATIONS / (1 + step.length + save.length + plan.stocks.length + perBlock)))
}
