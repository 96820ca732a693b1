// Which variables of a run are worth showing first.

interface Path {
  readonly p50: readonly number[]
}

/** Those whose median ends farthest from where it began, each in its own unit, the farthest first; the rest keep their order. */
export function mostMoved<T extends Path>(columns: readonly T[], count: number): T[] {
  return [...columns].sort((a, b) => shift(b) - shift(a)).slice(0, count)
}

const shift = ({ p50 }: Path) => Math.abs((p50.at(-1) ?? 0) - (p50[0] ?? 0))
