// The edge: its steps in their order, and how requests are known to be somebody's.
import type { DocumentNode } from 'graphql'
import type { Logger } from 'pino'
import type { Bus } from '../../infra/bus/port.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Metrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'
import { openAudit } from '../audit/open-audit.ts'
import { type CallerHeadersOf, contextHeaders } from '../auth/context-headers.ts'
import { openAuthenticator } from '../auth/open-authenticator.ts'
import { authoriseStep } from '../authorise/authorise-step.ts'
import { grantFaults } from '../authorise/grants.ts'
import type { GatewayOptions } from '../gateway.ts'
import type { ServerOptions } from '../http/serve.ts'
import { introspectionPolicy } from '../limits/introspection.ts'
import { limitsStep } from '../limits/limits-step.ts'
import { openPersisted } from '../persisted/open-persisted.ts'
import { openRates } from '../rates/open-rates.ts'
import type { SubgraphRequesters } from '../requesters/requester.ts'
import { openSharing } from '../single-flight/open-sharing.ts'
import type { Authenticator } from './authenticator.ts'
import type { EdgeConfig } from './edge-config.ts'
import type { EdgeStep } from './step.ts'

export interface EdgeDeps {
  readonly config: EdgeConfig
  /** Absent: what would be kept in the database is not there, and configuring it is CONFIG_INVALID. */
  readonly store?: Store | undefined
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  /** Of requests that come without credentials, where those are let in. */
  readonly tenant: string
  /** What the server listens on. */
  readonly host: string
  /** Where `quesnay token` keeps its keys. */
  readonly dataDirectory: string
  /** Shared with the subgraphs of other processes. */
  readonly contextSecret: string | undefined
  /** Texts of operations that are published by definition, such as those of the REST routes; default none. */
  readonly operations?: readonly string[] | undefined
}

export interface Edge {
  /** The outermost first. */
  readonly steps: readonly EdgeStep[]
  readonly authenticator: Authenticator
  /** What the gateway is opened with, beside its steps. */
  readonly gateway: Required<Pick<GatewayOptions, 'limits' | 'introspection' | 'known'>>
  /** What its HTTP front is opened with, beside the authenticator. */
  readonly http: Pick<ServerOptions, 'maxBodyBytes' | 'batch' | 'persisted' | 'tls' | 'trustedProxies'>
  /** The requesters with what the edge adds to them. */
  share(services: SubgraphRequesters): SubgraphRequesters
  /** How a subgraph of another process is told who asks, by its name. */
  readonly callerHeaders: CallerHeadersOf
  /** Why a supergraph may not be served: partners in it that reach more than they are granted. */
  faultsOf(supergraph: DocumentNode): readonly string[]
  close(): Promise<void>
}

/** Errors: CONFIG_INVALID; BAD_INPUT for a manifest of operations with faults. */
export async function openEdge(deps: EdgeDeps): Promise<Edge> {
  const { config, store, clock, log, metrics, tenant, host, dataDirectory, contextSecret } = deps
  const { auth, partners, limits, http } = config
  const audit = openAudit(deps)
  const authenticator = openAuthenticator({ config: auth, store, clock, log, metrics, tenant, host, dataDirectory })
  const persisted = await openPersisted({ config: config.persisted, own: deps.operations, store, clock, log, metrics })
  const rates = openRates({ rates: config.rates, store, clock, log, metrics })
  const counted = [limitsStep({ limits, clock }), ...(rates ? [rates] : [])]
  const sharing = await openSharing(deps)
  return {
    steps: [...(audit ? [audit.step] : []), authoriseStep(auth.policies), ...counted, ...sharing.steps],
    share: sharing.share,
    authenticator,
    gateway: { limits, introspection: introspectionPolicy(config.introspection), known: () => persisted.known() },
    http: { maxBodyBytes: limits.bodyBytes, batch: limits.batch, persisted, ...http },
    callerHeaders: contextHeaders({ secret: contextSecret, partners, clock }),
    faultsOf: (supergraph) => grantFaults(supergraph, partners),
    async close() {
      await sharing.close()
      persisted.close()
      await rates?.close()
      await audit?.close()
      await authenticator.close()
    },
  }
}
