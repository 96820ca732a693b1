// GET /objects/...: a stored file by a signed link, whole or a range of it, passed on as fast as the client takes it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Logger } from 'pino'
import type { Bus, ObjectInfo } from '../../infra/bus/port.ts'
import type { Clock } from '../../infra/clock.ts'
import { linkKey, nameInLink } from '../../infra/links.ts'
import type { Caller } from '../../schema/caller.ts'
import { isQuesnayError, QuesnayError } from '../../schema/errors.ts'

interface Parts {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
}

/** First and last byte, inclusive. */
type Range = readonly [number, number]

/**
 * Errors: FORBIDDEN and NOT_FOUND as nameInLink; NOT_FOUND where the object is gone; BUS_UNAVAILABLE. An object that turns out
 * damaged is deleted, to be made anew; the answer is then cut short of its announced length.
 */
export async function serveObject(
  request: IncomingMessage,
  response: ServerResponse,
  { tenant, requestId }: Caller,
  { bus, clock, log }: Parts,
): Promise<void> {
  const name = nameInLink(await linkKey(bus), request.url ?? '', tenant, clock.now())
  const objects = await bus.objects('qz_blobs')
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const found = await objects.get(name, gone.signal)
  if (!found)
    throw new QuesnayError('NOT_FOUND', 'the file is no longer there', { suggestion: 'ask for it again: Run.download' })
  const { info, chunks } = found
  const headers = headersOf(info, clock.now())
  if (request.headers['if-none-match']?.includes(etagOf(info))) return void response.writeHead(304, headers).end()
  const range = rangeOf(request, info)
  if (range === 'beyond')
    return void response.writeHead(416, { 'content-range': `bytes */${info.bytes}`, 'content-length': 0 }).end()
  const [from, to] = range ?? [0, info.bytes - 1]
  const part = range ? { 'content-range': `bytes ${from}-${to}/${info.bytes}` } : {}
  const head = () => response.writeHead(range ? 206 : 200, { ...headers, ...part, 'content-length': to - from + 1 })
  if (request.method === 'HEAD') return void head().end()
  try {
    // An object of one chunk is known to be whole before the first byte goes out.
    const pieces = await begun(cutTo(chunks, from, to))
    await pipeline(Readable.from(pieces, { highWaterMark: 2 }), head())
  } catch (error) {
    // A client that went away is no failure of ours.
    if (gone.signal.aborted && !isQuesnayError(error)) return
    if (isQuesnayError(error) && error.code === 'OBJECT_DAMAGED') {
      log.error({ err: error, requestId }, 'a stored file is damaged and was deleted')
      await objects.delete(name).catch(() => undefined)
    }
    throw error
  }
}

const etagOf = ({ sha256 }: ObjectInfo) => `"${sha256}"`

function headersOf(info: ObjectInfo, now: number): Record<string, string> {
  const { type = 'application/octet-stream', fileName = 'result' } = info.about
  const seconds = info.expiresAt === null ? 3600 : Math.max(0, Math.floor((info.expiresAt - now) / 1000))
  return {
    'content-type': type,
    'content-disposition': `attachment; filename="${fileName}"`,
    etag: etagOf(info),
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    // Bytes that are hashed are passed on as they are.
    'cache-control': `private, no-transform, max-age=${Math.min(3600, seconds)}`,
  }
}

/** The one range asked for; undefined for the whole, also where the range is of an older file or of several parts. */
function rangeOf({ headers }: IncomingMessage, info: ObjectInfo): Range | 'beyond' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? []
  const stale = headers['if-range'] !== undefined && headers['if-range'] !== etagOf(info)
  if ((first === '' && last === '') || stale) return undefined
  const end = info.bytes - 1
  const range: Range =
    first === '' ? [Math.max(0, info.bytes - Number(last)), end] : [Number(first), Math.min(end, Number(last || end))]
  return range[0] > end || range[0] > range[1] ? 'beyond' : range
}

/** Bytes from..to of the chunks; the last of them come when all chunks were read, and so the whole is known to be right. */
async function* cutTo(chunks: AsyncIterable<Uint8Array>, from: number, to: number): AsyncGenerator<Uint8Array> {
  let at = 0
  let held: Uint8Array | undefined
  for await (const chunk of chunks) {
    const part = chunk.subarray(Math.max(0, from - at), Math.max(0, to + 1 - at))
    at += chunk.byteLength
    if (part.byteLength === 0) continue
    if (held) yield held
    held = part
  }
  if (held) yield held
}

/** The same pieces, the first of which is there already. */
async function begun(pieces: AsyncGenerator<Uint8Array>): Promise<AsyncGenerator<Uint8Array>> {
  const first = await pieces.next()
  return (async function* () {
    if (first.done) return
    yield first.value
    yield* pieces
  })()
}
