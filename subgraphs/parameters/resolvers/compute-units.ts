// Asks the fleet for results of units: whatever one operation selects becomes one plan and one job.
import DataLoader from 'dataloader'
import type { RunRecord } from '../../../compute/dispatch/port.ts'
import { isQuesnayError, QuesnayError } from '../../../schema/errors.ts'
import { type Constants, compile, inputsOf, planOf } from '../rules/household/compile.ts'
import type { Units } from '../rules/household/units.ts'
import type { Context } from './context.ts'
import type { LoadedLaws } from './laws.ts'

export interface Computed {
  /** The run that computed it; null where nothing was asked for. */
  readonly run: RunRecord | null
  /** Values of a variable of the compiled model, one for each unit. */
  readonly of: (variable: string) => Float64Array
}

/** By the variables wanted. */
export type UnitsLoader = DataLoader<readonly string[], Computed>

/** Fewer units are not worth a plan of their own: what they do not name is sent with its default. */
const FOLDED_FROM = 256

/** Columns that no unit gives, to be folded into the plan of many units. */
export function constantsOf({ ruleSet }: LoadedLaws, units: Units): Constants {
  if (units.count < FOLDED_FROM) return {}
  const absent = ruleSet.columns.filter(({ name }) => units.columns[name] === undefined)
  return Object.fromEntries(absent.map(({ name, default: usual }) => [name, usual ?? 0]))
}

/** Gathers what is asked of the same units within one operation. */
export function unitsLoader(context: Context, laws: LoadedLaws, units: Units): UnitsLoader {
  return new DataLoader(
    (requests) => computeTogether(requests, (outputs) => computeUnits(context, laws, units, outputs)),
    {
      cache: false,
    },
  )
}

/** One computation for all requests; where it fails, one for each, so that only those fail that are at fault. */
export async function computeTogether<T>(
  requests: readonly (readonly string[])[],
  compute: (outputs: readonly string[]) => Promise<T>,
): Promise<(T | Error)[]> {
  try {
    const computed = await compute([...new Set(requests.flat())])
    return requests.map(() => computed)
  } catch (error) {
    if (requests.length === 1 || !isOfOne(error)) return requests.map(() => error as Error)
    return Promise.all(requests.map((outputs) => compute(outputs).catch((fault: Error) => fault)))
  }
}

/** Whether another selection of variables may do without what failed. */
export const isOfOne = (error: unknown) =>
  isQuesnayError(error) && (error.code === 'NOT_A_NUMBER' || error.code === 'BAD_INPUT')

/**
 * Computes variables of the compiled rules for units. Errors: BAD_INPUT (a parameter without a value), and those of Dispatch.submit and
 * Dispatch.settled.
 */
export async function computeUnits(
  context: Context,
  laws: LoadedLaws,
  units: Units,
  outputs: readonly string[],
): Promise<Computed> {
  if (outputs.length === 0 || units.count === 0) return { run: null, of: missing }
  const plan = planOf(compile(laws, constantsOf(laws, units)), outputs)
  const run = await context.dispatch.submit({
    tenant: context.tenant,
    kind: 'CALCULATION',
    subject: { type: 'RuleSet', id: laws.ruleSet.id },
    plan,
    inputs: inputsOf(laws, plan),
    columns: Object.fromEntries(plan.columns.map(({ name }) => [name, columnOf(laws, units, name)])),
    lanes: units.count,
    result: { kind: 'LANES' },
    class: 'p0',
    provenance: { parameterSnapshot: laws.snapshot },
  })
  const result = await context.dispatch.settled(context.tenant, run.id)
  if (result.kind !== 'LANES') throw new QuesnayError('INTERNAL', `the run ${run.id} has no lanes`)
  const places = new Map(result.outputs.map(({ name }, i) => [name, i * result.lanes]))
  return {
    run,
    of(variable) {
      const at = places.get(variable)
      return at === undefined ? missing(variable) : result.values.subarray(at, at + result.lanes)
    },
  }
}

function columnOf({ ruleSet }: LoadedLaws, units: Units, name: string): Float64Array {
  const given = units.columns[name]
  if (given) return given
  const usual = ruleSet.columns.find((column) => column.name === name)?.default ?? 0
  return new Float64Array(units.count).fill(usual)
}

export function missing(variable: string): never {
  throw new QuesnayError('INTERNAL', `${variable} was not computed`)
}
