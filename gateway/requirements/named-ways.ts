// A name for each way in which a field is required.
import { type ArgumentNode, type DocumentNode, type FieldNode, visit } from 'graphql'
import { boundName } from './bound-name.ts'
import { argumentsOf, familyOf, type Requirements } from './read-requirements.ts'

/** A field with arguments bound, as subgraphs are asked for it. */
export interface BoundCall {
  readonly name: string
  readonly arguments: readonly ArgumentNode[]
}

export interface NamedWays {
  /** By the name of the bound field. */
  readonly calls: ReadonlyMap<string, BoundCall>
  /** The name of the way in which a field of a type is required; undefined where it is required in no other. */
  nameOf(node: FieldNode, type: string): string | undefined
  /** Names of all ways in which a field of a type, or of what has it in common with that type, is required. */
  namesOf(type: string, field: string): readonly string[]
}

/** No field of the supergraph has one of the names. */
export function nameWays({ types, conflicts }: Requirements, supergraph: DocumentNode): NamedWays {
  const taken = new Set<string>()
  visit(supergraph, { FieldDefinition: ({ name }) => void taken.add(name.value) })
  const calls = new Map<string, BoundCall>()
  const byWay = new Map<string, string>()
  const byField = new Map<string, string[]>()
  const keyOf = (family: readonly string[], field: string, given: string) => `${family.join('|')}.${field} ${given}`
  let number = 0
  for (const { types: family, field, ways } of conflicts)
    for (const [given, way] of ways) {
      do number++
      while (taken.has(boundName(field, number)))
      const name = boundName(field, number)
      calls.set(name, { name: field, arguments: way.arguments })
      byWay.set(keyOf(family, field, given), name)
      for (const type of family) byField.set(`${type}.${field}`, [...(byField.get(`${type}.${field}`) ?? []), name])
    }
  return {
    calls,
    nameOf: (node, type) => {
      const { value } = node.name
      return byField.has(`${type}.${value}`)
        ? byWay.get(keyOf(familyOf(types, type, value), value, argumentsOf(node)))
        : undefined
    },
    namesOf: (type, field) => byField.get(`${type}.${field}`) ?? [],
  }
}
