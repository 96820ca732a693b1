// How a request is known to be somebody's: the port. Adapters lie in gateway/auth/.
import type { IncomingHttpHeaders } from 'node:http'
import type { Principal } from '../../schema/caller.ts'

/** What a client shows of itself. */
export interface Credentials {
  readonly headers: IncomingHttpHeaders
  /** Of the socket; undefined where it is gone. */
  readonly remoteAddress: string | undefined
  /** Where the client itself is, where a trusted proxy stands between; default: the socket's. */
  readonly clientAddress?: string | undefined
  /** Payload of a WebSocket's connection_init, where there is one. */
  readonly connectionParams?: Readonly<Record<string, unknown>> | undefined
}

export interface Identity {
  readonly tenant: string
  readonly principal: Principal
}

export interface Authenticator {
  /** Errors: UNAUTHENTICATED (no credentials, or none that hold; expired ones with detail.reason TOKEN_EXPIRED), FORBIDDEN; RATE_LIMITED after too many of them. */
  authenticate(credentials: Credentials): Promise<Identity>
}
