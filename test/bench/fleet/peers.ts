// The peers of the fleet's benchmark, on the same servers: what NATS and PostgreSQL take for as much with nothing of ours between.
import { connect } from '@nats-io/transport-node'
import pg from 'pg'
import type { Services } from './services.ts'

const WRITERS = 8

/** Median milliseconds of a request and its reply between two connections, with a row inserted and committed between them. */
export async function bareRoundTripMs({ nats, databaseUrl }: Services, times: number): Promise<number> {
  const servers = nats.url.replace('nats://', '')
  const [asker, answerer] = await Promise.all([connect({ servers }), connect({ servers })])
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  await database.query('create table if not exists bench_peer (id bigserial primary key, body bytea)')
  answerer.subscribe('bench.peer', {
    callback: (_, message) => {
      void database
        .query('insert into bench_peer (body) values ($1)', [Buffer.from(message.data)])
        .then(() => message.respond(message.data))
    },
  })
  await answerer.flush()
  const took: number[] = []
  for (let i = 0; i < times; i++) {
    const begin = performance.now()
    await asker.request('bench.peer', new Uint8Array(900), { timeout: 5000 })
    took.push(performance.now() - begin)
  }
  await Promise.all([asker.close(), answerer.close(), database.end()])
  return took.sort((a, b) => a - b)[times >> 1]!
}

/** Rows per second that eight writers insert and commit one by one. */
export async function bareInsertsPerSecond({ databaseUrl }: Services, rows: number): Promise<number> {
  const clients = Array.from({ length: WRITERS }, () => new pg.Client({ connectionString: databaseUrl }))
  await Promise.all(clients.map((client) => client.connect()))
  await clients[0]!.query('create table if not exists bench_peer (id bigserial primary key, body bytea)')
  const begin = performance.now()
  let left = rows
  await Promise.all(
    clients.map(async (client) => {
      while (left-- > 0) await client.query('insert into bench_peer (body) values ($1)', [Buffer.alloc(512)])
    }),
  )
  const seconds = (performance.now() - begin) / 1000
  await Promise.all(clients.map((client) => client.end()))
  return rows / seconds
}
