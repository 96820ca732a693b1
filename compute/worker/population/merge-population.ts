// Merges the shards of a population: exact sums are added, ranks and distributions taken over the lanes that were kept.
import { POPULATION_QUANTILES, type PopulationSpec, TOP_SHARES } from '../../../schema/jobs.ts'
import type {
  FailedOutput,
  OutputUnit,
  PopulationDistribution,
  PopulationGroups,
  PopulationPoverty,
  PopulationRanks,
  PopulationResult,
} from '../../dispatch/port.ts'
import type { Plan } from '../../model/plan.ts'
import { distributionOf } from '../../statistics/distribution.ts'
import { addSums, LIMBS, sumAt } from '../../statistics/exact-sum.ts'
import { firstFall, householdsOf } from '../../statistics/households.ts'
import { poverty } from '../../statistics/poverty.ts'
import { quantiles } from '../../statistics/quantiles.ts'
import { addFaults, FAULT_NUMBERS, REASONS } from './faults.ts'
import { GroupSums } from './group-sums.ts'
import { Incomes } from './incomes.ts'
import { LaneValues } from './lane-values.ts'
import type { LaneSource } from './lanes.ts'
import { rankSums } from './rank-sums.ts'
import { type Roles, rolesOf } from './roles.ts'
import { readNumbers, rowsOf, type ShardNumbers } from './shard-numbers.ts'

export interface PopulationShard extends ShardNumbers {
  readonly lanes: number
}

/** Merges shards given in the order of their lanes; any cut gives the same bits. */
export async function mergePopulation(
  spec: PopulationSpec,
  shards: readonly PopulationShard[],
  source: LaneSource,
): Promise<PopulationResult> {
  const { plan } = source.binding
  const roles = rolesOf(plan, spec)
  const read = shards.map(({ numbers }) => readNumbers(numbers, plan.outputs.length, roles))
  const faults = joinedFaults(read.map((shard) => shard.faults))
  const values = new LaneValues(roles, shards, source.columns)
  if (roles.link >= 0 && !failed(faults, roles.link)) noteFall(faults, roles.link, values.of(roles.link))
  /** A figure, or NaN where an output that it depends on failed. */
  const sound = (...outputs: number[]) => outputs.every((output) => output < 0 || !failed(faults, output))
  const unit = (output: number): OutputUnit => unitOf(plan, output)
  const linked = sound(roles.link)
  const households = linked && roles.link >= 0 ? householdsOf(values.of(roles.link)) : undefined
  const incomes = new Incomes(values, households)
  const all = new Float64Array(rowsOf(roles.sums) * LIMBS)
  for (const shard of read) addSums(all, 0, shard.all, 0, rowsOf(roles.sums))

  return {
    kind: 'POPULATION',
    lanes: source.lanes,
    households: linked ? (households ? households.length - 1 : source.lanes) : Number.NaN,
    weight: sound(roles.weight) ? sumAt(all, 0) : Number.NaN,
    outputs: roles.sums.map(unit),
    sums: Float64Array.from(roles.sums, (output, i) =>
      sound(output, roles.weight) ? sumAt(all, (i + 1) * LIMBS) : Number.NaN,
    ),
    groups: roles.groups.map((output, i) =>
      groupFigures(
        spec.groups[i]!,
        roles,
        read.map((shard) => shard.groups[i]!),
        sound,
        output,
      ),
    ),
    ranks: spec.ranks && (await rankFigures(spec.ranks)),
    distributions: roles.distributions.map(distributionFigures),
    poverty: roles.poverty.map(povertyFigures),
    failed: failures(plan, faults),
  }

  async function rankFigures({ count, dropNegative = false }: NonNullable<PopulationSpec['ranks']>) {
    const { by, rankWeight, link, ranked, weight } = roles
    const outputs = ranked.map(unit)
    if (!sound(by, rankWeight, link)) return spoiltRanks(outputs, count)
    const ranking = incomes.sorted(by, rankWeight)
    const found = await rankSums({ roles, count, dropNegative, ranking, households, shards }, source)
    const sums = found.sums.map((sum, i) => {
      const row = Math.floor(i / count)
      return sound(weight, row === 0 ? -1 : ranked[row - 1]!) ? sum : Number.NaN
    })
    const { lanes, rankWeight: weights, least } = found
    return { outputs, lanes, weight: sums.slice(0, count), rankWeight: weights, least, sums: sums.slice(count) }
  }

  function distributionFigures({ income, weight }: Roles['distributions'][number]): PopulationDistribution {
    const names = { income: unit(income), weightedBy: unit(weight).name }
    if (!sound(income, weight, roles.link)) return { ...names, ...SPOILT_DISTRIBUTION }
    return { ...names, ...distributionOf(incomes.sorted(income, weight), POPULATION_QUANTILES, TOP_SHARES) }
  }

  function povertyFigures({ income, weight, share, of, ofWeight }: Roles['poverty'][number]): PopulationPoverty {
    const names = { income: unit(income), weightedBy: unit(weight).name }
    const lineIsSound = sound(of, ofWeight, roles.link)
    const line = lineIsSound ? share * quantiles(incomes.sorted(of, ofWeight), [0.5])[0]! : Number.NaN
    if (!sound(income, weight, roles.link)) return { ...names, line, ...spoiltPoverty }
    const weights = incomes.weight(weight)
    return { ...names, line, ...poverty(incomes.income(income), weights, line) }
  }
}

const { NaN: none } = Number
const spoiltPoverty = { poor: none, rate: none, gap: none }
const SPOILT_DISTRIBUTION = {
  ...{ weight: none, mean: none, gini: none, giniNormalized: none },
  quantiles: new Float64Array(POPULATION_QUANTILES.length).fill(none),
  topShares: new Float64Array(TOP_SHARES.length).fill(none),
}

function spoiltRanks(outputs: readonly OutputUnit[], count: number): PopulationRanks {
  const spoilt = () => new Float64Array(count).fill(none)
  const sums = new Float64Array(outputs.length * count).fill(none)
  return { outputs, lanes: spoilt(), weight: spoilt(), rankWeight: spoilt(), least: spoilt(), sums }
}

function groupFigures(
  name: string,
  roles: Roles,
  parts: readonly { codes: ArrayLike<number>; lanes: Float64Array; sums: Float64Array }[],
  sound: (...outputs: number[]) => boolean,
  output: number,
): PopulationGroups {
  const rows = rowsOf(roles.sums)
  const merged = new GroupSums(rows)
  for (const { codes, lanes, sums } of parts) {
    merged.count(codes, lanes)
    merged.addInOrder(codes, sums)
  }
  const empty = new Float64Array()
  if (!sound(output)) return { name, codes: [], lanes: empty, weight: empty, sums: empty }
  const { codes, lanes, sums } = merged.inOrder()
  const figure = (row: number, code: number) => {
    const summed = row === 0 ? -1 : roles.sums[row - 1]!
    return sound(roles.weight, summed) ? sumAt(sums, (code * rows + row) * LIMBS) : none
  }
  const row = (of: number) => codes.map((_, code) => figure(of, code))
  return {
    name,
    codes,
    lanes,
    weight: Float64Array.from(row(0)),
    sums: Float64Array.from(roles.sums.flatMap((_, i) => row(i + 1))),
  }
}

const failed = (faults: Float64Array, output: number) => faults[output * FAULT_NUMBERS] !== -1

function joinedFaults(parts: readonly Float64Array[]): Float64Array {
  const joined = parts[0]!.slice()
  for (const part of parts.slice(1)) addFaults(joined, part)
  return joined
}

/** Notes lanes whose household number is below that of the lane before. */
function noteFall(faults: Float64Array, link: number, numbers: Float64Array): void {
  const lane = firstFall(numbers)
  if (lane < 0) return
  let count = 0
  for (let i = lane; i < numbers.length; i++) if (numbers[i]! < numbers[i - 1]!) count++
  faults.set([lane, count, REASONS.indexOf('OUT_OF_ORDER')], link * FAULT_NUMBERS)
}

function failures(plan: Plan, faults: Float64Array): FailedOutput[] {
  return plan.outputs
    .flatMap(({ name }, output) => {
      const at = output * FAULT_NUMBERS
      if (!failed(faults, output)) return []
      return [{ output: name, reason: REASONS[faults[at + 2]!]!, lane: faults[at]!, count: faults[at + 1]! }]
    })
    .sort((a, b) => (a.output < b.output ? -1 : 1))
}

function unitOf(plan: Plan, output: number): OutputUnit {
  const { name, unit } = plan.outputs[output]!
  return { name, unit }
}
