// Which pages of other origins may ask this server: Apollo Studio's sandbox, pages of this machine, and those configured.
import type { IncomingMessage } from 'node:http'

const STUDIO = 'https://studio.apollographql.com'
const THIS_MACHINE = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/
const EXPOSED = 'x-request-id, x-quesnay-cost, ratelimit, ratelimit-policy, retry-after'
const PREFLIGHT_SECONDS = '600'

export interface CorsPolicy {
  /** True for a request that comes from no page, from a page of this server, or from a page of an allowed origin. */
  allows(request: IncomingMessage): boolean
  /** Headers of every answer; of a preflight (OPTIONS) also what it asks for. */
  headers(request: IncomingMessage): Record<string, string>
}

export function corsPolicy(origins: readonly string[]): CorsPolicy {
  const allowed = new Set([STUDIO, ...origins])
  const knows = (origin: string) => allowed.has(origin) || THIS_MACHINE.test(origin)
  return {
    allows({ headers: { origin, host } }) {
      if (!origin) return true
      return knows(origin) || (URL.canParse(origin) && new URL(origin).host === host)
    },
    headers({ method, headers }) {
      const { origin } = headers
      const vary = { vary: 'origin' }
      if (!origin || !knows(origin)) return vary
      const always = { ...vary, 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED }
      if (method !== 'OPTIONS') return always
      return {
        ...always,
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': headers['access-control-request-headers'] ?? 'content-type',
        'access-control-max-age': PREFLIGHT_SECONDS,
        // A browser asks this before a page of the internet may reach a server of this machine (Private Network Access).
        ...(headers['access-control-request-private-network']
          ? { 'access-control-allow-private-network': 'true' }
          : {}),
      }
    },
  }
}
