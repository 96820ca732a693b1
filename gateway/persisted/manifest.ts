// A list of operations in Apollo's format (apollo-persisted-query-manifest, version 1), as client build tools write it.
import { readFileSync } from 'node:fs'
import { GraphQLError, getOperationAST, parse } from 'graphql'
import { z } from 'zod'
import { QuesnayError } from '../../schema/errors.ts'

export interface PersistedOperation {
  /** As clients ask for it; by custom the SHA-256 of its text in hexadecimal. */
  readonly id: string
  readonly name: string
  readonly type: 'query' | 'mutation' | 'subscription'
  readonly body: string
}

const MANIFEST = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({
      id: z.string().min(1).max(256),
      name: z.string().min(1).max(256),
      type: z.enum(['query', 'mutation', 'subscription']),
      body: z.string().min(1),
    }),
  ),
})

/** Errors: BAD_INPUT whose detail.problems lists every fault with its place. */
export function parseManifest(text: string): PersistedOperation[] {
  const read = MANIFEST.safeParse(jsonOf(text))
  if (!read.success)
    throw refused(read.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`))
  const { operations } = read.data
  const problems = operations.flatMap((one, at) =>
    faultsOf(one).map((fault) => `operations.${at} (${one.name}): ${fault}`),
  )
  const ids = new Set<string>()
  for (const { id } of operations) {
    if (ids.has(id)) problems.push(`operations: the id ${id} is there twice`)
    ids.add(id)
  }
  if (problems.length > 0) throw refused(problems)
  return operations
}

/** Errors: BAD_INPUT, also where the file cannot be read. */
export function readManifest(file: string): PersistedOperation[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw refused([`${file} cannot be read: ${(cause as Error).message}`])
  }
  return parseManifest(text)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw refused([`the file is no JSON: ${(cause as Error).message}`])
  }
}

function faultsOf({ name, type, body }: PersistedOperation): string[] {
  try {
    const operation = getOperationAST(parse(body, { maxTokens: 100_000 }))
    if (!operation) return ['the body must hold exactly one operation']
    const faults = operation.operation === type ? [] : [`the type is ${type}, and the body a ${operation.operation}`]
    const named = operation.name?.value ?? ''
    return named === name ? faults : [...faults, `the body is called ${named || 'nothing'}`]
  } catch (error) {
    if (error instanceof GraphQLError) return [error.message]
    throw error
  }
}

function refused(problems: readonly string[]): QuesnayError {
  return new QuesnayError('BAD_INPUT', `the manifest has ${problems.length} problem(s): ${problems.join('; ')}`, {
    path: 'manifest',
    problems,
    suggestion: 'make it with @apollo/generate-persisted-query-manifest, or write { format, version, operations }',
  })
}
