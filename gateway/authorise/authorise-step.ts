// The step that leaves out of an operation what its asker may not ask for, by @authenticated, @requiresScopes and @policy.
import { type GraphQLError, type OperationDefinitionNode, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Faults } from '../documents.ts'
import type { EdgeStep, GraphView, Operation } from '../edge/step.ts'
import { fragmentsOf, type Missing, type Narrow, narrow } from './narrow.ts'
import { type Rules, readRules } from './read-rules.ts'
import { refusalError } from './refusal-error.ts'
import { type Refusal, type Refused, refusalsOf, withNulls } from './refusals.ts'
import { holds, keyOf, type Policies, type Requirement } from './requirement.ts'

declare module '../edge/step.ts' {
  interface Notes {
    /** The text of an operation that was narrowed, as it came. */
    unnarrowed?: string
  }
}

/** Narrowed forms of one operation that are kept: one for each set of what its askers lack. */
const MAX_FORMS = 32

interface Form extends Narrow, Refused {
  readonly errors: ReadonlyMap<Refusal, GraphQLError>
}

/** What is known of one operation: what all of its fields ask, and its narrowed forms. */
interface Known {
  readonly asked: readonly Requirement[]
  readonly forms: LRUCache<string, Form>
}

/**
 * A field that may not be asked for is left out and answers null, with UNAUTHENTICATED or FORBIDDEN on its path. Where the null would
 * reach the root, and for a subscription, the operation is refused and nothing of it runs.
 */
export function authoriseStep(policies: Policies): EdgeStep {
  const rulesOf = new WeakMap<GraphView, Rules>()
  const knownOf = new WeakMap<OperationDefinitionNode, Known>()

  function rules(graph: GraphView): Rules {
    const known = rulesOf.get(graph) ?? readRules(parse(graph.sdl, { noLocation: true }), graph.schema)
    rulesOf.set(graph, known)
    return known
  }
  function known(operation: Operation): Known {
    const there = knownOf.get(operation.operation)
    if (there) return there
    const made = {
      asked: requirementsOf(operation, rules(operation.graph)),
      forms: new LRUCache<string, Form>({ max: MAX_FORMS }),
    }
    knownOf.set(operation.operation, made)
    return made
  }

  return {
    name: 'authorise',
    async admit(operation) {
      const { caller, graph, variables } = operation
      if (rules(graph).none) return operation
      const { asked, forms } = known(operation)
      const lacking = asked.filter((requirement) => !holds(requirement, caller, policies))
      if (lacking.length === 0) return operation
      const key = lacking.map(keyOf).join()
      const form = forms.get(key) ?? formOf(operation, rules(graph), lacking)
      forms.set(key, form)
      const met = form.refusals.filter(({ conditions }) =>
        conditions.every(({ variable, value }) => variables[variable] === value),
      )
      const refused = [...new Map(met.map((one) => [one.path.join('.'), form.errors.get(one)!])).values()]
      if (met.some(({ fatal, path }) => fatal || (operation.type === 'subscription' && path.length === 1)))
        return refused satisfies Faults
      const { document, operation: narrowed, query, mask } = form
      // Steps keep hold of the notes: they are added to, never replaced.
      operation.notes.unnarrowed = operation.query
      const restore = (data: Record<string, unknown>) => withNulls(data, mask) as Record<string, unknown> | null
      return {
        ...operation,
        document,
        operation: narrowed,
        query,
        refused: [...operation.refused, ...refused],
        restore,
      }
    },
  }
}

function formOf(operation: Operation, rules: Rules, lacking: readonly Requirement[]): Form {
  const keys = new Set(lacking.map(keyOf))
  const missing: Missing = (parent, field) => rules.of(parent, field).filter((one) => keys.has(keyOf(one)))
  const { schema } = operation.graph
  const { refusals, mask } = refusalsOf(schema, operation, missing)
  const errors = new Map(refusals.map((refusal) => [refusal, refusalError(refusal)]))
  return { ...narrow(schema, operation, missing), refusals, mask, errors }
}

/** What the fields of an operation and of its fragments ask, each once. */
function requirementsOf({ document, operation, graph }: Operation, rules: Rules): Requirement[] {
  const found = new Map<string, Requirement>()
  for (const node of [operation, ...fragmentsOf(document).values()]) {
    const types = new TypeInfo(graph.schema)
    const Field = () => {
      const parent = types.getParentType()
      const field = types.getFieldDef()
      if (parent && field && !field.name.startsWith('__'))
        for (const requirement of rules.of(parent, field)) found.set(keyOf(requirement), requirement)
    }
    visit(node, visitWithTypeInfo(types, { Field }))
  }
  return [...found.values()]
}
