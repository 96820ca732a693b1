// Units for the synthetic law: status, ages, children, a state, a household and twenty kinds of income and expense, most of them rare.
import { deriveExamplePopulation } from '../../../subgraphs/parameters/rules/population/example-population.ts'
import { generator } from './question.ts'

/** Kinds of income and expense, and the share of units that have some. */
export const AMOUNTS = Array.from({ length: 16 }, (_, i) => ({
  name: `amount_${i}`,
  share: [0.6, 0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.05][i % 8]!,
}))

export function syntheticUnits(units: number): Record<string, Float64Array> {
  const next = generator(4)
  const { columns: made } = deriveExamplePopulation(() => next(), units)
  // Formulas of this law are written by hand: names without blanks and brackets.
  const columns: Record<string, Float64Array> = Object.fromEntries(
    Object.entries(made).map(([name, values]) => [name.replace(/[ [\]]+/g, '_').replace(/_$/, ''), values]),
  )
  const filled = (value: (lane: number) => number) => Float64Array.from({ length: units }, (_, lane) => value(lane))
  return {
    ...columns,
    children: columns['child_tax_credit_children']!,
    state: filled(() => 1 + Math.floor(next() * 51)),
    household: filled((lane) => lane),
    ...Object.fromEntries(
      AMOUNTS.map(({ name, share }) => [
        name,
        filled(() => (next() < share ? Math.round(1e6 * next() ** 3) / 100 : 0)),
      ]),
    ),
  }
}
