// A stored result read in slices: what is larger than a process should hold passes through it piece by piece.
import { verified } from '../../infra/bus/chunks.ts'
import type { Bytes, Sql } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { asFloats } from './blobs.ts'
import type { JobKey } from './context.ts'
import { bodyOffset, headerIn, prefixBytes } from './result-frame.ts'

/** Bytes read at a time. A bytea whose storage is external is read in slices without the rest of it. */
const SLICE_BYTES = 1024 * 1024

export interface ResultStream {
  /** SHA-256 of the whole: the run's result hash. */
  readonly sha256: string
  readonly bytes: number
  readonly header: { readonly kind: string }
  /** All bytes as they are stored; OBJECT_DAMAGED instead of the last ones where they have another hash. */
  whole(): AsyncGenerator<Uint8Array>
  /**
   * The `count` f64 values at each of the places, which are counted in values from the beginning of the body. NOT_FOUND where the
   * result was deleted meanwhile.
   */
  values(places: readonly number[], count: number): Promise<Float64Array<ArrayBuffer>[]>
}

/** Opens the result of a job; undefined where it has none. INTERNAL where its bytes are not of the layout of results. */
export async function openResult(store: Sql & Bytes, { tenant, jobId }: JobKey): Promise<ResultStream | undefined> {
  const [row] = await store.query<{ result_hash: string; size: number }>(
    'select result_hash, octet_length(bytes) as size from fleet.result where tenant = $1 and job_id = $2',
    [tenant, jobId],
  )
  if (!row) return undefined
  const { result_hash: sha256, size: bytes } = row

  const slice = async (from: number, length: number) => (await slices([from], length))[0] as Buffer
  async function slices(places: readonly number[], length: number): Promise<Buffer[]> {
    const read = await store.bytes(
      `select substring(r.bytes from place.at::int + 1 for $4)
       from fleet.result r, unnest($3::bigint[]) with ordinality as place (at, n)
       where r.tenant = $1 and r.job_id = $2 order by place.n`,
      [tenant, jobId, places, length],
    )
    if (read.length === places.length && read.every((each) => each.byteLength === length)) return read
    throw new QuesnayError('NOT_FOUND', 'the result was deleted while it was read', { jobId })
  }

  const headerBytes = prefixBytes(await slice(0, Math.min(8, bytes)))
  const header = headerIn(await slice(8, Math.min(headerBytes, bytes - 8)))
  const body = bodyOffset(headerBytes)

  async function* all(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes; from += SLICE_BYTES) yield await slice(from, Math.min(SLICE_BYTES, bytes - from))
  }
  return {
    sha256,
    bytes,
    header,
    whole: () => verified(all(), { name: sha256, bytes, sha256 }),
    async values(places, count) {
      const read = await slices(
        places.map((place) => body + place * 8),
        count * 8,
      )
      return read.map(asFloats)
    },
  }
}
