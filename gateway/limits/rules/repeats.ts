// How often one field may stand in one place under one name: validation compares each such pair, which grows with their square.
import { mergedSets } from '../fragments.ts'
import { beyond, type Rule } from '../rule.ts'

export const repeats: Rule = (document, { repeats: limit }) => {
  let most = 0
  for (const set of mergedSets(document)) for (const { length } of set.values()) most = Math.max(most, length)
  return beyond('repeats', most, limit, 'copies of one field in one place', 'ask for each field once')
}
