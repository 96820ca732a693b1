// Whether a value that a subgraph answered is one of its scalar or enum type (GraphQL specification 3.5 and 3.9, result coercion).
import { type GraphQLLeafType, isEnumType } from 'graphql'

const MAX_INT = 2 ** 31 - 1
const MIN_INT = -(2 ** 31)

export type LeafTest = (value: unknown) => boolean

const BUILT_IN: Readonly<Record<string, LeafTest>> = {
  Int: (value) => Number.isInteger(value) && (value as number) <= MAX_INT && (value as number) >= MIN_INT,
  Float: (value) => typeof value === 'number',
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  // A subgraph may send an identifier as a number; it is passed on as it is.
  ID: (value) => typeof value === 'string' || Number.isInteger(value),
}

/** A custom scalar may be anything; a value of an enum that clients do not see is none. */
export function leafTest(type: GraphQLLeafType): LeafTest {
  if (!isEnumType(type)) return BUILT_IN[type.name] ?? (() => true)
  const names = new Set<unknown>(type.getValues().map(({ name }) => name))
  return (value) => names.has(value)
}
