// Execution of operations: those that come again are compiled to JavaScript by graphql-jit, which takes half the time for many entities.
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  visit,
} from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'

/** Compiling takes as long as some executions: an operation that comes once is not worth it. */
const COMPILED_FROM = 2

interface Known {
  uses: number
  /** undefined: not compiled yet; null: cannot be. */
  compiled: CompiledQuery['query'] | null | undefined
}

export type Execute = (args: Omit<ExecutionArgs, 'schema'>) => Promise<ExecutionResult>

/** Answers as `execute` does, errors included. What is compiled is kept as long as the parsed document is. */
export function executorOf(schema: GraphQLSchema): Execute {
  const known = new WeakMap<DocumentNode, Map<string, Known>>()

  function compiledOf(document: DocumentNode, operationName: string | null | undefined) {
    const operations = known.get(document) ?? new Map<string, Known>()
    known.set(document, operations)
    const name = operationName ?? ''
    const one = operations.get(name) ?? { uses: 0, compiled: hasConditions(document) ? null : undefined }
    operations.set(name, one)
    if (one.compiled === undefined && ++one.uses >= COMPILED_FROM) {
      const compiled = compileQuery(schema, document, operationName ?? undefined)
      // Otherwise it is a fault of the operation, which execute words as everybody knows it.
      one.compiled = isCompiledQuery(compiled) ? compiled.query : null
    }
    return one.compiled
  }

  return async (args) => {
    const compiled = compiledOf(args.document, args.operationName)
    if (!compiled) return execute({ schema, ...args })
    const result: ExecutionResult = await compiled(args.rootValue, args.contextValue, args.variableValues)
    if (!result.errors) return result
    // Variables that do not fit: nothing has been executed yet.
    if (result.data === undefined) return execute({ schema, ...args })
    return { ...result, errors: result.errors.map(withCause) }
  }
}

/** A value that does not fit its type is a fault of ours, as graphql's own executor says by a cause and graphql-jit does not. */
function withCause(error: GraphQLError): GraphQLError {
  if (error.originalError) return error
  const { message, path, locations } = error
  const located = new GraphQLError(message, { path: path ?? null, originalError: new Error(message) })
  return Object.defineProperty(located, 'locations', { value: locations, enumerable: true })
}

/** graphql-jit takes @skip and @include of a fragment otherwise than the specification; planned fetches have none. */
function hasConditions(document: DocumentNode): boolean {
  let found = false
  visit(document, {
    Directive({ name }) {
      found ||= name.value === 'skip' || name.value === 'include'
    },
  })
  return found
}
