// The fields that a selection asks of one type, fragments taken in (GraphQL specification 6.3.2, CollectFields).
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { ConditionValues } from './conditions.ts'
import type { InnerKey } from './inner-keys.ts'

export interface SelectionContext {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Values of the variables that @skip and @include ask for. */
  readonly conditions: ConditionValues
  readonly innerKey: InnerKey
}

/** By response key, in the order of the answer: every node that selects it. */
export type CollectedFields = ReadonlyMap<string, readonly FieldNode[]>

/** @param type the type of the object, or the declared one where the subgraph does not say which object it is. */
export function collectFields(
  context: SelectionContext,
  type: GraphQLNamedType,
  selectionSets: readonly SelectionSetNode[],
): CollectedFields {
  const fields = new Map<string, FieldNode[]>()
  const spread = new Set<string>()
  const walk = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(context, selection)) continue
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value
        const nodes = fields.get(key)
        if (nodes) nodes.push(selection)
        else fields.set(key, [selection])
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value
        if (condition === undefined || applies(context.schema, condition, type)) walk(selection.selectionSet)
      } else {
        const name = selection.name.value
        const fragment = context.fragments.get(name)
        if (!fragment || spread.has(name)) continue
        spread.add(name)
        if (applies(context.schema, fragment.typeCondition.name.value, type)) walk(fragment.selectionSet)
      }
    }
  }
  for (const selectionSet of selectionSets) walk(selectionSet)
  return fields
}

function isIncluded({ conditions }: SelectionContext, node: SelectionNode): boolean {
  if (!node.directives || node.directives.length === 0) return true
  const skip = getDirectiveValues(GraphQLSkipDirective, node, conditions)
  if (skip?.['if'] === true) return false
  const include = getDirectiveValues(GraphQLIncludeDirective, node, conditions)
  return include?.['if'] !== false
}

function applies(schema: GraphQLSchema, condition: string, type: GraphQLNamedType): boolean {
  if (condition === type.name) return true
  const wanted = schema.getType(condition)
  return isAbstractType(wanted) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type)
}
