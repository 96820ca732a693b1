// Sums over all lanes and over groups, added up exactly from those of the shards.
import type { PopulationSpec } from '../../../schema/jobs.ts'
import type { PopulationGroups, PopulationResult } from '../../dispatch/port.ts'
import type { Plan } from '../../model/plan.ts'
import { addSums, LIMBS, sumAt } from '../../statistics/exact-sum.ts'
import { GroupSums } from './group-sums.ts'
import type { Roles } from './roles.ts'
import { type GroupNumbers, readNumbers, rowsOf, type ShardNumbers } from './shard-numbers.ts'
import type { Soundness } from './soundness.ts'

export interface PopulationShard extends ShardNumbers {
  readonly lanes: number
}

export function totalsOf(
  spec: PopulationSpec,
  plan: Plan,
  roles: Roles,
  shards: readonly PopulationShard[],
  sound: Soundness,
  households: number,
): Omit<PopulationResult, 'ranks' | 'distributions' | 'poverty'> {
  const rows = rowsOf(roles.sums)
  const read = shards.map(({ numbers }) => readNumbers(numbers, plan.outputs.length, roles))
  const all = new Float64Array(rows * LIMBS)
  for (const shard of read) addSums(all, 0, shard.all, 0, rows)
  const total = (row: number) =>
    sound.of(roles.weight, row === 0 ? -1 : roles.sums[row - 1]!) ? sumAt(all, row * LIMBS) : Number.NaN
  return {
    kind: 'POPULATION',
    lanes: shards.reduce((sum, { lanes }) => sum + lanes, 0),
    households,
    weight: total(0),
    outputs: roles.sums.map((output) => ({ name: plan.outputs[output]!.name, unit: plan.outputs[output]!.unit })),
    sums: Float64Array.from(roles.sums, (_, i) => total(i + 1)),
    groups: spec.groups.map((name, i) => {
      const parts = read.map((shard) => shard.groups[i]!)
      return groupFigures(name, roles, roles.groups[i]!, parts, sound)
    }),
    failed: sound.failed(),
  }
}

function groupFigures(
  name: string,
  roles: Roles,
  output: number,
  parts: readonly GroupNumbers[],
  sound: Soundness,
): PopulationGroups {
  const empty = new Float64Array()
  if (!sound.of(output)) return { name, codes: [], lanes: empty, weight: empty, sums: empty }
  const rows = rowsOf(roles.sums)
  const merged = new GroupSums(rows)
  for (const { codes, lanes, sums } of parts) {
    merged.count(codes, lanes)
    merged.addInOrder(codes, sums)
  }
  const { codes, lanes, sums } = merged.inOrder()
  const row = (of: number) => {
    const given = sound.of(roles.weight, of === 0 ? -1 : roles.sums[of - 1]!)
    return codes.map((_, code) => (given ? sumAt(sums, (code * rows + of) * LIMBS) : Number.NaN))
  }
  return {
    name,
    codes,
    lanes,
    weight: Float64Array.from(row(0)),
    sums: Float64Array.from(roles.sums.flatMap((_, i) => row(i + 1))),
  }
}
