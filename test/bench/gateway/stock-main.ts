// The peer as a process: the stock @apollo/gateway with its own data sources, behind a bare HTTP server. Without Apollo Server around
// it, which costs the peer a quarter of its rate, this is the faster way to run it.
import '../../../gateway/telemetry.ts'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { ApolloGateway } from '@apollo/gateway'
import { type DocumentNode, getOperationAST, parse, validate } from 'graphql'
import { listening } from './listening.ts'

const quiet = { debug() {}, info() {}, warn: console.error, error: console.error }
const gateway = new ApolloGateway({ supergraphSdl: process.argv[2]!, logger: quiet })
const { executor } = await gateway.load()
const schema = gateway.schema!
const documents = new Map<string, { readonly document: DocumentNode; readonly queryHash: string }>()

/** Parsed and validated once per text, as Apollo Server does. */
function prepared(query: string) {
  const known = documents.get(query)
  if (known) return known
  const document = parse(query)
  const faults = validate(schema, document)
  if (faults.length > 0) throw faults[0]
  const one = { document, queryHash: createHash('sha256').update(query).digest('hex') }
  documents.set(query, one)
  return one
}

const server = createServer(async (request, response) => {
  const { query, variables } = JSON.parse(await text(request)) as { query: string; variables?: Record<string, unknown> }
  const { document, queryHash } = prepared(query)
  const operation = getOperationAST(document)!
  const result = await executor({
    request: { query, variables: variables ?? {} },
    document,
    operation,
    operationName: operation.name?.value ?? null,
    source: query,
    queryHash,
    schema,
    context: {},
    metrics: {},
    logger: quiet,
    cache: undefined as never,
    schemaHash: undefined as never,
    overallCachePolicy: undefined,
  })
  const body = Buffer.from(JSON.stringify(result))
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
})
server.keepAliveTimeout = 65_000
listening(server)
