// Whether an object that a subgraph gave is of a type, by its __typename and the types of the whole supergraph.
import { isInterfaceType, isObjectType, isUnionType, type Schema } from '@apollo/federation-internals'
import type { Fields } from './properties.ts'

/** @param unknown what to answer for an object without a __typename; default false. */
export type TypeTest = (object: Fields, typeCondition: string, unknown?: boolean) => boolean

/** A test that remembers which types each condition is for. */
export function typeTest(supergraph: Schema): TypeTest {
  const accepted = new Map<string, ReadonlySet<string>>()
  const acceptedBy = (condition: string): ReadonlySet<string> => {
    const known = accepted.get(condition)
    if (known) return known
    const type = supergraph.type(condition)
    const others = !type
      ? []
      : isInterfaceType(type)
        ? type.allImplementations()
        : isUnionType(type)
          ? type.types()
          : []
    const names = new Set([condition, ...others.map(({ name }) => name)])
    accepted.set(condition, names)
    return names
  }
  return (object, typeCondition, unknown = false) => {
    const name = object['__typename']
    return typeof name === 'string' && name !== '' ? acceptedBy(typeCondition).has(name) : unknown
  }
}

/** Whether a name is that of a type of objects, and not of an interface or of nothing. */
export function objectTypeTest(supergraph: Schema): (name: unknown) => boolean {
  const names = new Set<unknown>()
  for (const type of supergraph.types()) if (isObjectType(type)) names.add(type.name)
  return (name) => names.has(name)
}
