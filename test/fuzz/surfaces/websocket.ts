// WebSocket frames and the messages in them: in no order, in pieces, too large, of unknown kinds, in floods.
import fc from 'fast-check'
import { assertTight } from '../leaks.ts'
import { type Fuzz, settings } from '../surface.ts'
import { converse, type Frame } from '../websocket-client.ts'

const text = (message: unknown): Frame => ({ opcode: 1, fin: true, payload: Buffer.from(JSON.stringify(message)) })
const subscribe = (id: unknown, query: unknown) => text({ type: 'subscribe', id, payload: { query } })

const message = fc.oneof(
  fc.constantFrom(
    text({ type: 'connection_init' }),
    text({ type: 'connection_init', payload: { authorization: 'Bearer x', __proto__: 1 } }),
    text({ type: 'connection_init', payload: 7 }),
    text({ type: 'ping' }),
    text({ type: 'pong', payload: { a: 1 } }),
    text({ type: 'complete', id: '1' }),
    text({ type: 'next', id: '1', payload: {} }),
    text({ type: 'error', id: '1', payload: [] }),
    text({ type: '__proto__' }),
    text(null),
    text([]),
    text('text'),
    subscribe('1', 'subscription { thingChanged(id: "a") { label price } }'),
    subscribe('1', '{ thing(id: "a") { price fails } }'),
    subscribe('2', 'subscription { thingChanged(id: "*") { label } }'),
    subscribe('__proto__', '{ __typename }'),
    subscribe('', '{ __typename }'),
    subscribe(3, '{ __typename }'),
    subscribe('4', 5),
    subscribe('5', '{ nothing }'),
    subscribe('6', `{ ${'a '.repeat(30_000)} }`),
    subscribe('7', '{'.repeat(9_000)),
  ),
  fc
    .record({
      type: fc.constantFrom('subscribe', 'connection_init', 'ping', 'complete'),
      id: fc.anything(),
      payload: fc.anything(),
    })
    .map((value) => {
      try {
        return text(value)
      } catch {
        // A bigint has no JSON.
        return text(null)
      }
    }),
)
const frame: fc.Arbitrary<Frame> = fc.record({
  opcode: fc.nat(15),
  fin: fc.boolean(),
  payload: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  rsv: fc.nat(7),
  masked: fc.boolean(),
  // Of the length that the frame says it has; 2^40 is more than anybody may send.
  claims: fc.constantFrom(undefined, 0, 126, 70_000, 2 ** 40),
})
const pieces = fc.constantFrom<Frame[]>(
  [
    { opcode: 1, fin: false, payload: Buffer.from('{"type":"conn') },
    { opcode: 9, fin: true, payload: Buffer.from('ping between') },
    { opcode: 0, fin: true, payload: Buffer.from('ection_init"}') },
  ],
  [{ opcode: 0, fin: true, payload: Buffer.from('a continuation of nothing') }],
  [{ opcode: 1, fin: true, payload: Buffer.from([0xc3, 0x28, 0xff]) }],
  [{ opcode: 2, fin: true, payload: Buffer.from('{"type":"connection_init"}') }],
  [{ opcode: 9, fin: true, payload: Buffer.alloc(126) }],
  [{ opcode: 8, fin: true, payload: Buffer.from([0x03]) }],
  Array.from({ length: 2_000 }, () => ({ opcode: 9, fin: true, payload: Buffer.from('flood') })),
  Array.from({ length: 300 }, (_, i) => subscribe(`s${i}`, 'subscription { thingChanged(id: "a") { label } }')),
)
const conversation = fc.oneof(
  fc.array(message, { minLength: 1, maxLength: 8 }),
  fc.tuple(fc.array(message, { maxLength: 3 }), fc.array(frame, { maxLength: 3 }), pieces).map((parts) => parts.flat()),
)

/** Closing codes of RFC 6455 and of graphql-transport-ws for a client's fault or a server that goes; 1011 and 4500 are faults of ours. */
const CODES: ReadonlySet<number> = new Set([1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010])
const isClientsFault = (code: number) => CODES.has(code) || (code >= 4400 && code < 4500)

export const websocket: Fuzz = async (options) => {
  const { target } = options
  await fc.assert(
    fc.asyncProperty(conversation, async (frames) => {
      const { messages, code } = await converse(target, frames)
      for (const one of messages) assertTight(one)
      if (code !== undefined && !isClientsFault(code)) throw new Error(`closed with ${code}`)
    }),
    settings(options),
  )
}
