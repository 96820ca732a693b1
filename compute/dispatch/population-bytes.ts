// The bytes of a population's result in their frame (result-frame.ts): the header says of what the figures are, the body holds them.
//
// header  { kind, lanes, outputs, groups: [{ name, codes }], ranks: { outputs, count } | null, distributions: [{ income, weightedBy }],
//           poverty: [{ income, weightedBy }], failed }
// body    [households, weight]; sums; of each grouping lanes, weight, sums; of the ranks lanes, weight, rankWeight, least, sums;
//         of each distribution [weight, mean, gini, giniNormalized], quantiles, topShares; of each poverty [line, poor, rate, gap]
import { POPULATION_QUANTILES, TOP_SHARES } from '../../schema/jobs.ts'
import type {
  PopulationDistribution,
  PopulationGroups,
  PopulationPoverty,
  PopulationRanks,
  PopulationResult,
} from './port.ts'
import { type Frame, framed } from './result-frame.ts'

interface PopulationHeader extends Pick<PopulationResult, 'kind' | 'lanes' | 'outputs' | 'failed'> {
  readonly groups: readonly Pick<PopulationGroups, 'name' | 'codes'>[]
  readonly ranks: (Pick<PopulationRanks, 'outputs'> & { readonly count: number }) | null
  readonly distributions: readonly Pick<PopulationDistribution, 'income' | 'weightedBy'>[]
  readonly poverty: readonly Pick<PopulationPoverty, 'income' | 'weightedBy'>[]
}

export function encodePopulation(result: PopulationResult): Uint8Array<ArrayBuffer> {
  const { kind, lanes, outputs, groups, ranks, distributions, poverty, failed } = result
  const named = ({ income, weightedBy }: Pick<PopulationPoverty, 'income' | 'weightedBy'>) => ({ income, weightedBy })
  const header: PopulationHeader = {
    ...{ kind, lanes, outputs, failed },
    groups: groups.map(({ name, codes }) => ({ name, codes })),
    ranks: ranks && { outputs: ranks.outputs, count: ranks.lanes.length },
    distributions: distributions.map(named),
    poverty: poverty.map(named),
  }
  const arrays = [
    Float64Array.of(result.households, result.weight),
    result.sums,
    ...groups.flatMap((group) => [group.lanes, group.weight, group.sums]),
    ...(ranks ? [ranks.lanes, ranks.weight, ranks.rankWeight, ranks.least, ranks.sums] : []),
    ...distributions.flatMap(({ weight, mean, gini, giniNormalized, quantiles, topShares }) => [
      Float64Array.of(weight, mean, gini, giniNormalized),
      quantiles,
      topShares,
    ]),
    ...poverty.map(({ line, poor, rate, gap }) => Float64Array.of(line, poor, rate, gap)),
  ]
  return framed(header, arrays.map(canonical))
}

/** One NaN for all: those that arithmetic gives differ in their bits. */
const canonical = (values: Float64Array) => values.map((x) => (Number.isNaN(x) ? Number.NaN : x))

/** Reads a result. INTERNAL where its body is not of the length that its header says. */
export function populationOf(frame: Frame): PopulationResult {
  const { kind, lanes, outputs, groups, ranks, distributions, poverty, failed } = frame.header as PopulationHeader
  const count = ranks?.count ?? 0
  const arrays = frame.arrays([
    ...[2, outputs.length],
    ...groups.flatMap(({ codes: { length } }) => [length, length, outputs.length * length]),
    ...(ranks ? [count, count, count, count, ranks.outputs.length * count] : []),
    ...distributions.flatMap(() => [4, POPULATION_QUANTILES.length, TOP_SHARES.length]),
    ...poverty.map(() => 4),
  ])
  let at = 0
  const next = () => arrays[at++]!
  const [households, weight] = next() as unknown as [number, number]
  return {
    ...{ kind, lanes, outputs, failed, households, weight },
    sums: next(),
    groups: groups.map((group) => ({ ...group, lanes: next(), weight: next(), sums: next() })),
    ranks: ranks && {
      outputs: ranks.outputs,
      ...{ lanes: next(), weight: next(), rankWeight: next(), least: next(), sums: next() },
    },
    distributions: distributions.map((names) => {
      const [total, mean, gini, giniNormalized] = next() as unknown as [number, number, number, number]
      return { ...names, weight: total, mean, gini, giniNormalized, quantiles: next(), topShares: next() }
    }),
    poverty: poverty.map((names) => {
      const [line, poor, rate, gap] = next() as unknown as [number, number, number, number]
      return { ...names, line, poor, rate, gap }
    }),
  }
}
