// The figures that Quesnay ships, for a tenant that has none yet: a start gives them to the tenant of its configuration alone.
import 'reflect-metadata'
import { systemClock as clock } from '../infra/clock.ts'
import { noteEvents } from '../infra/events.ts'
import type { Log } from '../infra/log.ts'
import type { Store } from '../infra/store/port.ts'
import { SUBGRAPHS } from './subgraphs.ts'

/** Safe to repeat, and beside a server that runs: what the tenant has stays, and gateways forget the answers that they kept of it. */
export async function seedTenant(store: Store, log: Log, tenant: string): Promise<void> {
  for (const definition of Object.values(SUBGRAPHS))
    await definition.seed(await definition.openStore(store), { clock, log }, tenant)
  await noteEvents(store, tenant, [{ words: ['cache', 'changed'], body: { changed: 'all' } }])
}
