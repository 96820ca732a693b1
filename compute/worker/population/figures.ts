// The figures of a population from its shards. Threads may share the work: each reckons a part of the pairs of income and weight.
import { POPULATION_QUANTILES, type PopulationSpec, TOP_SHARES } from '../../../schema/jobs.ts'
import type {
  OutputUnit,
  PopulationDistribution,
  PopulationPoverty,
  PopulationRanks,
  PopulationResult,
} from '../../dispatch/port.ts'
import { distributionOf } from '../../statistics/distribution.ts'
import { householdsOf } from '../../statistics/households.ts'
import { poverty } from '../../statistics/poverty.ts'
import { quantiles } from '../../statistics/quantiles.ts'
import { sumOf } from '../../statistics/sum-of.ts'
import { IncomeTable } from './income-table.ts'
import { LaneValues } from './lane-values.ts'
import type { LaneSource } from './lanes.ts'
import { rankSums } from './rank-sums.ts'
import { type Roles, rolesOf } from './roles.ts'
import { Soundness } from './soundness.ts'
import { type PopulationShard, totalsOf } from './totals.ts'

/** The share of one thread: of the pairs, every `of`-th from `index` on; the totals with the first. */
export interface Share {
  readonly index: number
  readonly of: number
}

/** What one share gives; undefined is what others give. */
export interface FigureShare {
  readonly totals?: Omit<PopulationResult, 'ranks' | 'distributions' | 'poverty'>
  readonly ranks?: PopulationRanks
  readonly distributions: readonly (PopulationDistribution | undefined)[]
  readonly poverty: readonly (PopulationPoverty | undefined)[]
}

/** Shards in the order of their lanes; any cut gives the same bits, and so does any number of shares. */
export async function figuresOf(
  spec: PopulationSpec,
  shards: readonly PopulationShard[],
  source: LaneSource,
  { index, of }: Share,
): Promise<FigureShare> {
  const { plan } = source.binding
  const roles = rolesOf(plan, spec)
  const values = new LaneValues(roles, shards, source.columns)
  const sound = new Soundness(plan, roles, shards, values)
  const households = linkedHouseholds(roles, values, sound)
  const unit = (output: number): OutputUnit => ({ name: plan.outputs[output]!.name, unit: plan.outputs[output]!.unit })
  const distributions: (PopulationDistribution | undefined)[] = roles.distributions.map(() => undefined)
  const lines: (PopulationPoverty | undefined)[] = roles.poverty.map(() => undefined)
  let ranks: PopulationRanks | undefined
  const own = pairsOf(roles).filter((_, i) => i % of === index)
  const table = own.length > 0 ? new IncomeTable(source, values, households) : undefined
  for (const { income, weight } of own) await pairFigures(table!, income, weight)
  const count = sound.of(roles.link) ? (households ? households.length - 1 : source.lanes) : Number.NaN
  const totals = index === 0 ? totalsOf(spec, plan, roles, shards, sound, count) : undefined
  return { ...(totals ? { totals } : {}), ...(ranks ? { ranks } : {}), distributions, poverty: lines }

  async function pairFigures(incomes: IncomeTable, income: number, weight: number): Promise<void> {
    const isOf = (pair: { readonly income: number; readonly weight: number }) =>
      pair.income === income && pair.weight === weight
    const given = sound.of(income, weight, roles.link)
    const sorted = given ? incomes.sorted(income, weight) : undefined
    const names = { income: unit(income), weightedBy: unit(weight).name }
    for (const [i, pair] of roles.distributions.entries()) {
      if (!isOf(pair)) continue
      const figures = sorted ? distributionOf(sorted, POPULATION_QUANTILES, TOP_SHARES) : NO_DISTRIBUTION
      distributions[i] = { ...names, ...figures }
    }
    const median = sorted ? quantiles(sorted, [0.5])[0]! : Number.NaN
    if (spec.ranks && isOf({ income: roles.by, weight: roles.rankWeight })) {
      const { count: groups, dropNegative = false } = spec.ranks
      const outputs = roles.ranked.map(unit)
      if (sorted) {
        const question = { roles, count: groups, dropNegative, ranking: sorted, households, shards }
        ranks = rankFigures(outputs, groups, await rankSums(question, source))
      } else ranks = noRanks(outputs, groups)
    }
    // Last, because incomes and weights are read anew.
    for (const [i, { of: line, ofWeight, share, ...pair }] of roles.poverty.entries()) {
      if (isOf({ income: line, weight: ofWeight })) lines[i] = povertyFigures(incomes, pair, share * median)
    }
  }

  function rankFigures(
    outputs: readonly OutputUnit[],
    groups: number,
    { lanes, rankWeight, least, sums }: Awaited<ReturnType<typeof rankSums>>,
  ): PopulationRanks {
    const figures = sums.map((sum, i) => {
      const row = Math.floor(i / groups)
      return sound.of(roles.weight, row === 0 ? -1 : roles.ranked[row - 1]!) ? sum : Number.NaN
    })
    return { outputs, lanes, weight: figures.slice(0, groups), rankWeight, least, sums: figures.slice(groups) }
  }

  function povertyFigures(
    incomes: IncomeTable,
    { income, weight }: { readonly income: number; readonly weight: number },
    line: number,
  ): PopulationPoverty {
    const names = { income: unit(income), weightedBy: unit(weight).name, line }
    if (!sound.of(income, weight, roles.link)) return { ...names, ...NO_POVERTY }
    const { incomes: all, weights } = incomes.unsorted(income, weight)
    return { ...names, ...poverty(all, weights, sumOf(weights), line) }
  }
}

/** Joins what all shares gave. */
export function joinShares(spec: PopulationSpec, shares: readonly FigureShare[]): PopulationResult {
  const given = <T>(of: (share: FigureShare) => T | undefined): T => {
    for (const share of shares) {
      const value = of(share)
      if (value !== undefined) return value
    }
    throw new Error('no share has a figure')
  }
  return {
    ...given(({ totals }) => totals),
    ranks: spec.ranks && given(({ ranks }) => ranks),
    distributions: spec.distributions.map((_, i) => given(({ distributions }) => distributions[i])),
    poverty: spec.poverty.map((_, i) => given(({ poverty: lines }) => lines[i])),
  }
}

/** How many shares have something to do. */
export function sharesOf(spec: PopulationSpec): number {
  const name = ({ income, weight }: { readonly income: string; readonly weight: string }) => `${income}\n${weight}`
  const ranked = spec.ranks ? [name({ income: spec.ranks.by, weight: spec.ranks.weight })] : []
  const lines = spec.poverty.map(({ line }) => name({ income: line.of, weight: line.weight }))
  return Math.max(1, new Set([...ranked, ...spec.distributions.map(name), ...lines]).size)
}

/** Incomes and weights that are to be sorted, each pair once. */
function pairsOf(roles: Roles): { readonly income: number; readonly weight: number }[] {
  const all = [
    ...(roles.by < 0 ? [] : [{ income: roles.by, weight: roles.rankWeight }]),
    ...roles.distributions,
    ...roles.poverty.map(({ of, ofWeight }) => ({ income: of, weight: ofWeight })),
  ]
  return [...new Map(all.map((pair) => [`${pair.income} ${pair.weight}`, pair])).values()]
}

function linkedHouseholds(roles: Roles, values: LaneValues, sound: Soundness): Uint32Array | undefined {
  if (roles.link < 0 || !sound.of(roles.link)) return undefined
  const numbers = new Float64Array(values.lanes)
  values.copy(roles.link, numbers)
  return householdsOf(numbers)
}

const { NaN: none } = Number
const NO_POVERTY = { poor: none, rate: none, gap: none }
const NO_DISTRIBUTION = {
  ...{ weight: none, mean: none, gini: none, giniNormalized: none },
  quantiles: new Float64Array(POPULATION_QUANTILES.length).fill(none),
  topShares: new Float64Array(TOP_SHARES.length).fill(none),
}

function noRanks(outputs: readonly OutputUnit[], count: number): PopulationRanks {
  const spoilt = () => new Float64Array(count).fill(none)
  const sums = new Float64Array(outputs.length * count).fill(none)
  return { outputs, lanes: spoilt(), weight: spoilt(), rankWeight: spoilt(), least: spoilt(), sums }
}
