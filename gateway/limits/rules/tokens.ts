// How many words and signs a text may have: the parser stops there, before it has built a tree of them.
import { type DocumentNode, GraphQLError, parse } from 'graphql'
import { beyond } from '../rule.ts'

/** The parsed text. Throws LIMIT_EXCEEDED (tokens), and the parser's own errors. */
export function parseAtMost(query: string, tokens: number): DocumentNode {
  try {
    return parse(query, { maxTokens: tokens })
  } catch (error) {
    if (!(error instanceof GraphQLError) || !/more that \d+ tokens/.test(error.message)) throw error
    throw beyond('tokens', undefined, tokens, 'words and signs', 'give long lists as variables')
  }
}
