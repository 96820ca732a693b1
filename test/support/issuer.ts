// An issuer of tokens for tests: key pairs of each algorithm, and their JWKS over loopback HTTP.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

export type Signer = (claims?: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>

export interface TestIssuer {
  readonly jwksUrl: string
  /** How often its keys were asked for. */
  readonly asked: number
  /** Keys as they are shown now. */
  keys: JWK[]
  /** A new key pair, shown from now on. @returns what signs with it */
  add(alg: string, kid: string, issued: JWTPayload): Promise<Signer>
  close(): Promise<void>
}

export async function startIssuer(): Promise<TestIssuer> {
  let asked = 0
  const server = createServer((_, response) => {
    asked++
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: issuer.keys }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const issuer: TestIssuer = {
    jwksUrl: `http://127.0.0.1:${port}/jwks.json`,
    get asked() {
      return asked
    },
    keys: [],
    async add(alg, kid, issued) {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
      issuer.keys = [...issuer.keys, { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }]
      return (claims = {}, header = {}) =>
        new SignJWT({ ...issued, ...claims }).setProtectedHeader({ alg, kid, ...header }).sign(privateKey)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return issuer
}
