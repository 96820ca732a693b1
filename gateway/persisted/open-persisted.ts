// The published operations of the database and of a file, followed as they change.
import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import type { Metrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'
import { type PersistedOperation, readManifest } from './manifest.ts'
import type { PersistedConfig } from './persisted-config.ts'
import { type PersistedOperations, persistedOperations } from './persisted-operations.ts'
import { changeNumber, listPublished, sha256 } from './registry.ts'

export interface OpenPersistedDeps {
  readonly config: PersistedConfig
  /** Texts that are published by definition, such as those of the REST routes; default none. */
  readonly own?: readonly string[] | undefined
  /** Absent: only what the file says. */
  readonly store: Store | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

export interface OpenedPersisted extends PersistedOperations {
  close(): void
}

/** Errors: BAD_INPUT (manifest), STORE_UNAVAILABLE at the beginning; later the last ones stay. */
export async function openPersisted({
  config,
  own = [],
  store,
  clock,
  log,
  metrics,
}: OpenPersistedDeps): Promise<OpenedPersisted> {
  const operations = persistedOperations({ config, log, metrics })
  const fromHere: readonly Pick<PersistedOperation, 'id' | 'body'>[] = [
    ...own.map((body) => ({ id: sha256(body), body })),
    ...(config.manifest ? readManifest(config.manifest) : []),
  ]
  const closing = new AbortController()
  let seen = ''

  /** In this order: what changes in between is seen the next time. */
  async function refresh(from: Store): Promise<void> {
    const now = await changeNumber(from)
    if (now === seen) return
    operations.replace([...fromHere, ...(await listPublished(from))])
    seen = now
  }
  async function follow(from: Store): Promise<void> {
    while (!closing.signal.aborted) {
      await clock.sleep(config.refreshMs, closing.signal).catch(() => undefined)
      if (closing.signal.aborted) return
      await refresh(from).catch((error) => log.warn({ err: error }, 'published operations cannot be read'))
    }
  }

  operations.replace(fromHere)
  if (config.mode !== 'off' && store) {
    await refresh(store)
    void follow(store)
  }
  return { ...operations, close: () => closing.abort() }
}
