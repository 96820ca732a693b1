// quesnay query: one operation, its whole answer on standard output.
import { GraphQLError, getOperationAST, parse, print as printDocument, separateOperations } from 'graphql'
import { QuesnayError } from '../../schema/errors.ts'
import type { GraphClient, Variables } from '../client.ts'

/** Prints the answer as JSON, a line each for a subscription; an answer with errors makes the exit code 1. */
export async function query(client: GraphClient, text: string, variables: Variables, name?: string): Promise<void> {
  const { type, operation } = operationOf(text, name)
  const print = (result: { errors?: unknown }, indent?: number) => {
    if (result.errors) process.exitCode = 1
    process.stdout.write(`${JSON.stringify(result, null, indent)}\n`)
  }
  if (type !== 'subscription') return print(await client.execute(operation, variables), 2)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  for await (const result of client.subscribe(operation, variables, stop.signal)) print(result)
}

/** The one operation to send, without the others of the file. @throws BAD_INPUT */
function operationOf(text: string, name: string | undefined): { type: string; operation: string } {
  try {
    const document = parse(text)
    const node = getOperationAST(document, name)
    if (node) {
      const own = separateOperations(document)[node.name?.value ?? '']
      return { type: node.operation, operation: own ? printDocument(own) : text }
    }
  } catch (error) {
    if (error instanceof GraphQLError) throw new QuesnayError('BAD_INPUT', error.message, { path: 'file' })
    throw error
  }
  throw new QuesnayError('BAD_INPUT', name ? `no operation "${name}"` : 'the file has several operations', {
    path: '--operation',
    suggestion: 'name the operation to run with --operation',
  })
}
