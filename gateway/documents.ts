// Operations parsed and validated once per text, against one schema.
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { badRequest, requestError } from './errors.ts'
import { checkOperation, checkText, MAX_TOKENS, tooManyTokens } from './operation-limits.ts'

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
  readonly #known = new LRUCache<string, Checked>(CACHE)

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
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
    const known = this.#known.get(query)
    if (known) return known
    const checked = this.#read(query)
    this.#known.set(query, checked, { size: Math.max(1, query.length) })
    return checked
  }

  #read(query: string): Checked {
    try {
      const document = parse(query, { maxTokens: MAX_TOKENS })
      const beyond = checkOperation(document)
      if (beyond.length > 0) return beyond
      const faults = validate(this.#schema, document)
      return faults.length > 0 ? faults.map(requestError) : document
    } catch (error) {
      if (error instanceof GraphQLError && /more that \d+ tokens/.test(error.message)) return [tooManyTokens()]
      // Anything else is the call stack, exceeded by an operation nested some thousand levels deep.
      return [error instanceof GraphQLError ? requestError(error) : badRequest('the operation is nested too deeply')]
    }
  }
}
