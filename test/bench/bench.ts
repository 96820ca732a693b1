// What a benchmark gives: figures, each with its ratio against the peer of the same run.

export interface Figure {
  /** Name of the benchmark, a point, and what was measured. */
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Against the peer that the benchmark names; 1 for the peer itself. */
  readonly ratio: number
}

export interface Bench {
  readonly name: string
  run(): Promise<readonly Figure[]>
}

/** Median of the seconds of several runs of the work. */
export async function medianSeconds(times: number, work: () => unknown): Promise<number> {
  const seconds: number[] = []
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    await work()
    seconds.push((performance.now() - start) / 1000)
  }
  return medianOf(seconds)
}

export const medianOf = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!
