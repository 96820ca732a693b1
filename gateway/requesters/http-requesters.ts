// The requesters of subgraphs that run elsewhere: HTTP, with the time, retries and breaker that the configuration gives each.
import type { SubgraphTls } from '../../infra/subgraph-tls.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { CallerHeadersOf } from '../auth/context-headers.ts'
import { limitsOf, type ResilienceConfig } from '../resilience/resilience-config.ts'
import { type ResilienceDeps, resilientRequester } from '../resilience/resilient-requester.ts'
import { foreignRequester } from './foreign-requester.ts'
import { httpRequester } from './http-requester.ts'
import type { SubgraphRequesters } from './requester.ts'
import { tlsOptions } from './tls-options.ts'

export interface HttpRequestersOptions extends ResilienceDeps {
  readonly resilience: ResilienceConfig
  /** By name of the subgraph; default the URL in the supergraph. */
  readonly urls?: Readonly<Record<string, string | undefined>>
  /** How each is told who asks; default: the tenant alone, unsigned. */
  readonly callerHeaders?: CallerHeadersOf
  /** Whether a subgraph is one of ours; default yes. */
  readonly isOurs?: (name: string) => boolean
  /** Certificates between us; with one of our own to show, our subgraphs are asked by https alone. */
  readonly tls?: SubgraphTls | undefined
}

/** Errors: CONFIG_INVALID where a subgraph has no URL, or one that is not encrypted though it should. */
export function httpRequesters(options: HttpRequestersOptions): SubgraphRequesters {
  const { resilience, urls = {}, callerHeaders, isOurs = () => true, tls, ...deps } = options
  return (name, url) => {
    const limits = limitsOf(resilience, name)
    const { timeoutMs, maxInFlight: maxConnections } = limits
    const ours = isOurs(name)
    const target = urls[name] ?? url ?? ''
    if (tls?.cert !== undefined && ours && target.startsWith('http:')) throw unencrypted(name)
    const http = (ours ? httpRequester : foreignRequester)({
      ...{ name, url: target, timeoutMs, maxConnections, clock: deps.clock },
      ...(tls ? { tls: tlsOptions(tls, ours) } : {}),
      ...(callerHeaders ? { callerHeaders: callerHeaders(name, ours) } : {}),
    })
    return resilientRequester(name, http, limits, deps)
  }
}

const unencrypted = (name: string) =>
  new QuesnayError(
    'CONFIG_INVALID',
    `the subgraph ${name} is reached without encryption, though there is a certificate`,
    {
      path: `QUESNAY_SUBGRAPH_${name.toUpperCase().replaceAll('-', '_')}_URL`,
      suggestion: 'set it to a URL that begins with https, or unset QUESNAY_SUBGRAPH_CERT',
    },
  )
