// Which variables of a run are worth showing first.

interface Path {
  readonly p05: readonly number[]
  readonly p50: readonly number[]
  readonly p95: readonly number[]
}

/**
 * At most so many of those that move or are uncertain: whose median ends farthest from where it began, each in its own unit,
 * the farthest first. Those that stay where they are in nine draws of ten are left out.
 */
export function mostMoved<T extends Path>(columns: readonly T[], count: number): T[] {
  return columns
    .filter((column) => shift(column) > 0 || last(column.p95) > last(column.p05))
    .sort((a, b) => shift(b) - shift(a))
    .slice(0, count)
}

const last = (values: readonly number[]) => values.at(-1) ?? 0
const shift = ({ p50 }: Path) => Math.abs(last(p50) - (p50[0] ?? 0))
