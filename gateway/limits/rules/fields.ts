// How many fields an operation may ask for: planning and validation take time for each.

import { total } from '../fragments.ts'
import { beyond, type Rule } from '../rule.ts'

/** Spreads and inline fragments count as well, so that what follows may walk over every one of them. */
export const fields: Rule = (document, { fields: limit }) =>
  beyond(
    'fields',
    total(document, () => 1),
    limit,
    'fields, those of fragments counted where they are spread',
    'ask in several operations',
  )
