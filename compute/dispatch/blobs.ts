// Content-addressed values in the store: what is known by its SHA-256 is written once per tenant.

import type { Bytes, Sql } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'

/** A blob is sent and read in one piece. */
export const MAX_BLOB_BYTES = 64 * 1024 * 1024

/** Stores bytes under their SHA-256 and returns it; equal bytes are stored once. LIMIT_EXCEEDED above 64 MiB. */
export async function saveBlob(sql: Sql, tenant: string, bytes: Uint8Array): Promise<string> {
  const hash = sha256(bytes)
  await saveHashed(sql, tenant, hash, bytes)
  return hash
}

/** Stores bytes whose hash is known already. */
export async function saveHashed(sql: Sql, tenant: string, hash: string, bytes: Uint8Array): Promise<void> {
  const there = await sql.query('select from fleet.blob where tenant = $1 and sha256 = $2', [tenant, hash])
  if (there.length === 0) await saveMissing(sql, tenant, new Map([[hash, bytes]]), new Set())
}

/** Stores those bytes whose hashes are not there. LIMIT_EXCEEDED above 64 MiB, and then none. */
export async function saveMissing(
  sql: Sql,
  tenant: string,
  blobs: ReadonlyMap<string, Uint8Array>,
  there: ReadonlySet<string>,
): Promise<void> {
  for (const { byteLength } of blobs.values()) {
    if (byteLength <= MAX_BLOB_BYTES) continue
    throw new QuesnayError('LIMIT_EXCEEDED', `a stored value of ${byteLength} bytes is too large`, {
      limit: MAX_BLOB_BYTES,
    })
  }
  for (const [hash, bytes] of blobs) {
    if (there.has(hash)) continue
    await sql.query('insert into fleet.blob (tenant, sha256, bytes) values ($1, $2, $3) on conflict do nothing', [
      tenant,
      hash,
      asBuffer(bytes),
    ])
  }
}

/** Reads a blob of this tenant. NOT_FOUND where it has none of this hash. */
export async function loadBlob(store: Bytes, tenant: string, hash: string): Promise<Uint8Array> {
  const [bytes] = await store.bytes('select bytes from fleet.blob where tenant = $1 and sha256 = $2', [tenant, hash])
  if (bytes) return bytes
  throw new QuesnayError('NOT_FOUND', `no stored value ${hash}`, { path: 'sha256' })
}

/** Deletes blobs of this tenant; hashes that it does not have are passed over. */
export async function deleteBlobs(sql: Sql, tenant: string, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return
  await sql.query('delete from fleet.blob where tenant = $1 and sha256 = any($2::text[])', [tenant, hashes])
}

/** NOT_FOUND where the tenant has no blob of a hash; BAD_INPUT where it does not hold so many f64 values. */
export async function assertColumnsStored(
  sql: Sql,
  tenant: string,
  lengths: ReadonlyMap<string, number>,
): Promise<void> {
  if (lengths.size === 0) return
  const rows = await sql.query<{ sha256: string; size: number }>(
    'select sha256, octet_length(bytes) as size from fleet.blob where tenant = $1 and sha256 = any($2::text[])',
    [tenant, [...lengths.keys()]],
  )
  const sizes = new Map(rows.map(({ sha256: hash, size }) => [hash, size]))
  for (const [hash, length] of lengths) {
    const size = sizes.get(hash)
    if (size === undefined) throw new QuesnayError('NOT_FOUND', `no stored column ${hash}`, { path: 'columns' })
    if (size === length * 8) continue
    const message = `the stored column ${hash} has ${size / 8} values, not ${length}`
    throw new QuesnayError('BAD_INPUT', message, { path: 'columns', expected: length })
  }
}

/** Reads f64 values from..to-1 of a blob of little-endian f64. NOT_FOUND; INTERNAL where the blob is shorter. */
export async function loadColumnSlice(
  store: Bytes,
  tenant: string,
  hash: string,
  from: number,
  to: number,
): Promise<Float64Array<ArrayBuffer>> {
  const [bytes] = await store.bytes(
    'select substring(bytes from $3 for $4) from fleet.blob where tenant = $1 and sha256 = $2',
    [tenant, hash, from * 8 + 1, (to - from) * 8],
  )
  if (!bytes) throw new QuesnayError('NOT_FOUND', `no stored column ${hash}`, { path: 'columns' })
  const values = asFloats(bytes)
  if (values.length === to - from) return values
  throw new QuesnayError('INTERNAL', `the stored column ${hash} ends before lane ${to}`, { path: 'columns' })
}

/** The bytes as the driver takes them, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A copy of little-endian bytes as f64, aligned; a trailing part of a value is dropped. WebAssembly and every host of Node are little-endian. */
export function asFloats(bytes: Uint8Array): Float64Array<ArrayBuffer> {
  const floats = new Float64Array(Math.floor(bytes.byteLength / 8))
  new Uint8Array(floats.buffer).set(bytes.subarray(0, floats.byteLength))
  return floats
}

/** The bytes of f64 values, without a copy. */
export function bytesOf(floats: Float64Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)
}
