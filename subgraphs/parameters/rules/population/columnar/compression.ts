// What Arrow and Parquet files are packed with, unpacked up to a limit. Loaded when first asked for.
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Compressors } from 'hyparquet'
import { unpackLz4Frame } from './lz4-frame.ts'

/** Of one page or buffer once unpacked: a megabyte of rows has 8 MiB in each column. */
const MAX_BYTES = 128 * 1024 * 1024

type Unpack = (packed: Uint8Array) => Uint8Array

export interface Unpackers {
  readonly parquet: Compressors
  readonly zstd: Unpack
  readonly lz4Frame: Unpack
}

/** The unpackers of a format; each throws where the bytes are broken or become too many. */
export async function compressors(): Promise<Unpackers> {
  const { compressors: all, decompressLz4Raw, decompressZstd } = await import('hyparquet-compressors')
  const bounded =
    (unpack: (packed: Uint8Array, length: number) => Uint8Array) =>
    (packed: Uint8Array, length: number): Uint8Array => {
      if (length > MAX_BYTES) throw new Error(`a page of ${length} bytes is too long`)
      return unpack(packed, length)
    }
  const parquet: Compressors = {
    SNAPPY: bounded(all.SNAPPY!),
    // A member may be followed by others, as some writers do.
    GZIP: bounded((packed, length) => gunzipSync(packed, { maxOutputLength: Math.max(length, 1) })),
    BROTLI: bounded((packed, length) => brotliDecompressSync(packed, { maxOutputLength: Math.max(length, 1) })),
    ZSTD: bounded((packed, length) => decompressZstd(packed, new Uint8Array(length))),
    LZ4: bounded(all.LZ4!),
    LZ4_RAW: bounded(decompressLz4Raw),
  }
  return {
    parquet,
    zstd: (packed) => decompressZstd(packed, new Uint8Array(zstdLength(packed))),
    lz4Frame: (packed) => unpackLz4Frame(packed, MAX_BYTES),
  }
}

/** The content size that a Zstandard frame states (RFC 8878, 3.1.1.1), as Arrow's writers do. */
function zstdLength(packed: Uint8Array): number {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  const descriptor = view.getUint8(4)
  const single = (descriptor & 0x20) !== 0
  const dictionary = [0, 1, 2, 4][descriptor & 3]!
  const at = 5 + (single ? 0 : 1) + dictionary
  const kind = descriptor >> 6
  if (kind === 0 && !single) throw new Error('a Zstandard frame does not say how long it is')
  const length =
    kind === 0
      ? view.getUint8(at)
      : kind === 1
        ? view.getUint16(at, true) + 256
        : kind === 2
          ? view.getUint32(at, true)
          : Number(view.getBigUint64(at, true))
  if (length > MAX_BYTES) throw new Error(`a buffer of ${length} bytes is too long`)
  return length
}
