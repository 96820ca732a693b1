// What the outputs of a plan are for in the question of a population: names of the spec as numbers of outputs.
import type { PopulationSpec } from '../../../schema/jobs.ts'
import { allOperations } from '../../model/levels.ts'
import type { Plan } from '../../model/plan.ts'
import { type PieceShape, pieceShape } from './pieces.ts'

/** Each a number of an output of the plan; -1 where the spec has none. */
export interface Roles {
  readonly weight: number
  readonly link: number
  readonly by: number
  readonly rankWeight: number
  readonly sums: readonly number[]
  readonly groups: readonly number[]
  readonly ranked: readonly number[]
  readonly distributions: readonly { readonly income: number; readonly weight: number }[]
  readonly poverty: readonly PovertyRoles[]
  /** Outputs whose values the merge needs lane by lane: incomes, weights of them, the link. */
  readonly byLane: readonly number[]
  /** Of these the ones that are a column of the data: output -> its name. */
  readonly columns: ReadonlyMap<number, string>
  /** Of these the others: kept by the shards, in this order. */
  readonly kept: readonly number[]
  readonly shape: PieceShape
}

export interface PovertyRoles {
  readonly income: number
  readonly weight: number
  readonly share: number
  readonly of: number
  readonly ofWeight: number
}

/** The roles of a checked spec: all of its names are outputs. */
export function rolesOf(plan: Plan, spec: PopulationSpec): Roles {
  const numbers = new Map(plan.outputs.map(({ name }, i) => [name, i]))
  const numberOf = (name: string | undefined | null) => (name == null ? -1 : (numbers.get(name) ?? -1))
  const link = numberOf(spec.link)
  const by = numberOf(spec.ranks?.by)
  const rankWeight = numberOf(spec.ranks?.weight)
  const distributions = spec.distributions.map((d) => ({ income: numberOf(d.income), weight: numberOf(d.weight) }))
  const poverty = spec.poverty.map(({ income, weight, line }) => ({
    income: numberOf(income),
    weight: numberOf(weight),
    share: line.share,
    of: numberOf(line.of),
    ofWeight: numberOf(line.weight),
  }))
  const byLane = new Set([
    ...[link, by, rankWeight].filter((output) => output >= 0),
    ...distributions.flatMap(({ income, weight }) => [income, weight]),
    ...poverty.flatMap(({ income, weight, of, ofWeight }) => [income, weight, of, ofWeight]),
  ])
  const columns = columnOutputs(plan, byLane)
  return {
    weight: numberOf(spec.weight),
    link,
    by,
    rankWeight,
    sums: spec.sums.map(numberOf),
    groups: spec.groups.map(numberOf),
    ranked: spec.ranked.map(numberOf),
    distributions,
    poverty,
    byLane: [...byLane],
    columns,
    kept: [...byLane].filter((output) => !columns.has(output)),
    shape: pieceShape(plan.outputs.length, spec.ranked.length),
  }
}

/** Outputs whose slot is a column's and nothing else's. */
function columnOutputs(plan: Plan, outputs: ReadonlySet<number>): Map<number, string> {
  const written = new Set(allOperations(plan).map(([, out]) => out))
  const nameOf = new Map(plan.columns.filter(({ slot }) => !written.has(slot)).map(({ slot, name }) => [slot, name]))
  return new Map(
    [...outputs].flatMap((output) => {
      const name = nameOf.get(plan.outputs[output]!.slot)
      return name === undefined ? [] : [[output, name] as const]
    }),
  )
}
