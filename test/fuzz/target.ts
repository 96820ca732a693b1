// What the fuzzers aim at: `quesnay gateway` as a process with a small heap, over two subgraphs, one of which pushes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeSupergraph } from '../../gateway/compose.ts'
import { servePlainSubgraph } from '../support/plain-subgraph.ts'
import { startProcess } from '../support/server-process.ts'

export interface Target {
  readonly port: number
  /** Data directory of the server, for commands that share it. */
  readonly directory: string
  /** POST /graphql with a body as it is. */
  post(body: string | Uint8Array, headers?: Readonly<Record<string, string>>): Promise<Reply>
  connect(): Socket
  /** Throws where the process is gone, has told of a crash, or answers a good question wrong. */
  assertWell(): Promise<void>
  /** Resident memory of the process, in MiB. */
  residentMib(): number
  close(): Promise<void>
}

export interface Reply {
  readonly status: number
  readonly text: string
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@composeDirective"])`
const GOOD = '{"query":"{ thing(id: \\"a\\") { id label price } }"}'
/** Of a fault that takes the process down; a leak of this much would too. */
const HEAP_MIB = 320

export async function startTarget(): Promise<Target> {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-fuzz-'))
  const things = await servePlainSubgraph(
    `${LINK} @link(url: "https://specs.quesnay.dev/events/v1.0", import: ["@eventSource"]) @composeDirective(name: "@eventSource")
     directive @eventSource(subject: String!, snapshot: String!) on FIELD_DEFINITION
     scalar Anything
     enum Size { S M L }
     input Filter { text: String size: Size = M min: Int max: Float ids: [ID!] and: [Filter!] any: Anything }
     type Query { thing(id: ID!): Thing things(filter: Filter, first: Int = 3): [Thing!]! echo(any: Anything): Anything }
     type Mutation { rename(id: ID!, label: String!): Thing }
     type Subscription { thingChanged(id: ID!): Thing @eventSource(subject: "run.{args.id}", snapshot: "thing") }
     type Thing @key(fields: "id") { id: ID! label(size: Size): String other: Thing things: [Thing!]! }`,
    {
      Query: {
        thing: (_: unknown, { id }: { id: string }) => ({ id }),
        things: (_: unknown, { first }: { first: number }) => ['a', 'b', 'c'].slice(0, first).map((id) => ({ id })),
        echo: (_: unknown, { any }: { any: unknown }) => any,
      },
      Mutation: { rename: (_: unknown, { id }: { id: string }) => ({ id }) },
      Thing: {
        label: ({ id }: { id: string }) => `thing ${id}`,
        other: () => ({ id: 'b' }),
        things: () => [{ id: 'a' }, { id: 'c' }],
      },
    },
  )
  const prices = await servePlainSubgraph(
    `${LINK} type Thing @key(fields: "id") { id: ID! price: Float fails: String }`,
    {
      Thing: {
        price: () => 1.5,
        fails: () => {
          throw new Error('SELECT secret FROM vault')
        },
      },
    },
  )
  const file = join(directory, 'supergraph.graphql')
  const parts = { things, prices }
  writeFileSync(file, composeSupergraph(Object.entries(parts).map(([name, { url, sdl }]) => ({ name, url, sdl }))))
  let told = ''
  const server = await startProcess(
    ['gateway', '--supergraph', file, '--port', '0', '--no-watch'],
    { QUESNAY_DATA: directory, NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}`, QUESNAY_LOG: 'fatal' },
    (text) => {
      told += text
    },
  )
  const port = Number(new URL(server.url).port)
  const post: Target['post'] = async (body, headers = {}) => {
    const response = await fetch(`${server.url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(20_000),
    })
    return { status: response.status, text: await response.text() }
  }
  return {
    port,
    directory,
    post,
    connect: () => connect(port, '127.0.0.1').on('error', () => {}),
    async assertWell() {
      if (server.child.exitCode !== null || server.child.signalCode !== null)
        throw new Error(`the server died: ${told}`)
      if (told !== '') throw new Error(`the server told of a fault: ${told}`)
      const { text } = await post(GOOD)
      if (text !== '{"data":{"thing":{"id":"a","label":"thing a","price":1.5}}}')
        throw new Error(`a good question was answered ${text}`)
    },
    residentMib: () =>
      Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))![1]) / 1024,
    async close() {
      await server.interrupt()
      await things.close()
      await prices.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
