// quesnay doctor: everything that is looked at, in the order in which it is built on each other.
import { readFileSync } from 'node:fs'
import { loadWorkers } from '../../compute/dispatch/workers.ts'
import { type BrokerReport, inspectNats } from '../../infra/bus/nats/inspect.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import type { Config } from '../../infra/config.ts'
import type { Log } from '../../infra/log.ts'
import { packageFile } from '../../infra/paths.ts'
import { findHolder, type Holder } from '../../infra/store/data-directory.ts'
import { packageVersion } from '../../infra/version.ts'
import { fleetNatsUrl } from '../fleet-bus.ts'
import { checkBus } from './bus.ts'
import { examineDatabase } from './database.ts'
import { checkDisk } from './disk.ts'
import { type Finding, findings } from './finding.ts'
import { guarded } from './guarded.ts'
import { checkKernels, heldKernels } from './kernels.ts'
import { checkNode } from './node.ts'
import { checkServer, isReady } from './server.ts'
import { checkThreads } from './threads.ts'
import { checkWorkers } from './workers.ts'

const MEND_BUS = 'see that nats-server runs with --jetstream and that NATS_URL names it'

/** Changes nothing: no extension, no stream, no directory is made. A bundled PostgreSQL that stands still is started for the while. */
export async function examine(config: Config, log: Log): Promise<readonly Finding[]> {
  const { engines } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { engines: { node: string } }
  const { dataDirectory: directory, databaseUrl } = config
  const holder = findHolder(directory)
  const natsUrl = fleetNatsUrl(config)
  const shelf = { directories: config.kernelDirectories, trustedKeysFile: config.trustedKeysFile }
  return [
    checkNode(process.versions.node, engines.node),
    ...(await guarded('disk', () => checkDisk(directory))),
    ...(await checkKernels(shelf)),
    ...(databaseUrl ? [] : await guarded('server', () => checkServer(directory, holder, packageVersion, isReady))),
    ...(await examineDatabase(config, log)),
    ...(natsUrl ? await examineBus(config, natsUrl, heldKernels(shelf), log) : await examineEmbedded(holder)),
  ]
}

async function examineBus(
  { nats }: Config,
  url: string,
  kernels: readonly string[],
  log: Log,
): Promise<readonly Finding[]> {
  let report: BrokerReport | undefined
  const found = await guarded(
    'bus',
    async () => {
      report = await inspectNats(url, nats.access)
      return checkBus(report)
    },
    MEND_BUS,
  )
  const { fail } = findings('workers')
  if (!report) return [...found, fail('they cannot be asked while the bus does not answer', MEND_BUS)]
  const whole = report.streams.length > 0 && report.streams.every(({ state }) => state !== 'missing')
  // To open the bus would make what is missing: workers have done so where there are any.
  if (!whole) return [...found, fail('none: nothing is computed', 'start one: quesnay worker')]
  return [...found, ...(await guarded('workers', () => examineWorkers(nats, url, kernels, log)))]
}

async function examineWorkers(
  nats: Config['nats'],
  url: string,
  kernels: readonly string[],
  log: Log,
): Promise<Finding> {
  const bus = await openNatsBus({ url, ...nats, clock, log, connectWithinMs: 2000 })
  try {
    return checkWorkers(await loadWorkers(bus), packageVersion, kernels)
  } finally {
    await bus.close()
  }
}

async function examineEmbedded(holder: Holder | undefined): Promise<readonly Finding[]> {
  const inMemory = findings('bus').ok('in memory; set NATS_URL to look at a broker')
  if (!holder?.url) return [inMemory]
  const page = await fetch(new URL('/metrics', holder.url), { signal: AbortSignal.timeout(2000) }).catch(
    () => undefined,
  )
  return [inMemory, checkThreads(page?.ok ? await page.text() : undefined)]
}
