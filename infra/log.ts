// The log: one line of JSON per event on standard error, with the ids that tie lines together.
import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

/** Ids bound to every line of a child logger: `log.child({ runId } satisfies LogBindings)`. */
export interface LogBindings {
  readonly service?: string
  readonly requestId?: string
  readonly runId?: string
  readonly jobId?: string
  readonly shard?: number
  readonly tenant?: string
  readonly worker?: string
  readonly traceId?: string
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const CREDENTIALS_IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/)[^/\s"]*@/gi

/** The text with user and password taken out of every URL in it: `postgresql://quesnay:s3cret@host` becomes `postgresql://***@host`. */
export function withoutSecrets(text: string): string {
  return text.replace(CREDENTIALS_IN_URL, '$1***@')
}

/**
 * A logger at the level given. Lines go to standard error, so that a command's answer on standard output stays clean.
 * Members named password, token, secret, authorization or cookie are censored, and so are credentials inside URLs wherever they stand.
 */
export function createLog(level: LogLevel, bindings: LogBindings = {}, destination?: DestinationStream): Log {
  const out = destination ?? pino.destination({ fd: 2, sync: true })
  const clean: DestinationStream = { write: (line) => out.write(withoutSecrets(line)) }
  const secrets = ['password', 'token', 'secret', 'authorization', 'cookie']
  return pino(
    {
      level,
      base: { ...bindings },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '***' },
    },
    clean,
  )
}

/** A logger that says nothing: for tests and for clients that only read. */
export const silentLog: Log = pino({ level: 'silent' })
