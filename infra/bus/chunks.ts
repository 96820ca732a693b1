// Bytes in chunks: cut to one length, counted and hashed as they pass.
import { createHash } from 'node:crypto'
import { QuesnayError } from '../../schema/errors.ts'

/** As the clients of NATS have it: some 800 exchanges for 100 MB, and little to hold. */
export const CHUNK_BYTES = 128 * 1024

export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** The same bytes in chunks of CHUNK_BYTES, the last one shorter; none of them is empty. A chunk is the reader's own. */
export async function* evenly(chunks: Chunks): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let held = new Uint8Array(CHUNK_BYTES)
  let at = 0
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.byteLength; ) {
      const part = chunk.subarray(from, from + CHUNK_BYTES - at)
      held.set(part, at)
      at += part.byteLength
      from += part.byteLength
      if (at < CHUNK_BYTES) continue
      yield held
      held = new Uint8Array(CHUNK_BYTES)
      at = 0
    }
  }
  if (at > 0) yield held.subarray(0, at)
}

/** Length and hash of what it has passed on. */
export class Tally {
  readonly #hash = createHash('sha256')
  bytes = 0

  add(chunk: Uint8Array): void {
    this.bytes += chunk.byteLength
    this.#hash.update(chunk)
  }

  /** Lower-case hex SHA-256; once. */
  sha256(): string {
    return this.#hash.digest('hex')
  }
}

/**
 * Passes chunks on, holding each back until the next one comes and the last until the whole is of the length and hash given: a reader
 * that counts never takes a damaged object for a whole one. OBJECT_DAMAGED.
 */
export async function* verified(
  chunks: AsyncIterable<Uint8Array>,
  { name, bytes, sha256 }: { readonly name: string; readonly bytes: number; readonly sha256: string },
): AsyncGenerator<Uint8Array> {
  const tally = new Tally()
  let held: Uint8Array | undefined
  for await (const chunk of chunks) {
    if (held) yield held
    held = chunk
    tally.add(chunk)
    if (tally.bytes > bytes) throw damaged(name, `has more than its ${bytes} bytes`)
  }
  if (tally.bytes < bytes) throw damaged(name, `ends after ${tally.bytes} of ${bytes} bytes`)
  if (tally.sha256() !== sha256) throw damaged(name, 'has another hash')
  if (held) yield held
}

export function damaged(name: string, how: string): QuesnayError {
  return new QuesnayError('OBJECT_DAMAGED', `the stored object ${name} ${how}`, { name })
}

export function tooLarge(name: string, limit: number): QuesnayError {
  return new QuesnayError('LIMIT_EXCEEDED', `the object ${name} is larger than ${limit} bytes`, { path: 'name', limit })
}

export function isGone(name: string): QuesnayError {
  return new QuesnayError('NOT_FOUND', `the object ${name} was deleted or expired while it was read`, { name })
}
