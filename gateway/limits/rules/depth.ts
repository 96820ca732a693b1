// How deep fields may lie within fields: each level can multiply what the one above gave.
import { Kind } from 'graphql'
import { longest } from '../fragments.ts'
import { beyond, type Rule } from '../rule.ts'

export const depth: Rule = (document, { depth: limit }) =>
  beyond(
    'depth',
    longest(document, ({ kind }) => (kind === Kind.FIELD ? 1 : 0)),
    limit,
    'levels of fields within fields',
    'begin nearer to what you want, or ask in several operations',
  )
