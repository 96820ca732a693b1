// Subscriptions as parts of a multipart answer; the protocol is Apollo's, `subscriptionSpec=1.0`, which its clients and router speak.
import { textOf } from '../live/wire-text.ts'
import { type StreamDeps, type StreamFormat, type StreamHandler, streamHandler } from './stream.ts'

const part = (body: string) => `\r\n--graphql\r\ncontent-type: application/json\r\n\r\n${body}\r\n`

const MULTIPART: StreamFormat = {
  headers: { 'content-type': 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0' },
  opening: '',
  /** An answer without data ends the subscription: its errors stand beside the payload, which is null. */
  result(result) {
    if (result.data !== undefined) return part(`{"payload":${textOf(result)}}`)
    return part(`{"payload":null,"errors":${JSON.stringify(result.errors ?? [])}}`)
  },
  heartbeat: part('{}'),
  heartbeatMs: 5_000,
  ending: '\r\n--graphql--\r\n',
}

export const graphqlOverMultipart = (deps: StreamDeps): StreamHandler => streamHandler(deps, MULTIPART)

/** Its clients send this for subscriptions alone. */
export const wantsMultipart = (accept: string): boolean =>
  accept.includes('multipart/mixed') && /subscriptionSpec\s*=\s*"?1\.0/i.test(accept)
