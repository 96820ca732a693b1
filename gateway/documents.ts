// Operations parsed and validated once per text, against one schema.
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { badRequest, isCoded, requestError } from './errors.ts'
import { checkOperation } from './limits/check-operation.ts'
import { DEFAULT_LIMITS, type OperationLimits } from './limits/limits-config.ts'
import { checkText } from './limits/rules/literals.ts'
import { parseAtMost } from './limits/rules/tokens.ts'

export interface OperationRequest {
  readonly query: string
  readonly variables?: Record<string, unknown> | null | undefined
  readonly operationName?: string | null | undefined
}

export interface Prepared {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
}

export type Faults = readonly GraphQLError[]
export const isFaults = (value: object): value is Faults => Array.isArray(value)

type Checked = DocumentNode | Faults

/** In characters of text, of which a parsed one takes some 50 bytes each; a long one (an import written into it) is not kept. */
const CACHE = { maxSize: 2 ** 20, maxEntrySize: 2 ** 16 }

export class Documents {
  readonly #schema: GraphQLSchema
  readonly #limits: OperationLimits
  readonly #known = new LRUCache<string, Checked>(CACHE)
  /** Of operations that are known beforehand: never thrown out. */
  readonly #kept = new Map<string, DocumentNode>()

  constructor(schema: GraphQLSchema, limits: OperationLimits = DEFAULT_LIMITS) {
    this.#schema = schema
    this.#limits = limits
  }

  /** Parses and validates a text that will be asked for again, and keeps it; what is wrong with it otherwise. */
  keep(query: string): DocumentNode | Faults {
    const document = this.#check(query)
    if (!isFaults(document)) this.#kept.set(query, document)
    return document
  }

  /** The operation to execute; BAD_INPUT errors where the text is malformed or invalid, or names no one operation; LIMIT_EXCEEDED. */
  prepare(query: string, operationName?: string | null): Prepared | Faults {
    const document = this.#check(query)
    if (isFaults(document)) return document
    const operation = getOperationAST(document, operationName)
    if (operation) return { document, operation }
    const names = document.definitions.flatMap((d) =>
      d.kind === Kind.OPERATION_DEFINITION ? (d.name?.value ?? []) : [],
    )
    const wanted = operationName ? `no operation is called ${operationName}` : 'operationName must say which one'
    return [
      badRequest(`the document has ${names.length} named operations: ${wanted}`, { path: 'operationName', names }),
    ]
  }

  /** Variables coerced to their types, defaults filled in; BAD_INPUT errors where one does not fit. */
  variables(operation: OperationDefinitionNode, given: Record<string, unknown> | null | undefined) {
    const result = getVariableValues(this.#schema, operation.variableDefinitions ?? [], given ?? {})
    if (!result.coerced) return result.errors.map(requestError)
    const fault = checkText(result.coerced, 'variables')
    return fault ? [fault] : result.coerced
  }

  #check(query: string): Checked {
    const known = this.#kept.get(query) ?? this.#known.get(query)
    if (known) return known
    const checked = this.#read(query)
    this.#known.set(query, checked, { size: Math.max(1, query.length) })
    return checked
  }

  #read(query: string): Checked {
    try {
      const document = parseAtMost(query, this.#limits.tokens)
      const beyond = checkOperation(document, this.#limits)
      if (beyond) return [beyond]
      const faults = validate(this.#schema, document)
      return faults.length > 0 ? faults.map(requestError) : document
    } catch (error) {
      // Anything else is the call stack, exceeded by an operation nested some thousand levels deep.
      if (!(error instanceof GraphQLError)) return [badRequest('the operation is nested too deeply')]
      return [isCoded(error) ? error : requestError(error)]
    }
  }
}
