// A subgraph as others write one: @apollo/subgraph behind node:http, without anything of ours.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, parse } from 'graphql'

export interface PlainSubgraph {
  readonly url: string
  readonly sdl: string
  /** Headers of what it was asked, in order. */
  readonly asked: IncomingHttpHeaders[]
  close(): Promise<void>
}

export async function servePlainSubgraph(
  sdl: string,
  resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<PlainSubgraph> {
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never })
  const asked: IncomingHttpHeaders[] = []
  const server = createServer(async (request, response) => {
    asked.push(request.headers)
    const { query, variables, operationName } = (await json(request)) as {
      query: string
      variables?: Record<string, unknown>
      operationName?: string
    }
    const result = await execute({
      schema,
      document: parse(query),
      variableValues: variables ?? {},
      operationName: operationName ?? null,
    })
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    sdl,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
