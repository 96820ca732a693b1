// HTTP as bytes: methods, targets, headers and lengths that a well-behaved client would not send.
import fc from 'fast-check'
import { assertTight } from '../leaks.ts'
import { exchange } from '../raw-exchange.ts'
import { type Fuzz, settings } from '../surface.ts'

const BODY = '{"query":"{ thing(id: \\"a\\") { id } }"}'
const token = fc.string({ unit: 'binary-ascii', maxLength: 12 })
const method = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'CONNECT', 'PATCH'),
  },
  { weight: 1, arbitrary: token },
)
const path = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('/graphql', '/graphql/stream', '/health', '/ready', '/', '*', 'http://x/graphql'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '/../../etc/passwd',
      '/%2e%2e/%2e%2e/package.json',
      '//graphql',
      '/graphql?query=%',
      '/graphql?query=%7B__typename%7D',
      '/graphql?variables=%7B',
      '/%00',
      '/objects/%2e%2e',
    ),
  },
  { weight: 1, arbitrary: fc.nat(20_000).map((n) => `/${'a'.repeat(n)}`) },
  { weight: 1, arbitrary: fc.webUrl().map((url) => new URL(url).pathname) },
)
const header = fc.oneof(
  fc.constantFrom(
    'content-length: 5',
    'content-length: -1',
    'content-length: 99999999999',
    'content-length: 1\r\ncontent-length: 2',
    'transfer-encoding: chunked',
    'transfer-encoding: chunked, identity',
    'transfer-encoding: gzip',
    'host: ',
    'host: a\r\nhost: b',
    'host: [::1',
    'expect: 100-continue',
    'expect: a miracle',
    'accept: text/event-stream',
    'accept: ,,,;q=;;=',
    'accept-encoding: gzip;q=x, br;q=9, *',
    'content-encoding: gzip',
    'content-type: application/json; charset=utf-16',
    'content-type: multipart/form-data',
    'content-type: text/plain',
    'connection: upgrade\r\nupgrade: h2c',
    'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 99',
    'authorization: Bearer',
    'authorization: Basic !!!',
    'x-api-key: qz_',
    'traceparent: 00-xyz',
    'x-request-id: \t',
    'origin: null',
    'if-none-match: "',
    'cookie: a=b',
  ),
  fc.tuple(token, token).map(([name, value]) => `${name}: ${value}`),
  fc.nat(40_000).map((n) => `x-long: ${'y'.repeat(n)}`),
  fc.nat(300).map((n) => Array.from({ length: n }, (_, i) => `x-${i}: 1`).join('\r\n')),
)
const tail = fc.oneof(
  fc.constant(BODY),
  fc.constantFrom(
    '',
    '5\r\nhello\r\n0\r\n\r\n',
    'zz\r\n',
    'FFFFFFFFFFFFFFFF\r\nx',
    `${BODY}GET /health HTTP/1.1\r\nhost: x\r\n\r\n`,
  ),
  fc.string({ unit: 'binary', maxLength: 100 }),
)
const wild = fc
  .tuple(
    method,
    path,
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', ''),
    fc.array(header, { maxLength: 6 }),
    tail,
  )
  .map(([verb, to, version, headers, rest]) => `${verb} ${to} ${version}\r\n${headers.join('\r\n')}\r\n\r\n${rest}`)
/** Such that the server's parser takes it, and what lies behind is reached. */
const proper = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'PUT'),
    path,
    fc.array(
      header.filter(
        (line) => /^[a-z-]+: [\x20-\x7e]*$/.test(line) && !/^(host|content-length|transfer|expect)/.test(line),
      ),
      { maxLength: 4 },
    ),
    fc.oneof(fc.constant(BODY), fc.string({ maxLength: 60 })),
  )
  .map(([verb, to, headers, rest]) => {
    const own = ['host: 127.0.0.1', 'content-type: application/json', `content-length: ${Buffer.byteLength(rest)}`]
    return `${verb} ${to} HTTP/1.1\r\n${[...own, ...headers].join('\r\n')}\r\n\r\n${rest}`
  })
const request = fc.oneof(wild, { weight: 2, arbitrary: proper })

export const http: Fuzz = async (options) => {
  const { target } = options
  await fc.assert(
    fc.asyncProperty(request, async (text) => {
      const answer = await exchange(target, Buffer.from(text, 'latin1'))
      assertTight(answer)
      if (answer !== '' && !/^HTTP\/1\.1 \d{3} /.test(answer)) throw new Error(`no HTTP: ${answer.slice(0, 200)}`)
      if (/^HTTP\/1\.1 500 /.test(answer)) throw new Error(`a fault inside: ${answer.slice(0, 500)}`)
    }),
    settings(options),
  )
}
