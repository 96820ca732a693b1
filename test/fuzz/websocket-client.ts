// A WebSocket client that sends frames as they are told, valid or not (RFC 6455).
import { randomBytes } from 'node:crypto'
import type { Target } from './target.ts'

export interface Frame {
  readonly opcode: number
  readonly fin: boolean
  readonly payload: Buffer
  /** The three reserved bits; default 0. */
  readonly rsv?: number
  /** Default true, as of a client. */
  readonly masked?: boolean
  /** The length that is told, where it is not the payload's. */
  readonly claims?: number | undefined
}

export interface Conversation {
  /** Texts and reasons that the server sent. */
  readonly messages: readonly string[]
  /** With which it closed; undefined where it did not. */
  readonly code: number | undefined
}

/** The time after which a server that says nothing more has said all, in ms. */
const PAUSE_MS = 120
const QUIET_MS = 2_000

export function converse(target: Target, frames: readonly Frame[]): Promise<Conversation> {
  return new Promise((resolve, reject) => {
    const socket = target.connect()
    let received: Buffer = Buffer.alloc(0)
    let upgraded = false
    const end = () => {
      socket.destroy()
      if (upgraded) resolve(read(received))
      else reject(new Error(`no WebSocket: ${received.toString('latin1').slice(0, 200)}`))
    }
    socket.setTimeout(QUIET_MS, end)
    socket.once('close', end)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const head = received.indexOf('\r\n\r\n')
      if (upgraded || head < 0) return
      if (!received.toString('latin1').startsWith('HTTP/1.1 101 ')) return end()
      upgraded = true
      received = received.subarray(head + 4)
      socket.setTimeout(PAUSE_MS)
      socket.write(Buffer.concat(frames.map(bytesOf)))
    })
    socket.write(
      // Only who names this machine is let in without credentials.
      `GET /graphql HTTP/1.1\r\nhost: 127.0.0.1:${target.port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n` +
        `sec-websocket-protocol: graphql-transport-ws\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    )
  })
}

function bytesOf({ opcode, fin, payload, rsv = 0, masked = true, claims }: Frame): Buffer {
  const length = claims ?? payload.length
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode]
  const mask = masked ? 0x80 : 0
  if (length < 126) head.push(mask | length)
  else if (length < 2 ** 16) head.push(mask | 126, length >> 8, length & 0xff)
  else {
    const wide = Buffer.alloc(8)
    wide.writeBigUInt64BE(BigInt(length))
    head.push(mask | 127, ...wide)
  }
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([Buffer.from(head), masked ? Buffer.alloc(4) : Buffer.alloc(0), payload])
}

/** Frames of a server: unmasked, in one piece. */
function read(bytes: Buffer): Conversation {
  const messages: string[] = []
  let code: number | undefined
  for (let at = 0; at + 2 <= bytes.length; ) {
    const opcode = bytes[at]! & 0x0f
    const short = bytes[at + 1]! & 0x7f
    const wide = short === 126 ? 2 : short === 127 ? 8 : 0
    if (at + 2 + wide > bytes.length) break
    const length = wide === 2 ? bytes.readUInt16BE(at + 2) : wide === 8 ? Number(bytes.readBigUInt64BE(at + 2)) : short
    const payload = bytes.subarray(at + 2 + wide, at + 2 + wide + length)
    if (opcode === 8) {
      if (payload.length >= 2) code = payload.readUInt16BE(0)
      messages.push(payload.subarray(2).toString('utf8'))
    } else messages.push(payload.toString('utf8'))
    at += 2 + wide + length
  }
  return { messages, code }
}
