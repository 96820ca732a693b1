// What a subgraph is told of an entity: its type and the fields by which, or with which, it resolves the rest.
import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import { merger } from './merge.ts'
import { type Fields, isFields, readerOf, setOwn } from './properties.ts'
import type { TypeTest } from './type-test.ts'

// Fragments of one representation agree on its type.
const merge = merger(() => true)

/** undefined where a field is missing that the subgraph must be told. */
type Selection = (source: Fields) => Fields | undefined

/**
 * A builder of representations (Apollo federation subgraph specification, `_entities`); it gives undefined for an object of which
 * a field is missing, or whose type none of the fragments is for.
 */
export function representationOf(
  requires: readonly QueryPlanSelectionNode[],
  isOfType: TypeTest,
): (entity: Fields) => Fields | undefined {
  const select = selectionOf(requires, isOfType)
  return (entity) => {
    const representation = select(entity)
    return representation?.['__typename'] ? representation : undefined
  }
}

/** Finds again what was kept for an object whose representation is the same, much faster than by making that. */
export interface Recall<T> {
  /** What was kept for it; undefined where nothing was, or where it cannot be told. */
  get(entity: Fields): T | undefined
  keep(entity: Fields, value: T): void
}

type Branch = Map<unknown, unknown>

/**
 * Makes memories of what was kept for which object. The values that tell it lead to it one by one, so that no key is put together for
 * each object. undefined where more than leaves of one type is required.
 */
export function recallBy(requires: readonly QueryPlanSelectionNode[]): (<T>() => Recall<T>) | undefined {
  const [only, another] = requires
  if (only?.kind !== 'InlineFragment' || another) return undefined
  const names = ['__typename']
  for (const node of only.selections) {
    if (node.kind !== 'Field' || node.selections) return undefined
    names.push(node.alias ?? node.name)
  }
  const reads = names.map(readerOf)
  const last = reads.pop()!
  return <T>() => {
    const root: Branch = new Map()
    return {
      get(entity) {
        let branch = root
        for (const read of reads) {
          const next = branch.get(read(entity))
          if (next === undefined) return undefined
          branch = next as Branch
        }
        return branch.get(last(entity)) as T | undefined
      },
      keep(entity, value) {
        let branch = root
        for (const read of reads) {
          const key = read(entity)
          if (!isKey(key)) return
          let next = branch.get(key) as Branch | undefined
          if (!next) {
            next = new Map()
            branch.set(key, next)
          }
          branch = next
        }
        const key = last(entity)
        if (isKey(key)) branch.set(key, value)
      },
    }
  }
}

const isKey = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number'

function selectionOf(nodes: readonly QueryPlanSelectionNode[], isOfType: TypeTest): Selection {
  const parts = nodes.map((node) => partOf(node, isOfType))
  return (source) => {
    const result: Fields = {}
    for (const part of parts) if (!part(source, result)) return undefined
    return result
  }
}

/** Adds its part to the result; false where it is missing. */
type Part = (source: Fields, result: Fields) => boolean

function partOf(node: QueryPlanSelectionNode, isOfType: TypeTest): Part {
  if (node.kind === 'InlineFragment') {
    const select = selectionOf(node.selections, isOfType)
    const { typeCondition } = node
    return (source, result) => {
      if (typeCondition === undefined || !isOfType(source, typeCondition)) return true
      const selected = select(source)
      if (selected) merge(result, selected, false)
      return true
    }
  }
  const { name } = node
  // A bound field stands under its own name in the answer, and is told under that of the field.
  const read = readerOf(node.alias ?? name)
  const select = node.selections && selectionOf(node.selections, isOfType)
  return (source, result) => {
    const value = read(source)
    if (value === undefined) return false
    setOwn(result, name, select ? selected(value, select) : value)
    return true
  }
}

/** Of a value with fields those selected, also through lists within lists; null where one of them is missing. */
function selected(value: unknown, select: Selection): unknown {
  if (Array.isArray(value)) return value.map((member) => selected(member, select))
  return isFields(value) ? (select(value) ?? null) : value
}
