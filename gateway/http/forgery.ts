// Requests that a page of another site has a browser send: cross-site request forgery.
//
// The attack: a page that the user visits sends a request to this server without asking it first (no preflight, which CORS
// demands of all but "simple" requests), and the browser adds what it has: cookies, a client certificate, or just that it stands
// within the network or on this very machine, where a demonstration asks for no credentials. The page cannot read the answer, but a
// mutation has been done, and the time that a query takes can be measured.
//
// The defence: a POST must be of a type that no simple request can have (application/json). A GET, which never changes anything,
// must carry a header that no simple request can have where the request shows that a page of another site is behind it, or
// that credentials came with it that a browser adds by itself. Other GETs are answered: the specification of GraphQL over HTTP
// wants links that just work, and a client that is no browser cannot be made to send anything.
import type { IncomingMessage } from 'node:http'
import type { GraphQLError } from 'graphql'
import { badRequest } from '../errors.ts'

/** Any of them shows that the sender was free to choose its headers; the names are those of Apollo Server and of GraphQL Yoga. */
export const PREFLIGHT_HEADERS = ['x-apollo-operation-name', 'apollo-require-preflight', 'graphql-require-preflight']

/** Types that a page may send without a preflight (https://fetch.spec.whatwg.org/#cors-safelisted-request-header). */
const SIMPLE_TYPES = new Set(['', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])

export interface Forgery {
  readonly status: 400 | 415
  readonly error: GraphQLError
}

/** @param allows whether a request comes from a page that may ask, or from none */
export function forgeryIn(
  request: IncomingMessage,
  allows: (request: IncomingMessage) => boolean,
): Forgery | undefined {
  const { method, headers } = request
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (method === 'POST') {
    // A browser sends no type at all for a Blob without one.
    return SIMPLE_TYPES.has(type)
      ? { status: 415, error: badRequest('send the operation as application/json') }
      : undefined
  }
  if (method !== 'GET' || !SIMPLE_TYPES.has(type)) return undefined
  if (PREFLIGHT_HEADERS.some((name) => headers[name])) return undefined
  const { origin, 'sec-fetch-site': site } = headers
  // What a browser says of a request no page can change: `none` is the user's own doing, typed, or a bookmark.
  if (site === 'same-origin' || site === 'none') return undefined
  if (origin !== undefined && allows(request)) return undefined
  const ambient = headers.cookie !== undefined || /^(basic|negotiate|digest) /i.test(headers.authorization ?? '')
  if (origin === undefined && site === undefined && !ambient) return undefined
  return {
    status: 400,
    error: badRequest('a page of another site may have sent this request', {
      path: 'headers',
      suggestion: `send one of the headers ${PREFLIGHT_HEADERS.join(', ')}, or use POST with application/json`,
    }),
  }
}
