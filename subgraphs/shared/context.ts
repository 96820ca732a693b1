// What every resolver gets: who asks, and this subgraph's own store, loaders and access to the fleet.
import type { Logger } from 'pino'
import type { Dispatch } from '../../compute/dispatch/port.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Events } from '../../infra/events.ts'
import type { Caller } from '../../schema/caller.ts'
import type { ReadVersions } from './read-versions.ts'

export type { Caller } from '../../schema/caller.ts'

export interface SubgraphContext<Store = unknown, Loaders = unknown> {
  readonly caller: Caller
  readonly tenant: string
  readonly store: Store
  /** Fresh for each request: a loader's cache never outlives it. */
  readonly loaders: Loaders
  readonly dispatch: Dispatch
  /** What it tells subscribers of. */
  readonly events: Events
  readonly clock: Clock
  readonly log: Logger
  /** What this request has read, told beside the answer. */
  readonly versions: ReadVersions
}
