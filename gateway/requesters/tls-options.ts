// How a connection to a subgraph is encrypted: what is shown to it, and whose certificates it may show.
import { rootCertificates } from 'node:tls'
import type { buildConnector } from 'undici'
import type { SubgraphTls } from '../../infra/subgraph-tls.ts'

/** @param ours: then the configured authority alone may have signed, by TLS 1.3; with a partner the public ones may have too. */
export function tlsOptions({ ca, cert, key }: SubgraphTls, ours: boolean): buildConnector.BuildOptions {
  return {
    ...(ca === undefined ? {} : { ca: ours ? [ca] : [ca, ...rootCertificates] }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(ours ? { minVersion: 'TLSv1.3' as const } : {}),
  }
}
