// The deciles of every reform as CSV: a row for each decile, numbers in the shortest form that reads back the same.
import type { Deciles, PopulationImpact } from './describe-impact.ts'

const COLUMNS = [
  ...['weight', 'meanEarnings', 'meanNetIncomeBaseline', 'meanNetTaxBaseline', 'meanNetTaxChange'],
  ...['meanNetIncomeChange', 'winnersShare', 'losersShare'],
] as const satisfies readonly (keyof Deciles)[]

/** A figure that failed is empty. */
export function decilesCsv({ year, reforms }: PopulationImpact): string {
  const rows = reforms.flatMap(({ reform, deciles }) =>
    deciles.decile.map((decile, i) =>
      [reform?.id ?? '', year, decile, ...COLUMNS.map((name) => deciles[name]?.[i] ?? '')].join(','),
    ),
  )
  return `${[['reform', 'year', 'decile', ...COLUMNS].join(','), ...rows].join('\n')}\n`
}
