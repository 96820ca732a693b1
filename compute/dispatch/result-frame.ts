// The frame of a result's bytes: what is stored, and what a result hash is the SHA-256 of.
//
// offset  bytes
// 0       4      "QZR1"
// 4       4      length of the header in bytes, u32 little-endian
// 8       n      header: canonical JSON, UTF-8
// 8 + n   0..7   zeros up to a multiple of 8
// ...            f64 little-endian: the arrays that the header speaks of
import { QuesnayError } from '../../schema/errors.ts'
import { canonicalJson } from '../../schema/hash.ts'
import { asFloats } from './blobs.ts'

const MAGIC = 'QZR1'

/** Bytes of a header and the arrays behind it. */
export function framed(header: unknown, arrays: readonly Float64Array[]): Uint8Array<ArrayBuffer> {
  const frame = emptyFrame(
    header,
    arrays.map(({ length }) => length),
  )
  for (const [i, array] of arrays.entries()) frame.arrays[i]?.set(array)
  return frame.bytes
}

/** Bytes of a header, and behind it arrays of zeros to be filled in where they lie: what is large is held once. */
export function emptyFrame(
  header: unknown,
  lengths: readonly number[],
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly arrays: Float64Array<ArrayBuffer>[] } {
  const text = new TextEncoder().encode(canonicalJson(header))
  const bodyAt = bodyOffset(text.byteLength)
  const bytes = new Uint8Array(bodyAt + 8 * lengths.reduce((sum, length) => sum + length, 0))
  bytes.set(new TextEncoder().encode(MAGIC))
  new DataView(bytes.buffer).setUint32(4, text.byteLength, true)
  bytes.set(text, 8)
  let at = bodyAt
  const arrays = lengths.map((length) => {
    const array = new Float64Array(bytes.buffer, at, length)
    at += array.byteLength
    return array
  })
  return { bytes, arrays }
}

export interface Frame {
  readonly header: { readonly kind: string }
  /** The arrays, of so many f64 each. INTERNAL where the bytes are not of that length. */
  arrays(lengths: readonly number[]): Float64Array[]
}

/** Takes bytes apart. INTERNAL where they are not of this layout. */
export function unframed(bytes: Uint8Array): Frame {
  const headerBytes = prefixBytes(bytes)
  const header = headerIn(bytes.subarray(8, 8 + headerBytes))
  const arrays = (lengths: readonly number[]) => {
    let at = bodyOffset(headerBytes)
    const expected = at + 8 * lengths.reduce((sum, length) => sum + length, 0)
    if (bytes.byteLength !== expected) throw damaged(`has ${bytes.byteLength} bytes, not ${expected}`)
    return lengths.map((length) => {
      const from = at
      at += 8 * length
      return asFloats(bytes.subarray(from, at))
    })
  }
  return { header, arrays }
}

/** Length of the header that the first 8 bytes announce. INTERNAL where they are not of this layout. */
export function prefixBytes(bytes: Uint8Array): number {
  if (bytes.byteLength < 8 || new TextDecoder().decode(bytes.subarray(0, 4)) !== MAGIC)
    throw damaged('begins otherwise')
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true)
}

/** The header of which these are the bytes. */
export function headerIn(bytes: Uint8Array): Frame['header'] {
  return JSON.parse(new TextDecoder().decode(bytes))
}

/** Where the arrays begin behind a header of so many bytes. */
export const bodyOffset = (headerBytes: number) => Math.ceil((8 + headerBytes) / 8) * 8

function damaged(how: string): QuesnayError {
  return new QuesnayError('INTERNAL', `a stored result ${how}`, { suggestion: 'verify the run to compute it again' })
}
