// Errors of subgraphs as errors of the answer: the same message and extensions, the place in the client's own answer.
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { clientPath } from './inner-keys.ts'
import type { Run } from './run.ts'
import type { ResponsePath } from './targets.ts'

/** Adds what a subgraph complained of; `placeOf` gives the place in the answer, undefined where it is of no one place. */
export function addErrors(
  run: Run,
  service: string,
  errors: readonly GraphQLFormattedError[] | undefined,
  placeOf: (error: GraphQLFormattedError) => ResponsePath | undefined,
): void {
  for (const error of errors ?? []) {
    const path = placeOf(error)
    run.errors.push(
      new GraphQLError(error.message || `the subgraph ${service} gave an error without a message`, {
        ...(path ? { path: clientPath(path) } : {}),
        extensions: { ...error.extensions, serviceName: service },
      }),
    )
  }
}

/** Adds a fault that was thrown while a subgraph was asked, or its answer taken in. */
export function failed(run: Run, service: string, thrown: unknown, path: ResponsePath | undefined): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const { code, detail } = error as { code?: unknown; detail?: unknown }
  run.errors.push(
    new GraphQLError(error.message, {
      originalError: error,
      // Fields of the root have no place in common.
      ...(path && path.length > 0 ? { path: clientPath(path) } : {}),
      extensions: { ...(typeof code === 'string' ? { code, detail } : {}), serviceName: service },
    }),
  )
}
