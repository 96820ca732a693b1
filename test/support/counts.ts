// What a counter has counted, by its labels.
import type { Counter } from 'prom-client'

/** Values by their labels' values, joined by blanks; those of a counter without labels under "". */
export async function countsOf<L extends string>(counter: Counter<L>): Promise<Record<string, number>> {
  const { values } = await counter.get()
  const counted = values.filter(({ value }) => value > 0)
  return Object.fromEntries(counted.map(({ labels, value }) => [Object.values(labels).join(' '), value]))
}
