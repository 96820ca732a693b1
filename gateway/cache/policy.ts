// For how long, and to whom, the answer of an operation may be given again: the rules of Apollo's @cacheControl, before anything is executed.
import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Operation } from '../edge/step.ts'
import { type CacheHint, type CacheHints, hintsOf } from './hints.ts'

export interface CachePolicy {
  /** In seconds; 0: may not be kept. */
  readonly maxAge: number
  readonly scope: 'PUBLIC' | 'PRIVATE'
  /** Types of objects in the answer that have to be final for it. */
  readonly finalTypes: ReadonlySet<string>
  /** Types of all objects that may be in the answer. */
  readonly types: ReadonlySet<string>
  /** Of those, which the answer may get more of, or others, without one that is in it changing: members of lists. */
  readonly listed: ReadonlySet<string>
  /** Keys of the answer that may be null where an object could be, with the types of that object. */
  readonly nullable: ReadonlyMap<string, ReadonlySet<string>>
}

const policies = new WeakMap<OperationDefinitionNode, CachePolicy>()

/**
 * The least of all fields: a root field, or a field of objects, may not be kept unless a hint says so on the field or its type; others are
 * kept as long as what they are in. Conditions are taken as met.
 */
export function policyOf(operation: Operation): CachePolicy {
  const known = policies.get(operation.operation)
  if (known) return known
  const policy = new Reading(operation, hintsOf(operation.graph)).policy()
  policies.set(operation.operation, policy)
  return policy
}

class Reading {
  readonly #schema: GraphQLSchema
  readonly #hints: CacheHints
  readonly #operation: Operation
  #maxAge = Number.POSITIVE_INFINITY
  #scope: CachePolicy['scope'] = 'PUBLIC'
  readonly #finalTypes = new Set<string>()
  readonly #types = new Set<string>()
  readonly #listed = new Set<string>()
  readonly #nullable = new Map<string, Set<string>>()

  constructor(operation: Operation, hints: CacheHints) {
    this.#operation = operation
    this.#schema = operation.graph.schema
    this.#hints = hints
  }

  policy(): CachePolicy {
    const { operation } = this.#operation
    const root = this.#schema.getRootType(operation.operation)!
    this.#selection(root, operation.selectionSet, true)
    const maxAge = Number.isFinite(this.#maxAge) ? this.#maxAge : 0
    return {
      maxAge,
      scope: this.#scope,
      finalTypes: this.#finalTypes,
      types: this.#types,
      listed: this.#listed,
      nullable: this.#nullable,
    }
  }

  #selection(parent: GraphQLCompositeType, set: SelectionSetNode, isRoot: boolean): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) this.#field(parent, selection, isRoot)
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value
        const type = condition ? (this.#schema.getType(condition) as GraphQLCompositeType) : parent
        this.#selection(type, selection.selectionSet, isRoot)
      } else {
        const fragment = this.#fragment(selection.name.value)
        this.#selection(
          this.#schema.getType(fragment.typeCondition.name.value) as GraphQLCompositeType,
          fragment.selectionSet,
          isRoot,
        )
      }
    }
  }

  #fragment(name: string) {
    const { definitions } = this.#operation.document
    return definitions.find((node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name) as Extract<
      (typeof definitions)[number],
      { kind: Kind.FRAGMENT_DEFINITION }
    >
  }

  #field(parent: GraphQLCompositeType, node: FieldNode, isRoot: boolean): void {
    const name = node.name.value
    if (name === '__typename') return
    const field = 'getFields' in parent ? parent.getFields()[name] : undefined
    // The schema itself: for who may look at it, and it is in memory anyhow.
    if (!field) {
      this.#atMost(0)
      return
    }
    const type = getNamedType(field.type)
    const composite = isCompositeType(type)
    for (const owner of [parent, ...this.#objects(parent)])
      this.#restrict(this.#hints.get(`${owner.name}.${name}`), type, composite, isRoot, owner === parent)
    if (!composite || !node.selectionSet) return
    const objects = this.#objects(type)
    for (const one of objects) this.#types.add(one.name)
    // A root field that is asked for by no id may give another object though the one it gave has not changed.
    const isFixed = !isRoot || field.args.some((argument) => getNamedType(argument.type).name === 'ID')
    if (isList(field.type) || !isFixed) for (const one of objects) this.#listed.add(one.name)
    if (!isNonNullType(field.type)) {
      const key = node.alias?.value ?? name
      const known = this.#nullable.get(key) ?? new Set()
      for (const one of objects) known.add(one.name)
      this.#nullable.set(key, known)
    }
    this.#selection(type, node.selectionSet, false)
  }

  /** @param declared whether the hint is that of the type selected on, which counts also where it is absent */
  #restrict(
    hint: CacheHint | undefined,
    type: GraphQLNamedType,
    composite: boolean,
    isRoot: boolean,
    declared: boolean,
  ): void {
    if (!hint && !declared) return
    const ofTypes = composite ? [type, ...this.#objects(type)].flatMap((one) => this.#hints.get(one.name) ?? []) : []
    for (const one of hint ? [hint, ...ofTypes] : ofTypes) {
      if (one.scope === 'PRIVATE') this.#scope = 'PRIVATE'
      if (one.ifFinal) for (const object of this.#objects(type)) this.#finalTypes.add(object.name)
    }
    this.#atMost(ageOf(hint, ofTypes, isRoot, composite))
  }

  #atMost(seconds: number): void {
    this.#maxAge = Math.min(this.#maxAge, seconds)
  }

  #objects(type: GraphQLNamedType): readonly GraphQLNamedType[] {
    if (isObjectType(type)) return [type]
    return isAbstractType(type) ? this.#schema.getPossibleTypes(type) : []
  }
}

/** Infinite where the field is kept as long as what it is in. */
function ageOf(
  hint: CacheHint | undefined,
  ofTypes: readonly CacheHint[],
  isRoot: boolean,
  composite: boolean,
): number {
  const inherits = (one: CacheHint | undefined) => one?.inheritMaxAge === true && !isRoot
  if (hint?.maxAge !== undefined) return hint.maxAge
  if (inherits(hint)) return Number.POSITIVE_INFINITY
  const ages = ofTypes.flatMap(({ maxAge }) => maxAge ?? [])
  if (ages.length > 0) return Math.min(...ages)
  if (ofTypes.some(inherits)) return Number.POSITIVE_INFINITY
  return isRoot || composite ? 0 : Number.POSITIVE_INFINITY
}

function isList(type: unknown): boolean {
  if (isNonNullType(type)) return isList(type.ofType)
  return isListType(type)
}
