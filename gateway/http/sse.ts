// Operations over server-sent events; the protocol is graphql-sse's, in its mode of one connection for each operation.
import { cursorIn, textOf } from '../live/wire-text.ts'
import { type StreamDeps, type StreamFormat, type StreamHandler, streamHandler } from './stream.ts'

/**
 * Written here and not by the library of the protocol, which writes each result for itself and gives none an id: a result has one text
 * for all who share it, and its cursor as `id`, which a browser sends back as Last-Event-ID when it connects again.
 */
const SSE: StreamFormat = {
  headers: { 'content-type': 'text/event-stream; charset=utf-8', connection: 'keep-alive' },
  opening: ':\n\n',
  result(result) {
    const cursor = cursorIn(result)
    return `${cursor === undefined ? '' : `id: ${cursor}\n`}event: next\ndata: ${textOf(result)}\n\n`
  },
  heartbeat: ':\n\n',
  heartbeatMs: 12_000,
  ending: 'event: complete\ndata:\n\n',
}

export const graphqlOverSse = (deps: StreamDeps): StreamHandler => streamHandler(deps, SSE)
