// The bytes of a file piece by piece, unpacked where they are gzipped.
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { breathe, UnreadableFile } from './columnar-file.ts'

/** Of a file once unpacked. */
export const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
const CHUNK_BYTES = 128 * 1024

/** RFC 1952: the first two bytes. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/**
 * Pieces of at most 128 KiB; other work goes on between them.
 * @throws UnreadableFile GZIP_UNREADABLE, TOO_LARGE
 */
export async function* chunksOf(bytes: Uint8Array, maxBytes = MAX_UNPACKED_BYTES): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const chunk of isGzip(bytes) ? unpacked(bytes) : slices(bytes)) {
    length += chunk.length
    if (length > maxBytes)
      throw new UnreadableFile('TOO_LARGE', `the file is longer than ${maxBytes / 2 ** 20} MiB`, 'import a part of it')
    yield chunk
    await breathe()
  }
}

/** All of it, unpacked where it is gzipped. */
export async function wholeOf(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes
  const chunks: Uint8Array[] = []
  for await (const chunk of chunksOf(bytes, maxBytes)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function* unpacked(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  try {
    yield* Readable.from(slices(bytes)).pipe(createGunzip({ chunkSize: CHUNK_BYTES }))
  } catch (cause) {
    const why = (cause as Error).message
    throw new UnreadableFile('GZIP_UNREADABLE', `the file cannot be unpacked: ${why}`, 'pack it again', 'file', {
      cause,
    })
  }
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}
