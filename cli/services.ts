// Services mode on one machine: nats-server, PostgreSQL, gateway, five subgraphs and workers, each a process of its own.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { systemClock } from '../infra/clock.ts'
import { type Config, VARIABLES } from '../infra/config.ts'
import { keepNatsServer } from '../infra/keep-nats-server.ts'
import { createLog, type Log, withoutSecrets } from '../infra/log.ts'
import { natsPassword } from '../infra/nats-server.ts'
import { builtFile } from '../infra/paths.ts'
import { untilStopped } from '../infra/stop.ts'
import { startBundled } from '../infra/store/bundled.ts'
import { holdDataDirectory } from '../infra/store/data-directory.ts'
import { QuesnayError } from '../schema/errors.ts'
import { SUBGRAPH_NAMES } from '../subgraphs/shared/names.ts'
import { Supervisor } from './supervisor.ts'

export interface ServeServicesOptions {
  readonly workers: number
  readonly json: boolean
}

const MOST_WORKERS = 64

/** Starts everything, prints a line for each process, and returns when Ctrl-C has stopped them all. */
export async function serveServices(config: Config, options: ServeServicesOptions): Promise<void> {
  if (!Number.isInteger(options.workers) || options.workers < 1 || options.workers > MOST_WORKERS)
    throw new QuesnayError('BAD_INPUT', `--workers takes a whole number from 1 to ${MOST_WORKERS}`, {
      path: '--workers',
    })
  const say = (line: string) => void (options.json ? undefined : process.stdout.write(`${line}\n`))
  const log = createLog(config.logLevel.interactive)
  const hold = await holdDataDirectory(config.dataDirectory)
  const closers: (() => Promise<void>)[] = [async () => hold.release()]
  try {
    const stopped = untilStopped()
    const { databaseUrl, natsUrl } = await startBackends(config, log, say, closers)
    const shared = {
      ...contextSecret(config),
      // What the environment says of another NATS is not for our own.
      ...(config.natsUrl ? {} : unset('NATS_')),
      ...{ DATABASE_URL: databaseUrl, NATS_URL: natsUrl, QUESNAY_LOG: config.logLevel.interactive },
    }
    const supervisor = new Supervisor({ clock: systemClock, log, say })
    closers.push(() => supervisor.stop())
    const url = await startProcesses(config, supervisor, shared, options.workers)
    hold.announce(`${url}graphql`)
    if (options.json) process.stdout.write(`${JSON.stringify({ url, pid: process.pid })}\n`)
    else say(`\nready: ${url} (GraphQL at ${url}graphql)`)
    await Promise.race([stopped, supervisor.failed])
    say('\nstopping')
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

async function startBackends(config: Config, log: Log, say: (line: string) => void, closers: (() => Promise<void>)[]) {
  let { databaseUrl, natsUrl } = config
  if (!natsUrl) {
    const storeDirectory = join(config.dataDirectory, 'nats')
    const nats = await keepNatsServer({ storeDirectory, password: natsPassword(storeDirectory), log })
    closers.push(() => nats.stop())
    natsUrl = nats.url
    say(`${'nats-server'.padEnd(22)} pid ${nats.pid}  ${withoutSecrets(nats.url)}`)
  }
  if (!databaseUrl) {
    const database = await startBundled(config.dataDirectory, log)
    closers.push(() => database.stop())
    databaseUrl = database.url
    say(`${'postgresql (bundled)'.padEnd(22)} ${withoutSecrets(database.url)}`)
  }
  return { databaseUrl, natsUrl }
}

/** What the gateway shares with the subgraphs: of the environment, or of this run. */
const contextSecret = ({ contextSecret: given, contextSecretFile }: Config): Environment =>
  given || contextSecretFile ? {} : { QUESNAY_CONTEXT_SECRET: randomBytes(32).toString('hex') }

/** The variables that begin so, as if they were not set. */
const unset = (prefix: string) =>
  Object.fromEntries(VARIABLES.filter(({ name }) => name.startsWith(prefix)).map(({ name }) => [name, '']))

type Environment = Readonly<Record<string, string>>

/** Subgraphs and workers first, all at once, then the gateway over them. Returns the gateway's URL. */
async function startProcesses(
  config: Config,
  supervisor: Supervisor,
  shared: Environment,
  workers: number,
): Promise<string> {
  const subgraphs = SUBGRAPH_NAMES.map(async (name) => [
    `QUESNAY_SUBGRAPH_${name.toUpperCase()}_URL`,
    await supervisor.start({
      name: `subgraph ${name}`,
      module: builtFile('subgraphs', name, 'main.js'),
      environment: { ...shared, QUESNAY_HOST: '127.0.0.1' },
      port: { variable: 'QUESNAY_PORT', number: 0 },
    }),
  ])
  // The machine's cores are shared by the workers, so that each has its own to compute on.
  const threads = Math.max(1, Math.floor(config.threads / workers))
  const fleet = Array.from({ length: workers }, (_, i) =>
    supervisor.start({
      name: `worker ${i + 1}`,
      module: builtFile('compute', 'worker', 'main.js'),
      environment: { ...shared, QUESNAY_HOST: '127.0.0.1', QUESNAY_THREADS: String(threads) },
      port: { variable: 'QUESNAY_METRICS_PORT', number: 0 },
    }),
  )
  const [urls] = await Promise.all([Promise.all(subgraphs), Promise.all(fleet)])
  return supervisor.start({
    name: 'gateway',
    module: builtFile('gateway', 'main.js'),
    environment: { ...shared, ...Object.fromEntries(urls), QUESNAY_HOST: config.host },
    port: { variable: 'QUESNAY_PORT', number: config.port },
  })
}
