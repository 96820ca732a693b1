// What a node's own numbers are where the source is silent.
import type { BankNode } from './bank.ts'

/** See DECAY_DEFAULT and RANGE_DEFAULT among the assumptions. */
const DEFAULT_DECAY_PER_YEAR = 0.5
export const DEFAULT_RANGE_SD = 6

/** Level that a stock decays to. */
export const referenceOf = (node: BankNode): number => node.reference ?? node.initial ?? 0

/** One standard deviation in the node's unit. A node with a share of persons exposed is measured in per cent of persons. */
export function scaleOf({ sd, exposureShare }: Pick<BankNode, 'sd' | 'exposureShare'>): number {
  return sd ?? (exposureShare === null ? 1 : 100 * Math.sqrt(exposureShare * (1 - exposureShare)))
}

export const decayOf = (node: BankNode): number => node.decayPerYear ?? DEFAULT_DECAY_PER_YEAR
export const unitOf = (node: BankNode): string => node.unit ?? 'SD'

export interface Range {
  readonly min: number
  readonly max: number
}

export function rangeOf(node: BankNode): Range {
  const width = DEFAULT_RANGE_SD * scaleOf(node)
  return { min: node.min ?? referenceOf(node) - width, max: node.max ?? referenceOf(node) + width }
}
