// An operation without the fields that somebody may not ask for: each is replaced by a placeholder that tells, in the answer,
// where a null belongs.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Prepared } from '../documents.ts'
import type { Requirement } from './requirement.ts'

/** Key in the answer of a narrowed operation, before the key of the field that it stands for. */
export const PLACEHOLDER = 'quesnayRefused_'

/** What of a field is missing; none where it may be asked for. */
export type Missing = (parent: GraphQLCompositeType, field: GraphQLField<unknown, unknown>) => readonly Requirement[]

export interface Narrow extends Prepared {
  /** Its text. */
  readonly query: string
}

/**
 * The operation, alone in its document, with a placeholder for each field of which something is missing. Fragments and variables that
 * only those used are left out. The placeholder is a `__typename`, so that it comes exactly where the field would.
 */
export function narrow(schema: GraphQLSchema, prepared: Prepared, missing: Missing): Narrow {
  const fragments = fragmentsOf(prepared.document)
  const replaced = <T extends OperationDefinitionNode | FragmentDefinitionNode>(node: T) =>
    replaceFields(schema, node, missing)
  const operation = replaced(prepared.operation)
  const kept = new Map<string, FragmentDefinitionNode>()
  const used = new Set<string>()
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void used.add(name.value),
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value)
        if (!fragment || kept.has(name.value)) return
        const one = replaced(fragment)
        kept.set(name.value, one)
        follow(one)
      },
    })
  }
  follow(operation)
  const variableDefinitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    used.has(variable.name.value),
  )
  const narrowed: OperationDefinitionNode = { ...operation, variableDefinitions }
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [narrowed, ...kept.values()] }
  return { document, operation: narrowed, query: print(document) }
}

export const fragmentsOf = ({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> =>
  new Map(definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])))

export const responseKey = ({ alias, name }: FieldNode): string => (alias ?? name).value

function replaceFields<T extends OperationDefinitionNode | FragmentDefinitionNode>(
  schema: GraphQLSchema,
  node: T,
  missing: Missing,
): T {
  const types = new TypeInfo(schema)
  return visit(
    node,
    visitWithTypeInfo(types, {
      Field(field) {
        const parent = types.getParentType()
        const definition = types.getFieldDef()
        if (!parent || !definition || definition.name.startsWith('__') || missing(parent, definition).length === 0)
          return undefined
        return placeholderOf(field)
      },
    }),
  )
}

/** It is skipped where the field would be; no other directive says anything of a `__typename`. */
function placeholderOf(field: FieldNode): FieldNode {
  const directives = (field.directives ?? []).filter(({ name }) => ['skip', 'include'].includes(name.value))
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: `${PLACEHOLDER}${responseKey(field)}` },
    name: { kind: Kind.NAME, value: '__typename' },
    directives,
  }
}
