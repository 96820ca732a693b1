// Entities that one or several parts of a plan ask of one subgraph at the same time, asked for in one request.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  type VariableDefinitionNode,
  visit,
} from 'graphql'
import { entityRules, representationsAt } from './entities.ts'
import { type Asked, askForEntities, chosen, type FetchDeps, withRepresentations } from './fetch.ts'
import type { Step } from './run.ts'
import type { PlannedFetch } from './schedule.ts'

const REPRESENTATIONS = 'representations'
const keyOf = (i: number) => `_entities${i}`
const variableOf = (i: number) => `${REPRESENTATIONS}${i}`

/** @param fetches one or more of one subgraph. Those that turn out to have nothing to ask for are asked for nothing. */
export function entitiesStep(fetches: readonly PlannedFetch[], deps: FetchDeps): Step {
  const groups = alike(fetches)
  const alone = groups.map((group) => entityStep(group, deps))
  return groups.length === 1 ? alone[0]! : mergedStep(groups, alone, deps)
}

/** Fetches that ask for the same of their entities, together: an entity that stands at several places is asked for once. */
function alike(fetches: readonly PlannedFetch[]): PlannedFetch[][] {
  const groups = new Map<string, PlannedFetch[]>()
  for (const fetch of fetches) {
    const { operation, operationName, variableUsages, outputRewrites } = fetch.node
    // The planner numbers the names of its operations.
    const text = operationName ? operation.replace(operationName, '') : operation
    const key = JSON.stringify([text, variableUsages, outputRewrites])
    groups.set(key, [...(groups.get(key) ?? []), fetch])
  }
  return [...groups.values()]
}

function entityStep(group: readonly PlannedFetch[], deps: FetchDeps): Step {
  const rules = entityRules(group, deps.isOfType)
  const { serviceName, operation: query, operationName } = group[0]!.node
  return async (run) => {
    const batch = representationsAt(run.data, rules)
    if (batch.representations.length === 0) return
    await askForEntities(deps, run, serviceName, [{ rules, batch, key: '_entities' }], () => {
      const variables = chosen(run, rules.variables)
      const variablesText = withRepresentations(variables, [[REPRESENTATIONS, batch.texts]])
      variables[REPRESENTATIONS] = batch.representations
      return { query, operationName, variables, variablesText }
    })
  }
}

/** @param groups two or more */
function mergedStep(groups: readonly PlannedFetch[][], alone: readonly Step[], deps: FetchDeps): Step {
  const service = groups[0]![0]!.node.serviceName
  const rules = groups.map((group) => entityRules(group, deps.isOfType))
  const query = mergedOperation(groups.map((group) => group[0]!.node.operation))
  const variables = [...new Set(rules.flatMap((one) => one.variables))]
  const operationName = groups[0]![0]!.node.operationName
  return async (run) => {
    const asked: Asked[] = []
    for (const [i, one] of rules.entries()) {
      const batch = representationsAt(run.data, one)
      if (batch.representations.length > 0) asked.push({ rules: one, batch, key: keyOf(i) })
    }
    if (asked.length === 0) return
    if (asked.length === 1) return alone[rules.indexOf(asked[0]!.rules)]!(run)
    await askForEntities(deps, run, service, asked, () => {
      const given = chosen(run, variables)
      const batches = rules.map((one) => asked.find(({ rules: of }) => of === one)?.batch)
      const variablesText = withRepresentations(
        given,
        batches.map((batch, i) => [variableOf(i), batch?.texts ?? []]),
      )
      for (const [i, batch] of batches.entries()) given[variableOf(i)] = batch?.representations ?? []
      return { query, operationName, variables: given, variablesText }
    })
  }
}

/** One operation of several that each select `_entities(representations: $representations)`; the first gives its name. */
export function mergedOperation(operations: readonly string[]): string {
  const parts = operations.map((text, i) => numbered(parse(text, { noLocation: true }), i))
  const [first] = parts
  const variables = new Map<string, VariableDefinitionNode>()
  for (const { operation } of parts)
    for (const one of operation.variableDefinitions ?? []) variables.set(one.variable.name.value, one)
  const operation: OperationDefinitionNode = {
    ...first!.operation,
    operation: OperationTypeNode.QUERY,
    variableDefinitions: [...variables.values()],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: parts.flatMap((part) => part.operation.selectionSet.selections),
    },
  }
  return print({ kind: Kind.DOCUMENT, definitions: [operation, ...parts.flatMap((part) => part.fragments)] })
}

interface Part {
  readonly operation: OperationDefinitionNode
  readonly fragments: readonly FragmentDefinitionNode[]
}

/** The names that two operations might both use, told apart by a number: the key, the variable and the fragments. */
function numbered(document: DocumentNode, i: number): Part {
  const named = <T extends { readonly name: { readonly value: string } }>(node: T, value: string): T => ({
    ...node,
    name: { ...node.name, value },
  })
  const renamed: DocumentNode = visit(document, {
    Variable: (node) => (node.name.value === REPRESENTATIONS ? named(node, variableOf(i)) : undefined),
    FragmentSpread: (node) => named(node, `${node.name.value}_${i}`),
    FragmentDefinition: { leave: (node) => named(node, `${node.name.value}_${i}`) },
  })
  const operation = renamed.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!
  const selections = operation.selectionSet.selections.map((selection): FieldNode => {
    const field = selection as FieldNode
    return { ...field, alias: { kind: Kind.NAME, value: keyOf(i) } }
  })
  return {
    operation: { ...operation, selectionSet: { ...operation.selectionSet, selections } },
    fragments: renamed.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION),
  }
}
