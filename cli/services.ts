// Services mode on one machine: nats-server, PostgreSQL, gateway, five subgraphs and workers, each a process of its own.
import { join } from 'node:path'
import { systemClock } from '../infra/clock.ts'
import type { Config } from '../infra/config.ts'
import { createLog, type Log, withoutSecrets } from '../infra/log.ts'
import { builtFile } from '../infra/paths.ts'
import { startNatsServer } from '../infra/services.ts'
import { untilStopped } from '../infra/stop.ts'
import { startBundled } from '../infra/store/bundled.ts'
import { holdDataDirectory } from '../infra/store/data-directory.ts'
import { QuesnayError } from '../schema/errors.ts'
import { SUBGRAPH_NAMES } from '../subgraphs/shared/names.ts'
import { freePort, Supervisor } from './supervisor.ts'

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
    const shared = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, QUESNAY_LOG: config.logLevel.interactive }
    const supervisor = new Supervisor({ clock: systemClock, log, say })
    closers.push(() => supervisor.stop())
    const url = await startProcesses(config, supervisor, shared, options.workers)
    hold.announce(url)
    if (options.json) process.stdout.write(`${JSON.stringify({ url, pid: process.pid })}\n`)
    else say(`\nready: ${url}`)
    await Promise.race([stopped, supervisor.failed])
    say('\nstopping')
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

async function startBackends(config: Config, log: Log, say: (line: string) => void, closers: (() => Promise<void>)[]) {
  let { databaseUrl, natsUrl } = config
  if (!natsUrl) {
    const nats = await startNatsServer({ storeDirectory: join(config.dataDirectory, 'nats'), log })
    closers.push(() => nats.stop())
    natsUrl = nats.url
    say(`${'nats-server'.padEnd(22)} pid ${nats.pid}  ${nats.url}`)
  }
  if (!databaseUrl) {
    const database = await startBundled(config.dataDirectory, log)
    closers.push(() => database.stop())
    databaseUrl = database.url
    say(`${'postgresql (bundled)'.padEnd(22)} ${withoutSecrets(database.url)}`)
  }
  return { databaseUrl, natsUrl }
}

type Environment = Readonly<Record<string, string>>

/** Subgraphs and workers first, all at once, then the gateway over them. Returns the gateway's GraphQL URL. */
async function startProcesses(
  config: Config,
  supervisor: Supervisor,
  shared: Environment,
  workers: number,
): Promise<string> {
  const at = (port: number) => `http://127.0.0.1:${port}`
  const ports = await Promise.all(SUBGRAPH_NAMES.map(() => freePort('127.0.0.1')))
  const subgraphs = SUBGRAPH_NAMES.map((name, i) =>
    supervisor.start({
      name: `subgraph ${name}`,
      module: builtFile('subgraphs', name, 'main.js'),
      environment: { ...shared, QUESNAY_HOST: '127.0.0.1', QUESNAY_PORT: String(ports[i]) },
      readyUrl: `${at(ports[i]!)}/ready`,
    }),
  )
  // The machine's cores are shared by the workers, so that each has its own to compute on.
  const threads = Math.max(1, Math.floor(config.threads / workers))
  const fleet = Array.from({ length: workers }, async (_, i) => {
    const port = await freePort('127.0.0.1')
    await supervisor.start({
      name: `worker ${i + 1}`,
      module: builtFile('compute', 'worker', 'main.js'),
      environment: { ...shared, QUESNAY_METRICS_PORT: String(port), QUESNAY_THREADS: String(threads) },
      readyUrl: `${at(port)}/ready`,
    })
  })
  await Promise.all([...subgraphs, ...fleet])
  const port = config.port === 0 ? await freePort(config.host) : config.port
  const urls = SUBGRAPH_NAMES.map((name, i) => [
    `QUESNAY_SUBGRAPH_${name.toUpperCase()}_URL`,
    `${at(ports[i]!)}/graphql`,
  ])
  await supervisor.start({
    name: 'gateway',
    module: builtFile('gateway', 'main.js'),
    environment: { ...shared, ...Object.fromEntries(urls), QUESNAY_PORT: String(port), QUESNAY_HOST: config.host },
    readyUrl: `http://${config.host}:${port}/ready`,
  })
  return `http://${config.host}:${port}/graphql`
}
