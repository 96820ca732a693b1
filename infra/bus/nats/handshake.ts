// Asks a broker once more for its reason to hang up: TLS 1.3 tells it after the handshake, when the client no longer listens for it.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { BusAccess } from '../access.ts'

/** How long to wait for a broker that says nothing, and so has nothing against us. */
const WITHIN_MS = 1000

/** What the broker or Node says against an encrypted connection; undefined where it is taken, or where nobody answers. */
export function objectionOf(url: string, { caFile, certFile, keyFile }: BusAccess): Promise<Error | undefined> {
  const { hostname, port } = new URL(url.split(',')[0]!.trim().replace(/^\w+:/, 'http:'))
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 4222), timeout: WITHIN_MS })
    const answer = (error?: Error) => {
      socket.destroy()
      resolve(error)
    }
    socket.once('timeout', () => answer())
    socket.once('error', () => answer())
    // The broker greets in plain text, whatever comes after.
    socket.once('data', () => {
      const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file))
      const [ca, cert, key] = [caFile, certFile, keyFile].map(read)
      const identity = { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) }
      // Whether we trust the broker is not the question here.
      const tls = connectTls({ socket, rejectUnauthorized: false, ...identity })
      tls.once('error', answer)
      tls.once('close', () => answer())
    })
  })
}
