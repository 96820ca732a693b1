// A scale of brackets: which parameters it is made of, and what it is on a day.
import type { ParameterValues } from './overlay.ts'
import type { Scale } from './tree.ts'

type Brackets = Pick<Scale, 'id' | 'count'>

/** Ids of the rates, from the lowest bracket up. */
export const ratesOf = ({ id, count }: Brackets) => Array.from({ length: count }, (_, i) => `${id}.${i + 1}.rate`)

/** Ids of the tops, from the lowest bracket up: the last bracket has none. */
export const topsOf = ({ id, count }: Brackets) => Array.from({ length: count - 1 }, (_, i) => `${id}.${i + 1}.top`)

/** Thresholds (the first is 0) and rates, one per bracket; a parameter with one value has it for every cell. undefined where a value is missing. */
export function scheduleOf(
  scale: Brackets,
  law: ParameterValues,
  cell: number,
): { thresholds: number[]; rates: number[] } | undefined {
  const cellOf = (id: string) => law.get(id)?.[law.get(id)?.length === 1 ? 0 : cell]
  const thresholds = [0, ...topsOf(scale).map(cellOf)]
  const rates = ratesOf(scale).map(cellOf)
  const known = (values: readonly (number | undefined)[]): values is number[] => values.every((v) => v !== undefined)
  return known(thresholds) && known(rates) ? { thresholds, rates } : undefined
}
