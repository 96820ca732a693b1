// Tokens: mutations of one that holds, of its header, claims and signature, and texts that are none.
import fc from 'fast-check'
import { startCommand } from '../../support/command.ts'
import { assertAnswer } from '../assert-answer.ts'
import { type Fuzz, settings } from '../surface.ts'

const QUERY = '{"query":"{ thing(id: \\"a\\") { id } }"}'
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decoded = (part: string) => Buffer.from(part, 'base64url').toString('latin1')

type Json = Record<string, unknown>
const header = fc.constantFrom<Json>(
  { alg: 'none' },
  { alg: 'HS256', typ: 'JWT' },
  { alg: 'RS256', kid: '../../etc/passwd' },
  { alg: 'EdDSA', kid: '__proto__' },
  { alg: 'EdDSA', jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } },
  { alg: 'EdDSA', jku: 'http://127.0.0.1:1/keys' },
  { alg: 'EdDSA', crit: ['exp'], b64: false },
  { alg: ['EdDSA'] },
  {},
)
const claims = fc.constantFrom<Json>(
  { tenant: 'other' },
  { exp: 0 },
  { exp: 1e300 },
  { exp: 'soon' },
  { nbf: 9e12 },
  { aud: {} },
  { iss: ['a'] },
  { sub: { a: 1 } },
  { scope: ['*'] },
  { roles: 'admin' },
  { tier: 'enterprise' },
)

/** Of a token that holds. */
const mutations = (token: string) => {
  const [head = '', body = '', signature = ''] = token.split('.')
  const read = (part: string) => JSON.parse(decoded(part)) as Json
  return fc.oneof(
    fc
      .tuple(fc.nat(token.length - 1), fc.constantFrom('A', 'z', '.', '-', '_', '=', ' ', '\u00ff'))
      .map(([at, put]) => token.slice(0, at) + put + token.slice(at + 1)),
    fc.nat(token.length).map((at) => token.slice(0, at)),
    header.map((one) => `${encoded({ ...read(head), ...one })}.${body}.${signature}`),
    header.map((one) => `${encoded(one)}.${body}.`),
    claims.map((one) => `${head}.${encoded({ ...read(body), ...one })}.${signature}`),
    fc.constantFrom(
      `${head}..${signature}`,
      `..`,
      `${token}.${signature}`,
      `${body}.${head}.${signature}`,
      token.repeat(20),
      `${head}.${body}.${'A'.repeat(9_000)}`,
    ),
    fc.string({ unit: 'binary-ascii', maxLength: 80 }),
  )
}

export const tokens: Fuzz = async (options) => {
  const { target } = options
  const { out, err, code } = await startCommand(['token'], { QUESNAY_DATA: target.directory }).ended
  const token = out
    .trim()
    .split('\n')
    .find((line) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(line.trim()))
    ?.trim()
  if (code !== 0 || !token) throw new Error(`no token was made: ${out}${err}`)
  const held = await target.post(QUERY, { authorization: `Bearer ${token}` })
  if (held.status !== 200 || !held.text.includes('"data"'))
    throw new Error(`a token that holds is refused: ${held.text}`)
  await fc.assert(
    fc.asyncProperty(mutations(token), async (mutated) => {
      // Such a text cannot stand in a header at all.
      if (/[^\t\x20-\x7e\x80-\xff]/.test(mutated)) return
      const reply = await target.post(QUERY, { authorization: `Bearer ${mutated}` })
      assertAnswer(reply)
      // The last character of base64url holds bits that mean nothing.
      const isSame = mutated.trim().split('.').map(decoded).join() === token.split('.').map(decoded).join()
      if (!isSame && reply.text.includes('"data":{')) throw new Error(`let in: ${mutated}`)
    }),
    settings(options),
  )
}
