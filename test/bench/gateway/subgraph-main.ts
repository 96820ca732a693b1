// One subgraph of the workload as a process: what it was asked once it answers from memory, so that it is not what is measured.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, parse } from 'graphql'
import { listening } from './listening.ts'
import { LINK, SUBGRAPHS, VIEW, viewNumber } from './workload.ts'

const { sdl, resolvers } = SUBGRAPHS[process.argv[2]!]!
const schema = buildSubgraphSchema({ typeDefs: parse(`${LINK}\n${sdl}`), resolvers: resolvers as never })
const COMMON = viewNumber(0)
/** By the request's body, with one view in place of the one asked for; equal but for the view are all operations of a run. */
const answers = new Map<string, Promise<string>>()

async function answerTo(body: string): Promise<string> {
  const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> }
  return JSON.stringify(await execute({ schema, document: parse(query), variableValues: variables }))
}

async function respond(body: string): Promise<string> {
  const view = VIEW.exec(body)?.[0]
  const common = view ? body.replaceAll(view, COMMON) : body
  const known = answers.get(common) ?? answerTo(common)
  answers.set(common, known)
  const answer = await known
  return view ? answer.replaceAll(COMMON, view) : answer
}

let requests = 0
const server = createServer(async (request, response) => {
  if (request.method === 'GET') return void response.end('{"ready":true}')
  requests++
  const answer = Buffer.from(await respond(await text(request)))
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
})
server.keepAliveTimeout = 65_000
listening(server, { requests: () => requests })
