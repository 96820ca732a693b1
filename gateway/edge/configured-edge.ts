// The edge of a process as its environment and the gateway's configuration file describe it, and how subgraphs elsewhere are asked.
import type { Config } from '../../infra/config.ts'
import { contextSecretOf } from '../../infra/signed-context.ts'
import { readSubgraphTls } from '../../infra/subgraph-tls.ts'
import { httpRequesters } from '../requesters/http-requesters.ts'
import type { SubgraphRequesters } from '../requesters/requester.ts'
import { type EdgeConfig, edgeConfigOf } from './edge-config.ts'
import { type Edge, type EdgeDeps, openEdge } from './open-edge.ts'

export interface ConfiguredEdge extends Edge {
  readonly config: EdgeConfig
  /** By HTTP, at the URLs of the configuration. @param isOurs whether a subgraph of this name is ours, and not a partner's */
  overHttp(isOurs: (name: string) => boolean): SubgraphRequesters
}

export type EdgeParts = Pick<EdgeDeps, 'store' | 'bus' | 'clock' | 'log' | 'metrics' | 'operations'>

/** Errors: those of openEdge; CONFIG_INVALID for a file that has faults. */
export async function openConfiguredEdge(config: Config, parts: EdgeParts): Promise<ConfiguredEdge> {
  const { tenant, host, dataDirectory, subgraphUrls: urls } = config
  const edgeConfig = edgeConfigOf(config.gatewayConfigFile)
  const tls = readSubgraphTls(config.subgraphTls)
  const contextSecret = contextSecretOf(config)
  const edge = await openEdge({ ...parts, config: edgeConfig, tenant, host, dataDirectory, contextSecret })
  const { clock, log, metrics } = parts
  const { callerHeaders } = edge
  return {
    ...edge,
    config: edgeConfig,
    overHttp: (isOurs) =>
      httpRequesters({ resilience: edgeConfig.resilience, urls, callerHeaders, isOurs, tls, clock, log, metrics }),
  }
}
