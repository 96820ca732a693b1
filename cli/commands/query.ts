// quesnay query: one operation, its whole answer on standard output.
import type { FormattedExecutionResult } from 'graphql'
import { type DocumentNode, GraphQLError, getOperationAST, Kind, parse, separateOperations } from 'graphql'
import { QuesnayError } from '../../schema/errors.ts'
import { nearest } from '../../schema/nearest.ts'
import { errorOf, faultOf, type GraphClient, type Variables } from '../client.ts'
import { INTERRUPTED } from '../report-error.ts'

export interface QueryOptions {
  /** One line even for what a person would read. */
  readonly json: boolean
  /** Which operation, where the text holds several. */
  readonly operation?: string
}

/**
 * Prints the answer as JSON, a line each for a subscription. An answer with errors is printed too, and its first error is thrown
 * with its code. Ctrl-C ends a subscription.
 */
export async function query(
  client: GraphClient,
  text: string,
  variables: Variables,
  options: QueryOptions,
): Promise<void> {
  const { type, operation } = operationOf(text, options.operation)
  let failed: QuesnayError | undefined
  const print = (result: FormattedExecutionResult, indent?: number) => {
    failed ??= faultOf(result)
    process.stdout.write(`${JSON.stringify(result, null, indent)}\n`)
  }
  if (type !== 'subscription') print(await client.execute(operation, variables), options.json ? undefined : 2)
  else await follow(client, operation, variables, print)
  if (failed) throw failed
}

async function follow(
  client: GraphClient,
  operation: string,
  variables: Variables,
  print: (result: FormattedExecutionResult) => void,
): Promise<void> {
  const stop = new AbortController()
  process.once('SIGINT', () => {
    process.exitCode = INTERRUPTED
    stop.abort()
  })
  // Nobody reads on: see the pipe in main.ts.
  process.stdout.once('error', () => stop.abort())
  for await (const result of client.subscribe(operation, variables, stop.signal)) print(result)
}

/** The one operation to send, without the others of the file, and where it stands in it. Errors: BAD_INPUT. */
function operationOf(text: string, name: string | undefined): { type: string; operation: string } {
  const document = parsed(text)
  const node = getOperationAST(document, name)
  if (node) {
    const own = separateOperations(document)[node.name?.value ?? '']
    return { type: node.operation, operation: own ? onlyThese(own, document, text) : text }
  }
  const names = document.definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION && one.name ? [one.name.value] : [],
  )
  if (names.length === 0)
    throw new QuesnayError('BAD_INPUT', 'the file holds no operation that can be chosen', {
      path: 'file',
      suggestion: 'write one such as { parameterTrees { id } }, and give each a name where there are several',
    })
  const meant = name && nearest(name, names)
  throw new QuesnayError('BAD_INPUT', name ? `no operation "${name}"` : 'the file holds several operations', {
    path: '--operation',
    suggestion: meant ? `did you mean "${meant}"?` : `name one with --operation: ${names.join(', ')}`,
  })
}

/** The text with blanks for everything else, so that lines and columns in answers are those of the file. */
function onlyThese({ definitions: wanted }: DocumentNode, { definitions }: DocumentNode, text: string): string {
  let kept = text
  for (const one of definitions) {
    if (wanted.includes(one) || !one.loc) continue
    const { start, end } = one.loc
    kept = kept.slice(0, start) + kept.slice(start, end).replace(/[^\r\n]/g, ' ') + kept.slice(end)
  }
  return kept
}

function parsed(text: string) {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    throw errorOf({ ...error.toJSON(), extensions: { code: 'BAD_INPUT' } })
  }
}
