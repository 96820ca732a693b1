// Groups of equal weight by rising value, such as deciles.
import type { Sorted } from './sorted.ts'

/**
 * Where each of `count` groups begins in the rising order, and behind the last where it ends. One belongs to the group where the middle of
 * its weight falls, so that each group has its part of the weight, give or take half a weight; ties by position. One without weight belongs
 * where it falls; where nothing has weight all are in the first group.
 */
export function rankGroups({ weights, weight }: Pick<Sorted, 'weights' | 'weight'>, count: number): Uint32Array {
  const begins = new Uint32Array(count + 1).fill(weights.length)
  begins[0] = 0
  let group = 0
  let below = 0
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i]!
    const own = weight > 0 ? Math.min(count - 1, Math.floor((count * (below + w / 2)) / weight)) : 0
    while (group < own) begins[++group] = i
    below += w
  }
  return begins
}
