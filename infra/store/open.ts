// Opens the store: one pool for SQL, and TypeORM data sources on the same database.
import pg from 'pg'
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm'
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { type Clock, systemClock } from '../clock.ts'
import { type Log, withoutSecrets } from '../log.ts'
import { copyIn } from './copy-in.ts'
import { type CopyValue, copyBytes } from './copy-out.ts'
import { asStoreError, isConnectionLost, StorePool } from './pool.ts'
import type { QueryOptions, Sql, Store, Transaction } from './port.ts'
import { detectTimescale } from './timescale.ts'

export interface StoreOptions {
  readonly log: Log
  /** Connections for SQL; default 8. */
  readonly poolSize?: number
  /** Connections of each data source of entities(); default 4. */
  readonly entityPoolSize?: number
  /** Shown in pg_stat_activity; default `quesnay`. */
  readonly applicationName?: string
  /** How long a statement waits for a server that is away before STORE_UNAVAILABLE, in ms; default 10,000. */
  readonly patienceMs?: number
  /** How long a statement waits for a free connection of the pool before OVERLOADED, in ms; default 30,000. */
  readonly queueTimeoutMs?: number
  /** False only looks which level of TimescaleDB there is, and does not create what is offered; default true. */
  readonly createsExtension?: boolean
  readonly clock?: Clock
}

/** Lowest version that the SQL relies on. */
const LOWEST_MAJOR = 15

/**
 * Opens the database that the URL names and finds what TimescaleDB can do there.
 *
 * A statement whose connection could not be made waits and tries again; one that may have reached the server never does:
 * it rejects with STORE_UNAVAILABLE and `detail.sent: true`. Row values: int8 is a number where exact, else text; numeric and date are text.
 * Errors: STORE_UNAVAILABLE, OVERLOADED, CONFIG_INVALID (credentials, unknown database, server older than PostgreSQL 15).
 */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const {
    log,
    clock = systemClock,
    patienceMs = 10_000,
    queueTimeoutMs = 30_000,
    applicationName = 'quesnay',
  } = options
  const pooling = { url, log, applicationName, patienceMs, queueTimeoutMs, clock }
  const poolSize = options.poolSize ?? 8
  const pool = new StorePool({ ...pooling, size: poolSize })
  const sources: DataSource[] = []

  const query: Store['query'] = async <Row>(text: string, values?: readonly unknown[], options?: QueryOptions) => {
    const client = await pool.connect()
    return settle(client, () => run<Row>(client, text, values, options))
  }

  const bytes: Store['bytes'] = async (text, values) => {
    const client = await pool.connect()
    return settle(client, () => runCopy(client, text, values))
  }

  /** A connection inside a fresh transaction. Nothing is lost by trying again when `begin` fails, so a stale connection is replaced. */
  const begin = async (): Promise<pg.PoolClient> => {
    for (let stale = 0; ; stale++) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        return client
      } catch (error) {
        client.release(true)
        if (!isConnectionLost(error) || stale > poolSize) throw asStoreError(error, false)
      }
    }
  }

  const transaction = async <T>(work: (sql: Transaction) => Promise<T>): Promise<T> => {
    const client = await begin()
    const sql: Transaction = {
      query: (text, values, options) => run(client, text, values, options),
      copyIn: (text, chunks) => runCopyIn(client, text, chunks),
    }
    return settle(client, async () => {
      try {
        const result = await work(sql)
        await commit(client)
        return result
      } catch (error) {
        // A connection that is gone has rolled back already.
        await client.query('rollback').catch(() => {})
        throw error
      }
    })
  }

  class EntityPool extends StorePool {
    constructor() {
      super({ ...pooling, size: options.entityPoolSize ?? 4 })
    }
  }

  const entities = async (targets: readonly EntityTarget<ObjectLiteral>[]): Promise<DataSource> => {
    const source = new DataSource({
      type: 'postgres',
      url,
      // TypeORM makes its pool with `new driver.Pool(...)`: ours has the retries and the type parsers.
      driver: { ...pg, Pool: EntityPool },
      entities: targets as EntityTarget<ObjectLiteral>[] as never,
      synchronize: false,
      migrationsRun: false,
      installExtensions: false,
      logging: false,
    })
    giveCodes(source)
    await source.initialize()
    sources.push(source)
    return source
  }

  const close = async () => {
    await Promise.all(sources.splice(0).map((source) => source.destroy()))
    if (!pool.ending) await pool.end()
  }

  const ready = async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000, query_timeout: 2000 })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('select 1')
      return true
    } catch {
      return false
    } finally {
      await client.end().catch(() => {})
    }
  }

  try {
    await checkVersion({ query })
    const timescale = await detectTimescale({ query }, log, options.createsExtension)
    return { url, timescale, query, bytes, transaction, entities, ready, close }
  } catch (error) {
    await pool.end()
    throw asConfigError(error, url)
  }
}

async function run<Row>(
  client: pg.PoolClient,
  text: string,
  values?: readonly unknown[],
  options?: QueryOptions,
): Promise<Row[]> {
  try {
    const name = options?.prepared ? nameOf(text) : undefined
    const result = await client.query({ text, ...(values ? { values: [...values] } : {}), ...(name ? { name } : {}) })
    // Several statements in one text answer with several results: the last one counts.
    return (Array.isArray(result) ? result.at(-1) : result).rows as Row[]
  } catch (error) {
    throw asStoreError(error)
  }
}

/** Names of prepared statements, by their texts, which are as many as the source has. */
const names = new Map<string, string>()

/** A name that says the text: a connection knows a statement by it. */
function nameOf(text: string): string {
  const name = names.get(text) ?? `q_${sha256(text).slice(0, 32)}`
  names.set(text, name)
  return name
}

async function runCopy(client: pg.PoolClient, text: string, values: readonly CopyValue[]): Promise<Buffer[]> {
  try {
    return await copyBytes(client, text, values)
  } catch (error) {
    throw asStoreError(error)
  }
}

async function runCopyIn(client: pg.PoolClient, text: string, chunks: Iterable<Uint8Array>): Promise<number> {
  try {
    return await copyIn(client, text, chunks)
  } catch (error) {
    throw asStoreError(error)
  }
}

/** PostgreSQL answers `commit` after a failed statement with a quiet rollback: the work must not pass for done. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit').catch((error) => {
    throw asStoreError(error)
  })
  if (command !== 'COMMIT')
    throw new QuesnayError('INTERNAL', 'a statement of the transaction failed and was passed over; nothing was stored')
}

/** Gives the connection back after the work, or away where it is broken. */
async function settle<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  let broken = false
  try {
    return await work()
  } catch (error) {
    broken = error instanceof QuesnayError && error.code === 'STORE_UNAVAILABLE'
    throw error
  } finally {
    client.release(broken)
  }
}

/** Lets statements of a data source reject with our codes. */
function giveCodes(source: DataSource): void {
  const create = source.createQueryRunner.bind(source)
  source.createQueryRunner = (mode) => {
    const runner = create(mode)
    const statement = runner.query.bind(runner)
    runner.query = (async (...args: Parameters<typeof statement>) => {
      try {
        return await statement(...args)
      } catch (error) {
        throw asStoreError(error)
      }
    }) as typeof runner.query
    return runner
  }
}

async function checkVersion(sql: Sql): Promise<void> {
  const [row] = await sql.query<{ major: number }>(`select current_setting('server_version_num')::int / 10000 as major`)
  if (row && row.major >= LOWEST_MAJOR) return
  throw new QuesnayError(
    'CONFIG_INVALID',
    `the database is PostgreSQL ${row?.major}; Quesnay needs ${LOWEST_MAJOR} or later`,
    {
      problems: [
        {
          variable: 'DATABASE_URL',
          problem: `PostgreSQL ${row?.major}`,
          fix: `use PostgreSQL ${LOWEST_MAJOR} or later`,
        },
      ],
    },
  )
}

// PostgreSQL documentation, appendix A: class 28 invalid authorization, 3D000 unknown database.
function asConfigError(error: unknown, url: string): unknown {
  const code = String((error as { code?: unknown }).code ?? '')
  if (!/^(28...|3D000)$/.test(code)) return error
  const problem = withoutSecrets((error as Error).message)
  const fix = `mend user, password or database name of ${withoutSecrets(url)}`
  return new QuesnayError(
    'CONFIG_INVALID',
    `the database refuses: ${problem}`,
    { problems: [{ variable: 'DATABASE_URL', problem, fix }] },
    { cause: error },
  )
}
