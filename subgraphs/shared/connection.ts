// Relay connections: classes made for a node type, and pages cut from what a store returns.
import { type ClassType, Directive, Field, Int, ObjectType } from 'type-graphql'
import { QuesnayError } from '../../schema/errors.ts'
import { KEPT_AS_ITS_PARENT } from './cache-control.ts'
import { PageInfo } from './types.ts'

export const MAX_PAGE = 500
export const DEFAULT_PAGE = 50

export interface Edge<T> {
  cursor: string
  node: T
}

export interface Page<T> {
  edges: Edge<T>[]
  pageInfo: PageInfo
  totalCount: number
}

/**
 * The connection and edge classes of a node type; call once per type and export the result.
 * @param kept the hint of its pages, such as KEPT_AN_HOUR: that of the node type. Where absent no page is kept.
 */
export function connectionOf<T extends object>(name: string, Node: () => ClassType<T>, kept?: string) {
  const keptAs = (hint: string): ClassDecorator => (kept === undefined ? () => {} : Directive(hint))

  @keptAs(KEPT_AS_ITS_PARENT)
  @ObjectType(`${name}Edge`, { description: `One ${name} of a list, with its cursor.` })
  class EdgeType {
    @Field(() => String, { description: 'Opaque position of the node in the list.' })
    cursor: string

    @Field(() => Node(), { description: 'The object.' })
    node: T
  }

  @keptAs(kept ?? '')
  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'The objects of this page, in order.' })
    edges: Edge<T>[]

    @Field(() => PageInfo, { description: 'Whether and where the list goes on.' })
    pageInfo: PageInfo

    @Field(() => Int, { description: 'Length of the whole list.' })
    totalCount: number
  }
  return ConnectionType
}

/** Checks `first`: 1 to 500, 50 where absent. BAD_INPUT otherwise. */
export function pageSize(first: number | null | undefined): number {
  if (first == null) return DEFAULT_PAGE
  if (!Number.isInteger(first) || first < 1 || first > MAX_PAGE)
    throw new QuesnayError('BAD_INPUT', `first must be a whole number from 1 to ${MAX_PAGE}`, {
      path: 'first',
      suggestion: `ask for at most ${MAX_PAGE} and page on with after: pageInfo.endCursor`,
    })
  return first
}

const PREFIX = 'k:'
export const cursorOf = (key: string): string => Buffer.from(PREFIX + key).toString('base64url')

/** The key inside a cursor; BAD_INPUT where it is not one of ours. */
export function keyOfCursor(cursor: string | null | undefined): string | undefined {
  if (cursor == null) return undefined
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  if (!text.startsWith(PREFIX))
    throw new QuesnayError('BAD_INPUT', 'after is not a cursor of this list', {
      path: 'after',
      suggestion: 'give the endCursor of the page before',
    })
  return text.slice(PREFIX.length)
}

/** A page from rows read with one more than asked, to know whether the list goes on. */
export function pageOf<T>(rows: readonly T[], first: number, totalCount: number, keyOf: (row: T) => string): Page<T> {
  const edges = rows.slice(0, first).map((node) => ({ cursor: cursorOf(keyOf(node)), node }))
  return {
    edges,
    pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount,
  }
}
