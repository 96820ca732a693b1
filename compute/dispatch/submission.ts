// A submission, checked and made canonical: what is wrong is said before anything is stored.
import { isQuesnayError, QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { type KernelRef, parentKeyOf, type QuestionKey, type ResultSpec } from '../../schema/jobs.ts'
import { nearest } from '../../schema/nearest.ts'
import { JobClass, RunKind } from '../../schema/terms/run.ts'
import { KERNEL_ABI } from '../layout/memory.ts'
import { type Members, membersOf, neededColumns } from '../model/members.ts'
import { canonicalPlan, type Plan, type PlanBinding } from '../model/plan.ts'
import { encodeSpec } from './envelope.ts'
import { encodeParams } from './params.ts'
import { readPopulationSpec } from './population-spec.ts'
import type { Provenance, StoredColumn, Submission } from './port.ts'
import { cellsPerLane } from './shards.ts'

export const MAX_LANES = 1_000_000
/** Values of all lanes of an ensemble: 1 GiB in the store until they are merged. */
export const MAX_ENSEMBLE_CELLS = 2 ** 27
/** Values of a result by lanes, which is read in one piece: 128 MiB. */
export const MAX_LANES_CELLS = 2 ** 24
/** Outputs times saved times of an ensemble: each is a row of the time series. */
export const MAX_ENSEMBLE_ROWS = 2 ** 18
export const MAX_PROBABILITIES = 101
const MAX_SEED = 2n ** 64n - 1n

/** The kernels that a run uses: the plan machine, and the statistics that merge an ensemble. */
export interface Kernels {
  readonly machine: KernelRef
  readonly stats: KernelRef
}

/** A question ready to be stored. */
export interface Question {
  readonly tenant: string
  readonly kind: RunKind
  readonly subject: { readonly type: string; readonly id: string }
  readonly class: JobClass
  readonly plan: Plan
  readonly lanes: number
  /** Of each level of the plan. */
  readonly rows: readonly number[]
  readonly seed: string
  readonly spec: ResultSpec
  readonly shards: number | undefined
  readonly kernel: KernelRef
  readonly key: QuestionKey
  readonly parentKey: string
  /** By SHA-256: the plan, the parameters, each column, and what is asked of a population. */
  readonly blobs: ReadonlyMap<string, Uint8Array>
  /** Columns that are to be stored already: SHA-256 -> values. */
  readonly stored: ReadonlyMap<string, number>
  readonly provenance: Provenance
  readonly verifies: string | null
}

/**
 * Checks a submission and derives its key; equal questions of any tenant have equal keys.
 * Errors, each with the path of what is wrong: BAD_INPUT, LIMIT_EXCEEDED, CONSTRUCT_UNSUPPORTED (a plan of another ABI).
 */
export function readSubmission(submission: Submission, kernels: Kernels, engineVersion: string): Question {
  const { plan, tenant, subject } = submission
  check(
    /^[a-z0-9][a-z0-9-]{0,62}$/.test(tenant),
    'tenant',
    'must be lower-case letters, digits and hyphens, at most 63',
  )
  check(Object.hasOwn(RunKind, submission.kind), 'kind', `must be one of ${Object.keys(RunKind).join(', ')}`)
  check(subject.type !== '' && subject.id !== '', 'subject', 'must name a type and an id')
  const jobClass = submission.class ?? JobClass.NORMAL
  check(Object.values(JobClass).includes(jobClass), 'class', 'must be p0, p1 or p2')
  checkPlan(plan)
  const lanes = readLanes(submission.lanes)
  const seed = readSeed(submission.seed ?? '0')
  const spec = readSpec(plan, submission.result)
  checkCells(plan, lanes, spec)
  const { shards } = submission
  check(
    shards === undefined || (Number.isSafeInteger(shards) && shards >= 1),
    'shards',
    'must be a whole number from 1',
  )

  const blobs = new Map<string, Uint8Array>()
  const { binding, rows, stored } = bindingOf(submission, blobs)
  const { text, hash: planHash } = canonicalPlan(plan)
  blobs.set(planHash, new TextEncoder().encode(text))
  const params = keep(blobs, encodeParams(binding, planHash))
  if (spec.kind === 'POPULATION') keep(blobs, encodeSpec(spec))
  // The reference alone: what is given may carry the kernel's bytes.
  const { name, sha256: hash, abi } = kernels.machine
  const kernel: KernelRef = { name, sha256: hash, abi }
  // An ensemble's bits come from both kernels.
  const used = spec.kind === 'ENSEMBLE' ? [kernel, kernels.stats] : [kernel]
  const kernelKey = used.map((one) => one.sha256).join('+')
  const key: QuestionKey = { kernel: kernelKey, abi: kernel.abi, params, seed, lanes, resultSpec: spec }
  return {
    tenant,
    kind: submission.kind,
    subject: { type: subject.type, id: subject.id },
    class: jobClass,
    plan,
    lanes,
    rows,
    seed,
    spec,
    shards,
    kernel,
    key,
    parentKey: parentKeyOf(key),
    blobs,
    stored,
    provenance: {
      dataVersions: [],
      bankVersion: null,
      parameterSnapshot: null,
      ...submission.provenance,
      planHash,
      kernels: used.map((one) => `${one.name}@${one.sha256}`),
      seed,
      engineVersion,
    },
    verifies: submission.verifies ?? null,
  }
}

function check(good: boolean, path: string, must: string, detail: Record<string, unknown> = {}): asserts good {
  if (!good) throw new QuesnayError('BAD_INPUT', `${path} ${must}`, { path, ...detail })
}

function checkPlan(plan: Plan): void {
  if (plan.abi !== KERNEL_ABI) {
    const message = `the plan is of ABI ${plan.abi}, the plan machine of ${KERNEL_ABI}`
    throw new QuesnayError('CONSTRUCT_UNSUPPORTED', message, { path: 'plan.abi', suggestion: 'lower the model again' })
  }
  check(plan.outputs.length > 0, 'plan.outputs', 'must name one output or more')
  try {
    canonicalPlan(plan)
  } catch (cause) {
    // Canonical JSON has no NaN and no infinity.
    const message = 'the plan holds a number that is not finite'
    throw new QuesnayError('BAD_INPUT', message, { path: 'plan' }, { cause })
  }
}

function readLanes(lanes: number): number {
  check(Number.isSafeInteger(lanes) && lanes >= 1, 'lanes', 'must be a whole number from 1', { limit: MAX_LANES })
  if (lanes <= MAX_LANES) return lanes
  throw new QuesnayError('LIMIT_EXCEEDED', `lanes must be at most ${MAX_LANES}, and are ${lanes}`, {
    path: 'lanes',
    limit: MAX_LANES,
    suggestion: `ask for ${MAX_LANES} or fewer`,
  })
}

function readSeed(seed: string): string {
  const good = typeof seed === 'string' && /^\d{1,20}$/.test(seed) && BigInt(seed) <= MAX_SEED
  check(good, 'seed', `must be a whole number from 0 to ${MAX_SEED}, as text`)
  return BigInt(seed).toString()
}

function readSpec(plan: Plan, spec: ResultSpec): ResultSpec {
  if (spec.kind === 'LANES') return { kind: 'LANES' }
  if (spec.kind === 'POPULATION') return readPopulationSpec(plan, spec)
  check(spec.kind === 'ENSEMBLE', 'result.kind', 'must be ENSEMBLE, LANES or POPULATION')
  const { probabilities } = spec
  check(
    probabilities.every((p) => p >= 0 && p <= 1),
    'result.probabilities',
    'must lie between 0 and 1',
  )
  if (probabilities.length > MAX_PROBABILITIES) {
    const message = `an ensemble has at most ${MAX_PROBABILITIES} quantiles`
    throw new QuesnayError('LIMIT_EXCEEDED', message, { path: 'result.probabilities', limit: MAX_PROBABILITIES })
  }
  return { kind: 'ENSEMBLE', probabilities: [...probabilities] }
}

function checkCells(plan: Plan, lanes: number, spec: ResultSpec): void {
  if (spec.kind === 'POPULATION') {
    // The lanes stay where they are computed, but their columns are read whole.
    const values = lanes * plan.columns.length
    if (values <= MAX_ENSEMBLE_CELLS) return
    const message = `${plan.columns.length} columns of ${lanes} units make ${values} values; the limit is ${MAX_ENSEMBLE_CELLS}`
    throw new QuesnayError('LIMIT_EXCEEDED', message, { path: 'lanes', limit: MAX_ENSEMBLE_CELLS })
  }
  if (spec.kind === 'ENSEMBLE' && cellsPerLane(plan) > MAX_ENSEMBLE_ROWS) {
    const message = `${plan.outputs.length} outputs at their saved times make ${cellsPerLane(plan)} rows; the limit is ${MAX_ENSEMBLE_ROWS}`
    const suggestion = 'save fewer times or outputs'
    throw new QuesnayError('LIMIT_EXCEEDED', message, { path: 'plan.outputs', limit: MAX_ENSEMBLE_ROWS, suggestion })
  }
  const cells = lanes * cellsPerLane(plan)
  const limit = spec.kind === 'LANES' ? MAX_LANES_CELLS : MAX_ENSEMBLE_CELLS
  if (cells <= limit) return
  const fit = Math.floor(limit / cellsPerLane(plan))
  throw new QuesnayError('LIMIT_EXCEEDED', `${lanes} lanes of this plan make ${cells} values; the limit is ${limit}`, {
    path: 'lanes',
    limit,
    suggestion: fit > 0 ? `ask for ${fit} lanes, or save fewer times or outputs` : 'save fewer times or outputs',
  })
}

/**
 * Inputs and series with a default are filled in, so that leaving one out and giving its default are one question. Values that
 * the plan does not ask for are left out: a plan holds only what its outputs need. `rows`: of each level.
 */
function bindingOf(
  submission: Submission,
  blobs: Map<string, Uint8Array>,
): { binding: PlanBinding; rows: readonly number[]; stored: ReadonlyMap<string, number> } {
  const { plan, inputs = {}, series = {}, columns = {}, lanes } = submission
  const boundInputs: Record<string, number> = {}
  for (const input of plan.inputs) {
    const value = inputs[input.name] ?? input.default
    if (value === null) throw missing('inputs', input.name, inputs)
    check(Number.isFinite(value), `inputs.${input.name}`, `must be a finite number, and is ${value}`)
    boundInputs[input.name] = value
  }
  const steps = plan.time?.steps ?? 0
  const boundSeries: Record<string, readonly number[]> = {}
  for (const { name, default: fallback } of plan.series) {
    const values = series[name] ?? (fallback === null ? undefined : new Array<number>(steps + 1).fill(fallback))
    if (!values) throw missing('series', name, series)
    checkValues(`series.${name}`, values, steps + 1)
    boundSeries[name] = [...values]
  }
  const boundColumns: Record<string, string> = {}
  const stored = new Map<string, number>()
  const { rows } = countRows(plan, lanes, columns)
  const needed = [
    ...neededColumns(plan).map(({ name, level }) => ({ name, length: rows[level]! })),
    ...plan.trajectories.map(({ name }) => ({ name, length: lanes * (steps + 1) })),
  ]
  for (const { name, length } of needed) {
    const values = columns[name]
    if (!values) throw missing('columns', name, columns)
    if (isStored(values)) {
      checkLength(`columns.${name}`, values, length)
      stored.set(values.sha256, length)
      boundColumns[name] = values.sha256
    } else {
      checkValues(`columns.${name}`, values, length)
      boundColumns[name] = keep(blobs, new Uint8Array(new Float64Array(values).buffer))
    }
  }
  return { binding: { plan, inputs: boundInputs, series: boundSeries, columns: boundColumns }, rows, stored }
}

/** The rows of each level; a fault is told by the path of its column. */
function countRows(plan: Plan, lanes: number, columns: NonNullable<Submission['columns']>): Members {
  const counts: Record<string, Float64Array> = {}
  for (const { count } of plan.levels) {
    if (count === null) continue
    const values = columns[count]
    if (!values) throw missing('columns', count, columns)
    check(!isStored(values), `columns.${count}`, 'counts members, and must be given by its values')
    counts[count] = values
  }
  try {
    return membersOf(plan, lanes, counts)
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    throw new QuesnayError(error.code, error.message, { ...error.detail, path: `columns.${error.detail['path']}` })
  }
}

function missing(path: string, name: string, given: Readonly<Record<string, unknown>>): QuesnayError {
  const like = nearest(name, Object.keys(given))
  const message = `${path}.${name} is missing and has no default`
  return new QuesnayError('BAD_INPUT', message, {
    path: `${path}.${name}`,
    suggestion: like ? `give ${name}; ${like} is like it` : `give ${name}`,
  })
}

function isStored(column: Float64Array | StoredColumn): column is StoredColumn {
  return 'sha256' in column
}

function checkLength(path: string, values: { readonly length: number }, length: number): void {
  check(values.length === length, path, `must have ${length} values, and has ${values.length}`, { expected: length })
}

function checkValues(path: string, values: ArrayLike<number>, length: number): void {
  checkLength(path, values, length)
  for (let i = 0; i < length; i++)
    if (!Number.isFinite(values[i])) check(false, path, `must be finite, and is ${values[i]} at ${i}`, { index: i })
}

function keep(blobs: Map<string, Uint8Array>, bytes: Uint8Array): string {
  const hash = sha256(bytes)
  blobs.set(hash, bytes)
  return hash
}
