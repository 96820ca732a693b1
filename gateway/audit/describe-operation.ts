// What of an operation is written down: its normalised text, once per operation, and its variables, as far as they may be.
import type { OperationDefinitionNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { GraphView, Operation } from '../edge/step.ts'
import { type Classification, readClassification } from './classification.ts'
import { type Normalised, normalise } from './normalise.ts'
import { type Redacted, redact } from './redact.ts'

export interface Described extends Redacted {
  /** SHA-256 of the text. */
  readonly hash: string
  readonly text: string
  readonly name: string | null
}

/** Texts that differ in their literals only are different operations here: those asked again are found. */
const MAX_KNOWN = 2_000

export class Descriptions {
  readonly #classifications = new WeakMap<GraphView, Classification>()
  readonly #known = new LRUCache<OperationDefinitionNode, Normalised>({ max: MAX_KNOWN })

  of({ graph, operation, document, variables }: Operation): Described {
    let normalised = this.#known.get(operation)
    if (!normalised) {
      normalised = normalise({ document, operation }, graph.schema)
      this.#known.set(operation, normalised)
    }
    let classification = this.#classifications.get(graph)
    if (!classification) {
      classification = readClassification(graph.sdl)
      this.#classifications.set(graph, classification)
    }
    const { hash, text } = normalised
    return { hash, text, name: operation.name?.value ?? null, ...redact(normalised, variables, classification) }
  }
}
