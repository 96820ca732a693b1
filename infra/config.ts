// The configuration: the one reader of the environment. Everything is optional; every problem is listed at once.
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { QuesnayError } from '../schema/errors.ts'
import type { BusAccess } from './bus/access.ts'
import { LOG_LEVELS, type LogLevel, withoutSecrets } from './log.ts'
import { unpaired } from './paired-variables.ts'
import { readNatsAccess } from './read-nats-access.ts'
import type { SubgraphTlsFiles } from './subgraph-tls.ts'

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
  readonly nats: {
    /** Absolute paths of files with what NATS asks of us: certificates, passwords, credentials. */
    readonly access: BusAccess
    /** Copies of each stream, 1 to 5; default undefined: 3 where NATS has three nodes or more, else 1. */
    readonly replicas: number | undefined
  }
  /** Lowest level that is logged: of services `info`, of commands that a person waits for `warn`; QUESNAY_LOG sets both. */
  readonly logLevel: { readonly service: LogLevel; readonly interactive: LogLevel }
  /** Worker threads that compute, 1 to 64; default as many as the machine has cores. */
  readonly threads: number
  /** Absolute paths of directories with signed kernels that a worker runs; default undefined: those of the build. */
  readonly kernelDirectories: readonly string[] | undefined
  /** Absolute path of a file with the public keys whose kernels a worker loads; default undefined: the keys that came with the build. */
  readonly trustedKeysFile: string | undefined
  /** Absolute path of the private key that kernels are signed with; default undefined: a key pair of the build's own. */
  readonly signingKeyFile: string | undefined
  /** Tenant that requests without one belong to; default `local`. */
  readonly tenant: string
  /** http(s):// URL per subgraph in services mode, by name, such as { economies: 'http://...' }; default empty: those that `serve --services` starts. */
  readonly subgraphUrls: Readonly<Record<string, string>>
  /** Absolute paths of the certificates between the gateway and subgraphs of other processes; default none: plain HTTP, or what Node trusts. */
  readonly subgraphTls: SubgraphTlsFiles
  /** Port of a separate /metrics server, 0 to 65535; default undefined: /metrics of the gateway and of each service. */
  readonly metricsPort: number | undefined
  /** Absolute path of the gateway's own configuration, a YAML file; default undefined: its defaults. */
  readonly gatewayConfigFile: string | undefined
  /** What the gateway signs with what it tells its subgraphs, at least 32 characters; default undefined: `serve --services` makes one. */
  readonly contextSecret: string | undefined
  /** Absolute path of a file with the same; default undefined. */
  readonly contextSecretFile: string | undefined
  /** Token or API key that commands send to a gateway; default undefined: none. */
  readonly token: string | undefined
  /** What executes operations of the gateway; default `compiled`. */
  readonly executor: 'compiled' | 'apollo'
  /** For how many days the rows of each time series are kept, 1 to 36,500; undefined, the default of results: for ever. */
  readonly keepDays: { readonly result: number | undefined; readonly usage: number }
  /** Where traces go; default undefined: tracing is off. */
  readonly otlp: OtlpConfig | undefined
  /** True under continuous integration, where a test may not skip what is missing; default false. */
  readonly ci: boolean
  /** postgresql:// URL of a TimescaleDB that the store's contract suite also runs over; default undefined. */
  readonly timescaleUrl: string | undefined
}

/** More than a year, so that a month can be compared with the same one of the year before. */
const USAGE_DAYS = 400

/** A collector of traces. */
export interface OtlpConfig {
  /** Of its OTLP/HTTP traces, such as http://127.0.0.1:4318/v1/traces. */
  readonly url: string
  /** Share of the traces that begin here and are kept, 0 to 1. */
  readonly ratio: number
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
    say: 'A NATS >= 2.9 with JetStream: nats://host:4222, several with commas between; tls:// for an encrypted connection.',
  },
  {
    name: 'NATS_CA',
    fallback: 'the authorities that Node trusts',
    say: "File with the authorities that signed NATS's certificate, as PEM; asks for an encrypted connection.",
  },
  { name: 'NATS_CERT', fallback: 'none', say: 'File with our certificate, as PEM, where NATS asks for one.' },
  { name: 'NATS_KEY', fallback: 'none', say: 'File with the key of NATS_CERT, as PEM.' },
  { name: 'NATS_USER', fallback: 'the one in NATS_URL', say: 'User of NATS, whose password is in NATS_PASSWORD_FILE.' },
  { name: 'NATS_PASSWORD_FILE', fallback: 'the one in NATS_URL', say: 'File with the password of NATS_USER.' },
  { name: 'NATS_TOKEN_FILE', fallback: 'the one in NATS_URL', say: 'File with a token for NATS.' },
  { name: 'NATS_CREDS', fallback: 'none', say: 'File with JWT and seed of a user of NATS (.creds).' },
  { name: 'NATS_NKEY', fallback: 'none', say: "File with the seed of a user's nkey." },
  {
    name: 'NATS_REPLICAS',
    fallback: '3 where NATS has three nodes or more, else 1',
    say: 'On how many nodes of NATS each stream is kept, 1 to 5.',
  },
  {
    name: 'QUESNAY_LOG',
    fallback: 'info for services, warn for commands',
    say: `Lowest level logged: ${LOG_LEVELS.join(', ')}.`,
  },
  { name: 'QUESNAY_THREADS', fallback: 'the number of cores', say: 'Worker threads that compute, 1 to 64.' },
  {
    name: 'QUESNAY_KERNELS',
    fallback: 'those of the build',
    say: 'Directories of signed kernels that a worker runs, several with commas between.',
  },
  {
    name: 'QUESNAY_TRUSTED_KEYS',
    fallback: 'the key of the build',
    say: 'File of public keys (PEM); kernels signed by no other are run.',
  },
  {
    name: 'QUESNAY_SIGNING_KEY',
    fallback: 'a key pair of the build',
    say: 'File of the private ed25519 key (PEM) that kernels are signed with.',
  },
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
    name: 'QUESNAY_SUBGRAPH_CA',
    fallback: 'the authorities that Node trusts',
    say: 'File with the authorities (PEM) that sign the certificates of gateway and subgraphs.',
  },
  {
    name: 'QUESNAY_SUBGRAPH_CERT',
    fallback: 'none',
    say: 'File with our certificate (PEM): the gateway shows it to subgraphs; a subgraph serves https with it, to who shows one.',
  },
  { name: 'QUESNAY_SUBGRAPH_KEY', fallback: 'none', say: 'File with the key of QUESNAY_SUBGRAPH_CERT (PEM).' },
  {
    name: 'QUESNAY_METRICS_PORT',
    fallback: '/metrics of each service',
    say: 'Port of a separate server for /metrics alone; 0 takes any free one.',
  },
  {
    name: 'QUESNAY_GATEWAY_CONFIG',
    fallback: 'the defaults',
    say: 'File (YAML) that says who is let in, how much an operation may ask for, and what is kept.',
  },
  {
    name: 'QUESNAY_CONTEXT_SECRET_FILE',
    fallback: '`serve --services` makes one',
    say: 'File with a secret of at least 32 characters that the gateway shares with its subgraphs.',
  },
  {
    name: 'QUESNAY_CONTEXT_SECRET',
    fallback: 'QUESNAY_CONTEXT_SECRET_FILE',
    say: 'The same secret itself.',
  },
  {
    name: 'QUESNAY_TOKEN',
    fallback: 'none',
    say: 'Token or API key that commands send to the gateway they ask.',
  },
  {
    name: 'QUESNAY_EXECUTOR',
    fallback: 'compiled',
    say: 'What executes operations: compiled (ours), or apollo (that of @apollo/gateway).',
  },
  {
    name: 'QUESNAY_KEEP_RESULT_DAYS',
    fallback: 'for ever',
    say: 'Days for which the rows of results are kept by time, at least; results themselves and rollups stay.',
  },
  {
    name: 'QUESNAY_KEEP_USAGE_DAYS',
    fallback: String(USAGE_DAYS),
    say: 'Days for which what each job took is kept, at least; rollups by the hour stay.',
  },
  {
    name: 'QUESNAY_OTLP',
    fallback: 'OTEL_EXPORTER_OTLP_ENDPOINT, or no traces',
    say: 'Collector that traces are sent to by OTLP over HTTP, such as http://127.0.0.1:4318.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    fallback: 'no traces',
    say: 'The same where QUESNAY_OTLP is not set.',
  },
  {
    name: 'QUESNAY_TRACE_RATIO',
    fallback: '1',
    say: 'Share of traces that begin here and are kept, 0 to 1; one that a client began is kept as it says.',
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
  const read: Read = <T>(variable: string, parse: Parser<T>): T | undefined => {
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
    nats: Object.freeze({
      access: Object.freeze(readNatsAccess(env, read, workingDirectory, problems)),
      replicas: read('NATS_REPLICAS', whole(1, 5)),
    }),
    logLevel: Object.freeze({ service: level ?? 'info', interactive: level ?? 'warn' }),
    threads: read('QUESNAY_THREADS', whole(1, MAX_THREADS)) ?? Math.min(availableParallelism(), MAX_THREADS),
    kernelDirectories: read('QUESNAY_KERNELS', paths(workingDirectory)),
    trustedKeysFile: read('QUESNAY_TRUSTED_KEYS', path(workingDirectory)),
    signingKeyFile: read('QUESNAY_SIGNING_KEY', path(workingDirectory)),
    tenant: read('QUESNAY_TENANT', matching(TENANT, `does not match ${TENANT.source}`, 'local')) ?? 'local',
    subgraphUrls: Object.freeze(readSubgraphUrls(env, read)),
    subgraphTls: Object.freeze(readSubgraphTlsFiles(env, read, workingDirectory, problems)),
    metricsPort: read('QUESNAY_METRICS_PORT', portNumber),
    gatewayConfigFile: read('QUESNAY_GATEWAY_CONFIG', path(workingDirectory)),
    contextSecret: read('QUESNAY_CONTEXT_SECRET', secret),
    contextSecretFile: read('QUESNAY_CONTEXT_SECRET_FILE', path(workingDirectory)),
    token: read('QUESNAY_TOKEN', anyText),
    executor: read('QUESNAY_EXECUTOR', oneOf(['compiled', 'apollo'])) ?? 'compiled',
    keepDays: Object.freeze({
      result: read('QUESNAY_KEEP_RESULT_DAYS', days),
      usage: read('QUESNAY_KEEP_USAGE_DAYS', days) ?? USAGE_DAYS,
    }),
    otlp: readOtlp(read),
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

export type Read = <T>(variable: string, parse: Parser<T>) => T | undefined

/** The path of the traces is added to the collector's base, as OpenTelemetry's own variable has it. */
function readOtlp(read: Read): OtlpConfig | undefined {
  const collector = urls(['http:', 'https:'], 'http://127.0.0.1:4318')
  const standard = read('OTEL_EXPORTER_OTLP_ENDPOINT', collector)
  const base = read('QUESNAY_OTLP', collector) ?? standard
  const ratio = read('QUESNAY_TRACE_RATIO', share) ?? 1
  return base === undefined ? undefined : Object.freeze({ url: `${base.replace(/\/+$/, '')}/v1/traces`, ratio })
}

function readSubgraphUrls(env: Environment, read: Read): Record<string, string> {
  const found: Record<string, string> = {}
  for (const variable of Object.keys(env).sort()) {
    const name = SUBGRAPH_URL.exec(variable)?.[1]?.toLowerCase().replaceAll('_', '-')
    const url = name && read(variable, urls(['http:', 'https:'], 'http://127.0.0.1:4001/graphql'))
    if (name && url) found[name] = url
  }
  return found
}

function readSubgraphTlsFiles(env: Environment, read: Read, from: string, problems: ConfigProblem[]): SubgraphTlsFiles {
  problems.push(...unpaired(env, ['QUESNAY_SUBGRAPH_CERT', 'QUESNAY_SUBGRAPH_KEY']))
  return {
    caFile: read('QUESNAY_SUBGRAPH_CA', path(from)),
    certFile: read('QUESNAY_SUBGRAPH_CERT', path(from)),
    keyFile: read('QUESNAY_SUBGRAPH_KEY', path(from)),
  }
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
const secret: Parser<string> = (value) =>
  value.length >= 32
    ? { value }
    : { problem: 'has fewer than 32 characters', fix: 'set the output of `openssl rand -hex 32`' }
const path =
  (from: string): Parser<string> =>
  (text) => ({ value: resolve(from, text) })
const paths =
  (from: string): Parser<readonly string[]> =>
  (text) => ({ value: Object.freeze(text.split(',').map((one) => resolve(from, one.trim()))) })

function whole(from: number, to: number): Parser<number> {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= from && value <= to) return { value }
    return { problem: `is ${shown(text)}`, fix: `set a whole number from ${from} to ${to}` }
  }
}

const share: Parser<number> = (text) => {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN
  return value >= 0 && value <= 1 ? { value } : { problem: `is ${shown(text)}`, fix: 'set a number from 0 to 1' }
}

const portNumber = whole(0, 65_535)
const days = whole(1, 36_500)

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
