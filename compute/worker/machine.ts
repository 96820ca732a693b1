// The host side of the plan machine: runs a binding over a range of lanes, in batches that fit its memory and chunks that can be left.
import { QuesnayError } from '../../schema/errors.ts'
import type { LaneRange } from '../../schema/jobs.ts'
import { BLOCK_LANES, LINE_BYTES, PAGE_BYTES } from '../layout/memory.ts'
import { firstRowsOf, inputValue, planColumns, planTrajectories, seriesValues } from '../model/binding.ts'
import { costOf } from '../model/cost.ts'
import { type Members, membersOf } from '../model/members.ts'
import { earlier, type Fault, type Outcome, outcomeOf } from '../model/outcome.ts'
import { type Plan, type PlanBinding, planHash } from '../model/plan.ts'
import { seedWords } from '../model/seed.ts'
import {
  checkSnapshot,
  type Part,
  type Snapshot,
  type Span,
  spanOf,
  stateLevels,
  stateOffsets,
} from '../model/snapshot.ts'
import { loadBatch, readFault, runData, unloadResults, unloadState } from './batch.ts'
import { checkPlan } from './check-plan.ts'
import { type ColumnValues, unpacked } from './columns/packed.ts'
import { type ProgramValues, writeProgram, writeValues } from './encode.ts'
import { instantiate, type KernelBytes } from './module.ts'
import { type Placement, place, shapeOf, shapeWith } from './placement.ts'

export { EnsembleMerger } from './merger.ts'

/** How a run over a range ended; see Outcome. */
export type MachineStatus = Outcome | { readonly kind: 'CANCELLED' }

export interface MachineResult {
  /**
   * values[(output * times + time) * lanes + (lane - range.from)], lanes = range.to - range.from, times: those saved within the
   * part that was run. NaN is the canonical one.
   */
  readonly values: Float64Array<ArrayBuffer>
  readonly status: MachineStatus
  /** The state at the start of step `until`, where that was asked for. */
  readonly snapshot: Snapshot | null
}

export interface MachineOptions extends Part {
  /** By level: the absolute number of the range's first row. Needed where members draw random numbers and the range does not begin at 0. */
  readonly firstRows?: readonly number[]
  /** Called between chunks with the share done in (0, 1]; false cancels: the status is then CANCELLED and the values are not whole. */
  readonly onChunk?: (fractionDone: number) => boolean | Promise<boolean>
  /** Block-steps between two looks; by default about 20 ms of work. The result does not depend on it. */
  readonly chunkSteps?: number
  /** Takes the results batch by batch; the values of the result are then empty. Only of plans without time and members. */
  readonly sink?: BatchSink
}

/** Who takes the lanes of a run as they come. */
export interface BatchSink {
  /** Lanes of a batch, the last one but: a multiple of 64. */
  readonly batchLanes: number
  /** Bytes of the machine's memory that it needs beside the results. */
  readonly room: number
  take(batch: Batch): void
}

/** Lanes first .. first + count - 1 of a run, as they lie in the machine's memory until `take` returns. */
export interface Batch {
  readonly buffer: ArrayBuffer
  /** Addresses: of the results, f64[output][stride], and of the sink's own room. */
  readonly resultsAt: number
  readonly stride: number
  readonly roomAt: number
  readonly first: number
  readonly count: number
  /** Functions over this memory. */
  readonly kernel: LaneFunctions
}

/** Bytes of the machine's memory from an address on. */
export interface Workspace {
  readonly buffer: ArrayBuffer
  readonly at: number
  readonly kernel: LaneFunctions
}

/** What the machine has for lanes once they are computed; addresses in its memory. See compute/kernels/lib of these names. */
export interface LaneFunctions {
  /** weighted-sums.ts */
  readonly sumRuns: (
    rows: number,
    count: number,
    weight: number,
    order: number,
    begins: number,
    runs: number,
    sums: number,
    largest: number,
  ) => void
  /** orders.ts */
  readonly orderByValue: (values: number, n: number, order: number, work: number) => void
  readonly orderByCode: (
    values: number,
    n: number,
    codes: number,
    order: number,
    begins: number,
    found: number,
    counts: number,
  ) => number
  readonly gather: (values: number, order: number, n: number, to: number) => void
}

interface Exports extends LaneFunctions {
  readonly prepare: () => void
  readonly advance: (budget: number) => number
}

/** A plan as it lies in the machine's memory. */
interface Program {
  readonly plan: Plan
  readonly levels: Int8Array
  readonly placement: Placement
}

/** Memory for columns, state and results of one batch, where it can be kept to: a few batches to a large shard. */
const BATCH_BYTES = 16 * 2 ** 20
/** Operations on a block of 64 lanes in 20 ms: some 0.8 ns per lane, the mean of cheap ones and exponentials. */
const CHUNK_OPERATIONS = 400_000

/** One instance of the plan machine; not to be shared between concurrent runs (a thread has its own). */
export class Machine {
  readonly #memory: WebAssembly.Memory
  readonly #maximumPages: number
  readonly #kernel: Exports
  /** The program of the last run, where that had a sink. */
  #last: (Program & Pick<BatchSink, 'batchLanes' | 'room'>) | undefined

  private constructor(memory: WebAssembly.Memory, maximumPages: number, kernel: Exports) {
    this.#memory = memory
    this.#maximumPages = maximumPages
    this.#kernel = kernel
  }

  /** KERNEL_REFUSED: see instantiate. */
  static compile(kernel: KernelBytes, expectedSha256: string): Machine {
    const { memory, maximumPages, exports } = instantiate(kernel, expectedSha256)
    return new Machine(memory, maximumPages, exports as unknown as Exports)
  }

  /**
   * Runs the lanes of a range; equal lanes of any range have equal bits, and parts of a run those of the whole.
   * Columns by name, those that count members and trajectories among them: the slice of the range; trajectories are not packed.
   * BAD_INPUT: an input, series or column is missing, not finite or of the wrong length; a count that is none; a seed that is no
   * u64; a part that does not fit, see spanOf.
   * LIMIT_EXCEEDED: one block of lanes does not fit the kernel's memory. KERNEL_FAILED: the kernel trapped. Others: see checkPlan.
   */
  async run(
    binding: Pick<PlanBinding, 'plan' | 'inputs' | 'series'>,
    columns: Readonly<Record<string, ColumnValues>>,
    range: LaneRange,
    seed: string,
    options: MachineOptions = {},
  ): Promise<MachineResult> {
    const { plan } = binding
    const { from, sink } = options
    const span = spanOf(plan, range, options)
    const times = span.saved.length
    const lanes = range.to - range.from
    const members = membersOf(plan, lanes, countsOf(plan, columns))
    const values = valuesOf(binding, seed, span, from !== undefined)
    const program = sink
      ? this.#streaming(plan, range, sink, values)
      : this.#program(plan, times, range, members, options, values)
    const { levels, placement } = program
    const state = from || span.until !== null ? stateLevels(plan, levels) : []
    const offsets = stateOffsets(state, members.rows)
    if (from) checkSnapshot(from, offsets.at(-1)!)
    const data = runData({
      plan,
      placement,
      members,
      firstRows: firstRowsOf(plan, range, options.firstRows),
      columns: planColumns(plan, members.rows, columns),
      trajectories: planTrajectories(plan, lanes, columns as Readonly<Record<string, Float64Array>>),
      state,
      stateOffsets: offsets,
      given: from?.values ?? null,
    })

    const saved = new Float64Array(sink ? 0 : plan.outputs.length * times * lanes)
    const left = new Float64Array(span.until === null ? 0 : offsets.at(-1)!)
    const rowsPerLane = members.rows.map((rows) => rows / lanes)
    const progress = new Progress(plan, span, lanes, rowsPerLane, options)
    let fault: Fault | null = null
    for (let first = 0; first < lanes; first += placement.stride) {
      const count = Math.min(placement.stride, lanes - first)
      loadBatch(this.#memory.buffer, data, first, count)
      if (!(await this.#advance(progress))) return { values: saved, status: { kind: 'CANCELLED' }, snapshot: null }
      if (sink) sink.take(this.#batch(placement, first, count))
      else unloadResults(this.#memory.buffer, placement, first, count, saved, lanes)
      if (span.until !== null) unloadState(this.#memory.buffer, data, first, count, left)
      fault = earlier(fault, readFault(this.#memory.buffer, range.from + first))
    }
    const snapshot = span.until === null ? null : { planHash: planHash(plan), step: span.until, range, values: left }
    return { values: saved, status: outcomeOf(fault, plan), snapshot }
  }

  /**
   * Room in the machine's memory for whoever works on lanes; it stays where it is through runs of this plan for sinks of this size.
   * LIMIT_EXCEEDED: it does not fit.
   */
  workspace(
    binding: Pick<PlanBinding, 'plan' | 'inputs' | 'series'>,
    seed: string,
    sink: Pick<BatchSink, 'batchLanes' | 'room'>,
    bytes: number,
  ): Workspace {
    const { plan } = binding
    const range = { from: 0, to: sink.batchLanes }
    const { placement } = this.#streaming(plan, range, sink, valuesOf(binding, seed, spanOf(plan, range, {}), false))
    const at = Math.ceil(placement.end / LINE_BYTES) * LINE_BYTES
    this.#reserve(at + bytes)
    return { buffer: this.#memory.buffer, at, kernel: this.#kernel }
  }

  /** Checks a plan and writes it into the memory. */
  #program(plan: Plan, times: number, range: LaneRange, members: Members, part: Part, values: ProgramValues): Program {
    this.#last = undefined
    const levels = checkPlan(plan, times, range)
    const state = part.from || values.span.until !== null ? stateLevels(plan, levels) : []
    const contents = { levels, state, times }
    const placement = place(plan, contents, shapeOf(plan, members, contents, BATCH_BYTES))
    this.#reserve(placement.end)
    writeProgram(this.#memory.buffer, plan, placement, values)
    return { plan, levels, placement }
  }

  /** The same for a sink. The plan that the last run had is there still: only what it is given is written. */
  #streaming(
    plan: Plan,
    range: LaneRange,
    { batchLanes, room }: Pick<BatchSink, 'batchLanes' | 'room'>,
    values: ProgramValues,
  ): Program {
    const last = this.#last
    if (last?.plan === plan && last.batchLanes === batchLanes && last.room >= room) {
      writeValues(this.#memory.buffer, plan, last.placement, values)
      return last
    }
    this.#last = undefined
    if (plan.time || plan.levels.length > 1) {
      throw new QuesnayError('CONSTRUCT_UNSUPPORTED', 'only plans without time and members are taken batch by batch', {
        path: 'plan',
      })
    }
    const levels = checkPlan(plan, 0, range)
    const shape = shapeWith(plan, membersOf(plan, batchLanes, {}), batchLanes)
    const placement = place(plan, { levels, state: [], times: 1, room }, shape)
    this.#reserve(placement.end)
    writeProgram(this.#memory.buffer, plan, placement, values)
    this.#last = { plan, levels, placement, batchLanes, room }
    return this.#last
  }

  #batch({ resultsAt, stride, roomAt }: Placement, first: number, count: number): Batch {
    return { buffer: this.#memory.buffer, resultsAt, stride, roomAt, first, count, kernel: this.#kernel }
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

function valuesOf(
  { plan, inputs, series }: Pick<PlanBinding, 'plan' | 'inputs' | 'series'>,
  seed: string,
  span: Span,
  continues: boolean,
): ProgramValues {
  return {
    inputs: plan.inputs.map((input) => inputValue(input, inputs)),
    series: plan.series.map((one) => seriesValues(one, plan.time?.steps ?? 0, series)),
    seed: seedWords(seed),
    ...{ span, continues },
  }
}

/** The columns that count members. */
function countsOf(plan: Plan, columns: Readonly<Record<string, ColumnValues>>): Record<string, Float64Array> {
  const counts: Record<string, Float64Array> = {}
  for (const { count } of plan.levels) {
    const column = count === null || !Object.hasOwn(columns, count) ? undefined : columns[count]
    if (column) counts[count!] = unpacked(column)
  }
  return counts
}

/** Counts block-steps, and tells the caller between chunks. */
class Progress {
  readonly chunk: number
  readonly #units: number
  readonly #onChunk: MachineOptions['onChunk']
  #done = 0

  constructor(plan: Plan, span: Span, lanes: number, rowsPerLane: readonly number[], options: MachineOptions) {
    this.chunk = options.chunkSteps ?? defaultChunk(plan, rowsPerLane)
    const last = span.until ?? plan.time?.steps ?? 0
    this.#units = Math.ceil(lanes / BLOCK_LANES) * (last - span.first + 1)
    this.#onChunk = options.onChunk
  }

  /** False where the caller cancels. */
  async add(units: number): Promise<boolean> {
    this.#done += units
    return this.#onChunk ? await this.#onChunk(this.#done / this.#units) : true
  }
}

function defaultChunk(plan: Plan, rowsPerLane: readonly number[]): number {
  const { perLane, perStep, perSave } = costOf(plan, rowsPerLane)
  return Math.max(1, Math.floor(CHUNK_OPERATIONS / (1 + perStep + perSave + (plan.time ? 0 : perLane))))
}
