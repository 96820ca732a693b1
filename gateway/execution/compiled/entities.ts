// Entities of a fetch: which are in the result, each told once to the subgraph, and where its answer goes.
import { QuesnayError } from '../../../schema/errors.ts'
import type { Merge } from './merge.ts'
import { type Fields, isFields } from './properties.ts'
import { type Recall, recallBy, representationOf } from './representation.ts'
import { type Rewrite, rewriteOf } from './rewrites.ts'
import type { PlannedFetch } from './schedule.ts'
import { addTargetsAt, type PlanPath, placesAt, type ResponsePath } from './targets.ts'
import type { TypeTest } from './type-test.ts'

/** Fetches of entities that differ only in where these stand: what of them does not depend on a run. */
export interface EntityRules {
  readonly places: readonly EntityPlace[]
  readonly variables: readonly string[]
  readonly rewriteOutput: Rewrite | undefined
}

interface EntityPlace {
  readonly path: PlanPath
  readonly represent: (entity: Fields) => Fields | undefined
  readonly rewriteInput: Rewrite | undefined
  readonly recall: (<T>() => Recall<T>) | undefined
  /** Equal for places whose representations are made alike. */
  readonly kind: number
}

export interface Batch {
  /** No two alike. */
  readonly representations: readonly Fields[]
  /** The same, each as JSON. */
  readonly texts: readonly string[]
  /** All objects at the paths, of one path after the other. */
  readonly targets: readonly Fields[]
  /** By representation: which of the targets it stands for. */
  readonly targetsOf: readonly (readonly number[])[]
  /** The first target that is represented. */
  readonly first: number
}

/** @param fetches one or more, alike but for their paths and what they require */
export function entityRules(fetches: readonly PlannedFetch[], isOfType: TypeTest): EntityRules {
  const { node } = fetches[0]!
  const kinds = fetches.map(({ node: { requires, inputRewrites } }) => JSON.stringify([requires, inputRewrites]))
  return {
    places: fetches.map(({ node: { requires = [], inputRewrites }, path }, i) => ({
      path,
      represent: representationOf(requires, isOfType),
      rewriteInput: rewriteOf(inputRewrites, isOfType),
      recall: recallBy(requires),
      kind: kinds.indexOf(kinds[i]!),
    })),
    variables: node.variableUsages ?? [],
    rewriteOutput: rewriteOf(node.outputRewrites, isOfType),
  }
}

/** @param only which of the objects at the paths count; default all. */
export function representationsAt(data: Fields, { places }: EntityRules, only?: ReadonlySet<number>): Batch {
  const targets: Fields[] = []
  const representations: Fields[] = []
  const texts: string[] = []
  const targetsOf: number[][] = []
  const known = new Map<string, number[]>()
  const recalls: Recall<number[]>[] = []
  let first = 0
  for (const { path, represent, rewriteInput, recall, kind } of places) {
    let i = targets.length
    addTargetsAt(data, path, targets)
    if (recall) recalls[kind] ??= recall()
    const recalled = recall && recalls[kind]
    for (; i < targets.length; i++) {
      if (only && !only.has(i)) continue
      const target = targets[i]!
      const seen = recalled?.get(target)
      if (seen) {
        seen.push(i)
        continue
      }
      const representation = represent(target)
      if (!representation) continue
      rewriteInput?.(representation)
      // Fields come in the order of the plan, so that equal entities have equal texts.
      const text = JSON.stringify(representation)
      let alike = known.get(text)
      if (!alike) {
        if (representations.length === 0) first = i
        alike = []
        known.set(text, alike)
        representations.push(representation)
        texts.push(text)
        targetsOf.push(alike)
      }
      alike.push(i)
      recalled?.keep(target, alike)
    }
  }
  return { representations, texts, targets, targetsOf, first }
}

/** Where each of the targets of a batch stands in the answer. */
export const placesOf = (data: Fields, { places }: EntityRules): ResponsePath[] =>
  places.flatMap(({ path }) => placesAt(data, path))

/**
 * SUBGRAPH_UNAVAILABLE where the answer has not one entry for each representation.
 * @param isExplained whether an error came along, which says why there is no list
 */
export function mergeEntities(
  entities: unknown,
  { rewriteOutput }: EntityRules,
  batch: Batch,
  merge: Merge,
  isExplained: boolean,
): void {
  if ((entities === null || entities === undefined) && isExplained) return
  const { representations, targets, targetsOf } = batch
  if (!Array.isArray(entities) || entities.length !== representations.length)
    throw new QuesnayError(
      'SUBGRAPH_UNAVAILABLE',
      `a subgraph answered another number of entities than it was asked for`,
    )
  for (let i = 0; i < entities.length; i++) {
    const entity: unknown = entities[i]
    if (!isFields(entity)) continue
    const places = targetsOf[i]!
    // Rewrites may ask for the type, which is the one it was asked as where the subgraph does not say.
    entity['__typename'] ??= targets[places[0]!]!['__typename']
    rewriteOutput?.(entity)
    for (const place of places) merge(targets[place]!, entity, places.length > 1)
  }
}
