// What lets answers be shared: the response cache, single flight, and how both hear that data has changed.

import { DataChanges } from '../cache/changes-of-data.ts'
import { Generations } from '../cache/generations.ts'
import { Readings } from '../cache/readings.ts'
import { responseCacheStep } from '../cache/response-cache-step.ts'
import { ResponseStore } from '../cache/response-store.ts'
import type { EdgeDeps } from '../edge/open-edge.ts'
import type { EdgeStep } from '../edge/step.ts'
import type { SubgraphRequesters } from '../requesters/requester.ts'
import { sharedRequesters } from './shared-requester.ts'
import { singleFlightStep } from './single-flight-step.ts'

export interface Sharing {
  /** The cache, then single flight. */
  readonly steps: readonly EdgeStep[]
  /** Requesters whose equal queries are sent once. */
  share(services: SubgraphRequesters): SubgraphRequesters
  close(): Promise<void>
}

export async function openSharing(
  deps: Pick<EdgeDeps, 'config' | 'bus' | 'clock' | 'log' | 'metrics'>,
): Promise<Sharing> {
  const { config, metrics } = deps
  const generations = new Generations()
  const readings = new Readings()
  const store = new ResponseStore(Math.max(1, config.cache.maxBytes))
  const changes = await DataChanges.open({ ...deps, store, generations, readings })
  const { operations, fetches } = config.singleFlight
  return {
    steps: [
      responseCacheStep({ ...deps, config: config.cache, store, changes, readings }),
      ...(operations ? [singleFlightStep({ generations, metrics })] : []),
    ],
    share: (services) => (fetches ? sharedRequesters(services, { generations, metrics }) : services),
    close: () => changes.close(),
  }
}
