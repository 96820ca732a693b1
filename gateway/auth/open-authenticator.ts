// How requests are known to be somebody's: by what they carry, a token, a key, or nothing.
import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import type { Metrics } from '../../infra/metrics.ts'
import type { Sql } from '../../infra/store/port.ts'
import type { Authenticator, Credentials } from '../edge/authenticator.ts'
import type { AuthConfig, IssuerConfig } from './auth-config.ts'
import { demoAuthenticator } from './demo.ts'
import { developmentIssuer } from './development-issuer.ts'
import { boundFailures } from './failures.ts'
import { tokenVerifier } from './jwt.ts'
import { keyVerifier } from './key-verifier.ts'
import { isLoopback } from './loopback.ts'
import { unauthenticated } from './unauthenticated.ts'

export interface AuthenticatorOptions {
  readonly config: AuthConfig
  readonly store: Sql | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly metrics?: Pick<Metrics, 'rateLimited'>
  /** Of requests without credentials. */
  readonly tenant: string
  /** What the server listens on. */
  readonly host: string
  /** Where `quesnay token` keeps its keys. */
  readonly dataDirectory: string
}

export interface OpenAuthenticator extends Authenticator {
  close(): Promise<void>
}

/** Credentials that do not hold are refused also where none would be needed. */
export function openAuthenticator(options: AuthenticatorOptions): OpenAuthenticator {
  const { config, store, clock, log, metrics, tenant, host, dataDirectory } = options
  const demo = demoAuthenticator({ config, tenant, host })
  const tokens = tokenVerifier({ issuers: [...config.issuers, ...ownIssuer(config, host, dataDirectory)], clock, log })
  const keys = keyVerifier({ store, clock, log })
  const bounded = boundFailures({ limits: config.failures, clock, log, metrics })
  return {
    async authenticate(credentials) {
      const carried = carriedBy(credentials)
      if (carried === undefined) return demo.authenticate(credentials)
      return bounded(credentials.clientAddress ?? credentials.remoteAddress, carried, () =>
        carried.startsWith('qz_') ? keys.verify(carried) : tokens.verify(carried),
      )
    },
    close: () => keys.close(),
  }
}

function ownIssuer(config: AuthConfig, host: string, dataDirectory: string): IssuerConfig[] {
  const trusted = config.developmentIssuer || (config.demo === 'loopback' && isLoopback(host))
  return trusted ? [developmentIssuer(dataDirectory)] : []
}

/** The token or key; of a WebSocket its connection_init goes first, for browsers cannot set its headers. */
function carriedBy({ headers, connectionParams = {} }: Credentials): string | undefined {
  const { authorization = connectionParams['Authorization'], apiKey } = connectionParams
  if (authorization !== undefined) return bearerOf(authorization)
  if (apiKey !== undefined) return textOf(apiKey)
  if (headers.authorization !== undefined) return bearerOf(headers.authorization)
  const key = headers['x-api-key']
  return key === undefined ? undefined : textOf(key)
}

/** RFC 6750, section 2.1; the scheme is read in any case. */
function bearerOf(value: unknown): string {
  const [, token] = /^Bearer +([^\s]+)\s*$/i.exec(textOf(value)) ?? []
  return token ?? refuse()
}

const textOf = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : refuse())

function refuse(): never {
  throw unauthenticated()
}
