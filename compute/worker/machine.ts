// The host side of the plan machine: runs a binding over a range of lanes, in batches that fit its memory and chunks that can be left.
import { QuesnayError } from '../../schema/errors.ts'
import type { LaneRange } from '../../schema/jobs.ts'
import { BLOCK_LANES, PAGE_BYTES } from '../layout/memory.ts'
import { firstRowsOf, inputValue, planColumns, planTrajectories, seriesValues } from '../model/binding.ts'
import { costOf } from '../model/cost.ts'
import { membersOf } from '../model/members.ts'
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
import { writeProgram } from './encode.ts'
import { checkedModule, type KernelBytes } from './module.ts'
import { place, shapeOf } from './placement.ts'

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
}

interface Exports {
  readonly prepare: () => void
  readonly advance: (budget: number) => number
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
   * Runs the lanes of a range; equal lanes of any range have equal bits, and parts of a run those of the whole.
   * Columns by name, those that count members and trajectories among them: the slice of the range.
   * BAD_INPUT: an input, series or column is missing, not finite or of the wrong length; a count that is none; a seed that is no
   * u64; a part that does not fit, see spanOf.
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
    const { from } = options
    const span = spanOf(plan, range, options)
    const times = span.saved.length
    const levels = checkPlan(plan, times, range)
    const lanes = range.to - range.from
    const members = membersOf(plan, lanes, columns)
    const state = from || span.until !== null ? stateLevels(plan, levels) : []
    const contents = { levels, state, times }
    const placement = place(plan, contents, shapeOf(plan, members, contents, BATCH_BYTES))
    const offsets = stateOffsets(state, members.rows)
    if (from) checkSnapshot(from, offsets.at(-1)!)
    const data = runData({
      plan,
      placement,
      members,
      firstRows: firstRowsOf(plan, range, options.firstRows),
      columns: planColumns(plan, members.rows, columns),
      trajectories: planTrajectories(plan, lanes, columns),
      state,
      stateOffsets: offsets,
      given: from?.values ?? null,
    })
    this.#reserve(placement.end)
    writeProgram(this.#memory.buffer, plan, placement, {
      inputs: plan.inputs.map((input) => inputValue(input, binding.inputs)),
      series: plan.series.map((series) => seriesValues(series, plan.time?.steps ?? 0, binding.series)),
      seed: seedWords(seed),
      span,
      continues: from !== undefined,
    })

    const values = new Float64Array(plan.outputs.length * times * lanes)
    const left = new Float64Array(span.until === null ? 0 : offsets.at(-1)!)
    const rowsPerLane = members.rows.map((rows) => rows / lanes)
    const progress = new Progress(plan, span, lanes, rowsPerLane, options)
    let fault: Fault | null = null
    for (let first = 0; first < lanes; first += placement.stride) {
      const count = Math.min(placement.stride, lanes - first)
      loadBatch(this.#memory.buffer, data, first, count)
      if (!(await this.#advance(progress))) return { values, status: { kind: 'CANCELLED' }, snapshot: null }
      unloadResults(this.#memory.buffer, placement, first, count, values, lanes)
      if (span.until !== null) unloadState(this.#memory.buffer, data, first, count, left)
      fault = earlier(fault, readFault(this.#memory.buffer, range.from + first))
    }
    const snapshot = span.until === null ? null : { planHash: planHash(plan), step: span.until, range, values: left }
    return { values, status: outcomeOf(fault, plan), snapshot }
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
