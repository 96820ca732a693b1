// Demo mode: whoever sits at this machine needs no credentials. Nobody else is let in by it.
import type { Principal } from '../../schema/caller.ts'
import type { Authenticator, Credentials } from '../edge/authenticator.ts'
import type { AuthConfig } from './auth-config.ts'
import { isLoopback } from './loopback.ts'
import { anonymous } from './unauthenticated.ts'

export interface DemoOptions {
  readonly config: AuthConfig
  readonly tenant: string
  /** What the server listens on. */
  readonly host: string
}

/** What a proxy adds: behind one, every peer is of this machine. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via']

/** Errors: UNAUTHENTICATED for whoever may come from elsewhere. */
export function demoAuthenticator({ config, tenant, host }: DemoOptions): Authenticator {
  const isOpen = config.demo === 'loopback' && isLoopback(host)
  const principal: Principal = { subject: 'anonymous', proof: 'demo', ...config.demoPrincipal }
  return {
    async authenticate(credentials) {
      if (!isOpen || !isOfThisMachine(credentials)) throw anonymous()
      return { tenant, principal }
    },
  }
}

function isOfThisMachine({ headers, remoteAddress }: Credentials): boolean {
  if (remoteAddress === undefined || !isLoopback(remoteAddress)) return false
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return false
  // A page elsewhere whose name was made to lead here (DNS rebinding) is told by the name that the browser asked for.
  const asked = headers.host ?? ''
  return asked === '' || isLoopback(asked.replace(/:\d+$/, ''))
}
