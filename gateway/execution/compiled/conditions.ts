// The variables by which @skip and @include choose, and their values in one request.
import {
  type DirectiveNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import type { Fields } from './properties.ts'

export interface Condition {
  readonly variable: string
  /** undefined where the variable has none. */
  readonly fallback: boolean | undefined
}

/** Conditions of all selections of a document, each variable once. */
export function conditionsOf(document: DocumentNode, operation: OperationDefinitionNode): Condition[] {
  const names = new Set<string>()
  visit(document, {
    Directive(node) {
      if (!isCondition(node)) return
      for (const { value } of node.arguments ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names].map((variable) => {
    const definition = operation.variableDefinitions?.find((one) => one.variable.name.value === variable)
    const value = definition?.defaultValue
    return { variable, fallback: value?.kind === Kind.BOOLEAN ? value.value : undefined }
  })
}

/** Throws a GraphQLError where a value is null: the variable may be, the condition may not. */
export function conditionValues(conditions: readonly Condition[], variables: Fields): ConditionValues {
  const values: Record<string, boolean> = {}
  for (const { variable, fallback } of conditions) {
    const value = Object.hasOwn(variables, variable) ? variables[variable] : fallback
    // One that only a fragment of another operation of the document asks for is not declared here.
    if (value === undefined) continue
    if (typeof value !== 'boolean')
      throw new GraphQLError(`the variable $${variable} must be true or false for @skip or @include`, {
        extensions: { code: 'BAD_INPUT', detail: { path: `variables.${variable}` } },
      })
    values[variable] = value
  }
  return values
}

/** Of which every choice is made beforehand: two conditions have four. */
const MAX_CHOSEN_BEFOREHAND = 2

/** What clients may choose: every combination of few conditions, of many only what holds where nothing is given. */
export function choicesOf(conditions: readonly Condition[]): ConditionValues[] {
  if (conditions.length > MAX_CHOSEN_BEFOREHAND) return [conditionValues(conditions, {})]
  return conditions.reduce<ConditionValues[]>(
    (choices, { variable }) => choices.flatMap((one) => [true, false].map((value) => ({ ...one, [variable]: value }))),
    [{}],
  )
}

export type ConditionValues = Readonly<Record<string, boolean>>

/**
 * The document with every @skip and @include decided: what is left out is gone. A plan made of the conditions themselves would
 * tie fields that are asked for to requirements of fields that are not.
 */
export function decided(document: DocumentNode, values: ConditionValues): DocumentNode {
  const decide = <T extends SelectionNode>(node: T): T | null | undefined => {
    const directives = node.directives ?? []
    if (directives.some((one) => leavesOut(one, values))) return null
    const others = directives.filter((one) => !isCondition(one))
    return others.length === directives.length ? undefined : { ...node, directives: others }
  }
  return visit(document, {
    Field: decide,
    InlineFragment: decide,
    FragmentSpread: decide,
    SelectionSet: { leave: (node) => (node.selections.length > 0 ? undefined : TYPENAME) },
  })
}

const TYPENAME: SelectionSetNode = {
  kind: Kind.SELECTION_SET,
  selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }],
}

const isCondition = ({ name }: DirectiveNode) => name.value === 'skip' || name.value === 'include'

function leavesOut(directive: DirectiveNode, values: ConditionValues): boolean {
  if (!isCondition(directive)) return false
  const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value
  const given = value?.kind === Kind.VARIABLE ? values[value.name.value] : value?.kind === Kind.BOOLEAN && value.value
  return given === (directive.name.value === 'skip')
}
