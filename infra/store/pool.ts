// The connection pool: waits out a server that is away or restarting, and gives lost connections their code.
import pg from 'pg'
import { QuesnayError } from '../../schema/errors.ts'
import { type Clock, systemClock } from '../clock.ts'
import { type Log, withoutSecrets } from '../log.ts'

export interface PoolOptions {
  readonly url: string
  readonly size: number
  readonly log: Log
  readonly applicationName: string
  /** How long a connection is tried for before STORE_UNAVAILABLE, in ms. */
  readonly patienceMs: number
  /** How long a caller waits for one of the pool's connections to be free before OVERLOADED, in ms. */
  readonly queueTimeoutMs: number
  readonly clock?: Clock
}

const FIRST_RETRY_MS = 25
const LAST_RETRY_MS = 1000

// PostgreSQL documentation, appendix A: class 08 connection exception, 57P operator intervention, 53300 too many connections.
const LOST_SQLSTATE = /^(08...|57P0[123]|53300)$/
const LOST_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
const LOST_TEXT = /^(Connection terminated|Client has encountered a connection error|Client was closed)/

/** True where the error says that the server is not there, and not that the statement was wrong. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = String((error as { code?: unknown }).code ?? '')
  if (LOST_SQLSTATE.test(code) || LOST_SYSTEM.has(code) || LOST_TEXT.test(error.message)) return true
  if (error instanceof AggregateError) return error.errors.some(isConnectionLost)
  return isConnectionLost((error as { driverError?: unknown }).driverError)
}

// PostgreSQL documentation, appendix A: 22021 character not in repertoire (NUL), 22P05 untranslatable character (NUL in JSON).
const UNSTORABLE_SQLSTATE = /^(22021|22P05)$/
// 22P02 invalid text representation: JSON that JSON.stringify wrote is refused for half of a surrogate pair alone.
const isBrokenJson = (state: string, error: unknown) => state === '22P02' && /\bjson\b/.test((error as Error).message)
// 53100 disk full, 53200 out of memory, 25006 read-only transaction (as PostgreSQL says of a standby).
const UNABLE_SQLSTATE = /^(53[12]00|25006)$/

/**
 * A lost connection as STORE_UNAVAILABLE, with detail.sent telling whether the statement may have reached the server; a server
 * that cannot write as STORE_UNAVAILABLE; a character that it cannot store as BAD_INPUT; anything else as it is.
 */
export function asStoreError(error: unknown, sent = true): unknown {
  const state = sqlStateOf(error)
  if (UNSTORABLE_SQLSTATE.test(state) || isBrokenJson(state, error))
    return new QuesnayError(
      'BAD_INPUT',
      'a text holds a character that cannot be stored: NUL, or half of a surrogate pair',
      { suggestion: 'take it out' },
      { cause: error },
    )
  if (UNABLE_SQLSTATE.test(state))
    return new QuesnayError(
      'STORE_UNAVAILABLE',
      `the database cannot write: ${withoutSecrets((error as Error).message)}`,
      { retry: true, sent, suggestion: 'see that its disk has room and may be written' },
      { cause: error },
    )
  if (!isConnectionLost(error)) return error
  const message = withoutSecrets((error as Error).message || String((error as { code?: unknown }).code))
  return new QuesnayError(
    'STORE_UNAVAILABLE',
    `the database does not answer: ${message}`,
    { retry: true, sent, suggestion: 'see that PostgreSQL runs and that DATABASE_URL names it' },
    { cause: error },
  )
}

/** The SQLSTATE of an error of PostgreSQL, also where TypeORM has wrapped it; empty for any other. */
function sqlStateOf(error: unknown): string {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } }
  return String(driverError?.code ?? code ?? '')
}

// int8 is a number where that is exact, else text; date is its ISO text (pg would make a local midnight of it).
const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text)],
  [pg.types.builtins.DATE, (text) => text],
])

/** Type parsers of our connections; those of other users of the driver stay as they are. */
export const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(id)) ??
    pg.types.getTypeParser(id, format)) as typeof pg.types.getTypeParser,
}

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void

/** A pg.Pool whose connect() retries with a growing delay while the server is away, and that outlives its restart. */
export class StorePool extends pg.Pool {
  readonly #patienceMs: number
  readonly #queueTimeoutMs: number
  readonly #clock: Clock

  constructor(options: PoolOptions) {
    super({
      connectionString: options.url,
      max: options.size,
      application_name: options.applicationName,
      connectionTimeoutMillis: options.queueTimeoutMs,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      types,
    })
    this.#patienceMs = options.patienceMs
    this.#queueTimeoutMs = options.queueTimeoutMs
    this.#clock = options.clock ?? systemClock
    // An idle connection that the server closes; the pool has dropped it already.
    this.on('error', (error) =>
      options.log.debug({ err: withoutSecrets(error.message) }, 'an idle database connection ended'),
    )
    // A connection in use that ends between two statements would otherwise end the process.
    this.on('connect', (client) => client.on('error', () => {}))
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: ConnectCallback): void
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    const connected = this.#connectPatiently()
    if (!callback) return connected
    connected.then(
      (client) => callback(undefined, client, (error) => client.release(error as Error | undefined)),
      (error) => callback(error, undefined, () => {}),
    )
    return undefined
  }

  async #connectPatiently(): Promise<pg.PoolClient> {
    const until = this.#clock.now() + this.#patienceMs
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(2 * delayMs, LAST_RETRY_MS)) {
      try {
        return await super.connect()
      } catch (error) {
        if (isQueueTimeout(error)) throw overloaded(error, this.#queueTimeoutMs)
        if (this.ending || !isConnectionLost(error) || this.#clock.now() + delayMs > until)
          throw asStoreError(error, false)
        await this.#clock.sleep(delayMs)
      }
    }
  }
}

// pg-pool says so and no more when every connection stayed in use.
const isQueueTimeout = (error: unknown) =>
  error instanceof Error && error.message === 'timeout exceeded when trying to connect'

function overloaded(cause: unknown, waitedMs: number): QuesnayError {
  const message = `every database connection of this process has been in use for ${waitedMs / 1000} s`
  return new QuesnayError('OVERLOADED', message, { retryAfterMs: waitedMs }, { cause })
}
