// The configuration: the one reader of the environment. Everything is optional; every problem is listed at once.
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { QuesnayError } from '../schema/errors.ts'
import { LOG_LEVELS, type LogLevel, withoutSecrets } from './log.ts'

export interface Config {
  /** Absolute path of the directory with the database, the lock and the caches; default `.quesnay` of the working directory. */
  readonly dataDirectory: string
  /** Address the servers listen on; default 127.0.0.1, this machine only. */
  readonly host: string
  /** Port of the gateway, 0 to 65535; 0 takes any free one; default 4000. */
  readonly port: number
  /** postgresql:// URL of a given PostgreSQL >= 15; default undefined: the bundled one. */
  readonly databaseUrl: string | undefined
  /** nats:// URLs of a given NATS >= 2.9 with JetStream, comma-separated; default undefined: in memory, or one that `serve --services` starts. */
  readonly natsUrl: string | undefined
  /** Lowest level that is logged: of services `info`, of commands that a person waits for `warn`; QUESNAY_LOG sets both. */
  readonly logLevel: { readonly service: LogLevel; readonly interactive: LogLevel }
  /** Worker threads that compute, 1 to 64; default as many as the machine has cores. */
  readonly threads: number
  /** Tenant that requests without one belong to; default `local`. */
  readonly tenant: string
  /** http(s):// URL per subgraph in services mode, by name, such as { economies: 'http://...' }; default empty: those that `serve --services` starts. */
  readonly subgraphUrls: Readonly<Record<string, string>>
  /** Port of a separate /metrics server, 0 to 65535; default undefined: /metrics of the gateway and of each service. */
  readonly metricsPort: number | undefined
  /** True under continuous integration, where a test may not skip what is missing; default false. */
  readonly ci: boolean
  /** postgresql:// URL of a TimescaleDB that the store's contract suite also runs over; default undefined. */
  readonly timescaleUrl: string | undefined
}

export interface VariableRow {
  readonly name: string
  /** What holds where it is not set, as text for a help page. */
  readonly fallback: string
  readonly say: string
}

/** Every variable that is read, for help texts and documentation. */
export const VARIABLES = [
  { name: 'QUESNAY_DATA', fallback: './.quesnay', say: 'Data directory: database, lock and caches.' },
  { name: 'QUESNAY_HOST', fallback: '127.0.0.1', say: 'Address to listen on.' },
  { name: 'QUESNAY_PORT', fallback: 'PORT, or 4000', say: 'Port of the gateway; 0 takes any free one.' },
  { name: 'PORT', fallback: '4000', say: 'Port of the gateway where QUESNAY_PORT is not set.' },
  {
    name: 'DATABASE_URL',
    fallback: 'the bundled PostgreSQL',
    say: 'A PostgreSQL >= 15: postgresql://user:password@host:5432/database.',
  },
  {
    name: 'NATS_URL',
    fallback: 'in memory',
    say: 'A NATS >= 2.9 with JetStream: nats://host:4222, several with commas between.',
  },
  {
    name: 'QUESNAY_LOG',
    fallback: 'info for services, warn for commands',
    say: `Lowest level logged: ${LOG_LEVELS.join(', ')}.`,
  },
  { name: 'QUESNAY_THREADS', fallback: 'the number of cores', say: 'Worker threads that compute, 1 to 64.' },
  {
    name: 'QUESNAY_TENANT',
    fallback: 'local',
    say: 'Tenant of requests that name none: lower-case letters, digits and hyphens.',
  },
  {
    name: 'QUESNAY_SUBGRAPH_<NAME>_URL',
    fallback: 'started by `serve --services`',
    say: 'Where a subgraph answers, such as QUESNAY_SUBGRAPH_ECONOMIES_URL.',
  },
  {
    name: 'QUESNAY_METRICS_PORT',
    fallback: '/metrics of each service',
    say: 'Port of a separate server for /metrics alone; 0 takes any free one.',
  },
  { name: 'CI', fallback: 'false', say: 'true: tests fail where something they need is missing, instead of skipping.' },
  {
    name: 'TIMESCALE_URL',
    fallback: 'left out',
    say: 'A TimescaleDB that the contract tests of the store run over too.',
  },
] as const satisfies readonly VariableRow[]

export interface ConfigProblem {
  readonly variable: string
  readonly problem: string
  readonly fix: string
}

export type Environment = Readonly<Record<string, string | undefined>>

/** What a parser says of a text that it cannot take. */
interface Fault {
  readonly problem: string
  readonly fix: string
}
type Parser<T> = (text: string) => { readonly value: T } | Fault

const TENANT = /^[a-z0-9][a-z0-9-]{0,62}$/
const HOST = /^[A-Za-z0-9.:_-]+$/
const SUBGRAPH_URL = /^QUESNAY_SUBGRAPH_([A-Z0-9_]+)_URL$/
const MAX_THREADS = 64

/**
 * The configuration that an environment describes, frozen. An empty variable counts as not set.
 * Errors: CONFIG_INVALID whose detail.problems lists every variable that is wrong or unknown, with its fix.
 */
export function readConfig(env: Environment, workingDirectory = '.'): Config {
  const problems: ConfigProblem[] = []
  const read = <T>(variable: string, parse: Parser<T>): T | undefined => {
    const text = env[variable]?.trim()
    if (!text) return undefined
    const result = parse(text)
    if ('value' in result) return result.value
    problems.push({ variable, ...result })
    return undefined
  }

  const port = read('PORT', portNumber)
  const level = read('QUESNAY_LOG', oneOf(LOG_LEVELS))
  const config: Config = {
    dataDirectory: resolve(workingDirectory, read('QUESNAY_DATA', anyText) ?? '.quesnay'),
    host: read('QUESNAY_HOST', matching(HOST, 'is no host name or address', '127.0.0.1')) ?? '127.0.0.1',
    port: read('QUESNAY_PORT', portNumber) ?? port ?? 4000,
    databaseUrl: read('DATABASE_URL', databaseUrl),
    natsUrl: read('NATS_URL', urls(['nats:', 'tls:'], 'nats://127.0.0.1:4222')),
    logLevel: Object.freeze({ service: level ?? 'info', interactive: level ?? 'warn' }),
    threads: read('QUESNAY_THREADS', whole(1, MAX_THREADS)) ?? Math.min(availableParallelism(), MAX_THREADS),
    tenant: read('QUESNAY_TENANT', matching(TENANT, `does not match ${TENANT.source}`, 'local')) ?? 'local',
    subgraphUrls: Object.freeze(readSubgraphUrls(env, read)),
    metricsPort: read('QUESNAY_METRICS_PORT', portNumber),
    ci: read('CI', truth) ?? false,
    timescaleUrl: read('TIMESCALE_URL', databaseUrl),
  }
  problems.push(...unknownVariables(env))
  if (problems.length > 0) throw invalid(problems)
  return Object.freeze(config)
}

/** The configuration of this process. Errors: CONFIG_INVALID. */
export function loadConfig(): Config {
  return readConfig(process.env, process.cwd())
}

/** The whole environment, to hand to a child process that is to see the same. */
export function inheritedEnvironment(changes: Environment = {}): Record<string, string> {
  const merged = Object.entries({ ...process.env, ...changes })
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function readSubgraphUrls(
  env: Environment,
  read: <T>(variable: string, parse: Parser<T>) => T | undefined,
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const variable of Object.keys(env).sort()) {
    const name = SUBGRAPH_URL.exec(variable)?.[1]?.toLowerCase().replaceAll('_', '-')
    const url = name && read(variable, urls(['http:', 'https:'], 'http://127.0.0.1:4001/graphql'))
    if (name && url) found[name] = url
  }
  return found
}

/** A misspelt variable would be passed over in silence, so one of ours that is not read is a problem. */
function unknownVariables(env: Environment): ConfigProblem[] {
  const known = new Set<string>(VARIABLES.map((row) => row.name))
  return Object.keys(env)
    .filter((variable) => variable.startsWith('QUESNAY_') && !known.has(variable) && !SUBGRAPH_URL.test(variable))
    .sort()
    .map((variable) => ({
      variable,
      problem: 'is not a variable of Quesnay',
      fix: `remove it, or use one of ${[...known].join(', ')}`,
    }))
}

function invalid(problems: readonly ConfigProblem[]): QuesnayError {
  const lines = problems.map(({ variable, problem, fix }) => `${variable} ${problem}: ${fix}`)
  return new QuesnayError(
    'CONFIG_INVALID',
    `the configuration has ${problems.length} problem(s): ${lines.join('; ')}`,
    { problems },
  )
}

const shown = (text: string) => JSON.stringify(withoutSecrets(text))
const anyText: Parser<string> = (value) => ({ value })

function whole(from: number, to: number): Parser<number> {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= from && value <= to) return { value }
    return { problem: `is ${shown(text)}`, fix: `set a whole number from ${from} to ${to}` }
  }
}

const portNumber = whole(0, 65_535)

function oneOf<T extends string>(values: readonly T[]): Parser<T> {
  return (text) => {
    const value = values.find((known) => known === text.toLowerCase())
    return value ? { value } : { problem: `is ${shown(text)}`, fix: `set one of ${values.join(', ')}` }
  }
}

function matching(pattern: RegExp, problem: string, example: string): Parser<string> {
  return (value) =>
    pattern.test(value)
      ? { value }
      : { problem: `is ${shown(value)}, which ${problem}`, fix: `set one such as ${example}` }
}

function urls(protocols: readonly string[], example: string): Parser<string> {
  return (text) => {
    const wrong = text.split(',').find((part) => !protocols.includes(protocolOf(part.trim()) ?? ''))
    return wrong === undefined
      ? { value: text }
      : { problem: `is ${shown(wrong)}`, fix: `set a URL such as ${example}` }
  }
}

const databaseUrl: Parser<string> = (text) =>
  ['postgresql:', 'postgres:'].includes(protocolOf(text) ?? '')
    ? { value: text }
    : { problem: `is ${shown(text)}`, fix: 'set a URL such as postgresql://user:password@127.0.0.1:5432/quesnay' }

// What continuous integration services set: GitHub, GitLab and others `true`, some `1`.
const truth: Parser<boolean> = (text) => ({ value: !['false', '0', 'no'].includes(text.toLowerCase()) })

const protocolOf = (text: string) => (URL.canParse(text) ? new URL(text).protocol : undefined)
