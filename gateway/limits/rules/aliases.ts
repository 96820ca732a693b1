// How many fields an operation may rename: by aliases one field is asked for any number of times in one request, such as to guess
// passwords past a limit of requests.
import { Kind } from 'graphql'
import { total } from '../fragments.ts'
import { beyond, type Rule } from '../rule.ts'

export const aliases: Rule = (document, { aliases: limit }) =>
  beyond(
    'aliases',
    total(document, (node) => (node.kind === Kind.FIELD && node.alias ? 1 : 0)),
    limit,
    'aliases',
    'ask in several operations, or use a field that gives a list',
  )
