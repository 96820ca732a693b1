// The bytes of a merged result: what is stored, and what a result hash is the SHA-256 of.
//
// offset  bytes
// 0       4      "QZR1"
// 4       4      length of the header in bytes, u32 little-endian
// 8       n      header: canonical JSON { kind, lanes, outputs: [{ name, unit }], probabilities, times }, UTF-8
// 8 + n   0..7   zeros up to a multiple of 8
// ...            f64 little-endian, [output][saved time] row-major:
//                ENSEMBLE: mean, standard deviation, then one array per probability in the header's order
//                LANES: [output][saved time][lane]
// Nothing in it depends on how the lanes were cut into shards.
import { QuesnayError } from '../../schema/errors.ts'
import { canonicalJson } from '../../schema/hash.ts'
import type { ResultSpec } from '../../schema/jobs.ts'
import { type Plan, savedTimes } from '../model/plan.ts'
import { asFloats, bytesOf } from './blobs.ts'
import type { RunResult } from './port.ts'

const MAGIC = 'QZR1'

export interface ResultHeader {
  readonly kind: ResultSpec['kind']
  readonly lanes: number
  readonly outputs: readonly { readonly name: string; readonly unit: string }[]
  readonly times: readonly number[]
  /** Empty for LANES. */
  readonly probabilities: readonly number[]
}

export function headerOf(plan: Plan, lanes: number, spec: ResultSpec): ResultHeader {
  return {
    kind: spec.kind,
    lanes,
    outputs: plan.outputs.map(({ name, unit }) => ({ name, unit })),
    times: savedTimes(plan),
    probabilities: spec.kind === 'ENSEMBLE' ? spec.probabilities : [],
  }
}

/** Number of f64 of each array of the body, in their order. */
export function arrayLengths(header: ResultHeader): number[] {
  const rows = header.outputs.length * header.times.length
  if (header.kind === 'LANES') return [rows * header.lanes]
  return new Array<number>(2 + header.probabilities.length).fill(rows)
}

/** A result's bytes from its header and the arrays of its body. */
export function encodeResult(header: ResultHeader, arrays: readonly Float64Array[]): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(canonicalJson(header))
  const bodyAt = bodyOffset(text.byteLength)
  const bytes = new Uint8Array(bodyAt + 8 * arrays.reduce((sum, array) => sum + array.length, 0))
  bytes.set(new TextEncoder().encode(MAGIC))
  new DataView(bytes.buffer).setUint32(4, text.byteLength, true)
  bytes.set(text, 8)
  let at = bodyAt
  for (const array of arrays) {
    bytes.set(bytesOf(array), at)
    at += array.byteLength
  }
  return bytes
}

/** Reads a result's bytes. INTERNAL where they are not of this layout. */
export function decodeResult(bytes: Uint8Array): RunResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < 8 || new TextDecoder().decode(bytes.subarray(0, 4)) !== MAGIC)
    throw damaged('begins otherwise')
  const headerBytes = view.getUint32(4, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes))) as ResultHeader
  const lengths = arrayLengths(header)
  const bodyAt = bodyOffset(headerBytes)
  const expected = bodyAt + 8 * lengths.reduce((sum, length) => sum + length, 0)
  if (bytes.byteLength !== expected) throw damaged(`has ${bytes.byteLength} bytes, not ${expected}`)
  let at = bodyAt
  const arrays = lengths.map((length) => {
    const from = at
    at += 8 * length
    return asFloats(bytes.subarray(from, at))
  })
  const [first = new Float64Array(), sd = new Float64Array(), ...quantiles] = arrays
  const { outputs, times, lanes, probabilities } = header
  if (header.kind === 'LANES') return { kind: 'LANES', outputs, times, lanes, values: first }
  return { kind: 'ENSEMBLE', outputs, times, probabilities, mean: first, sd, quantiles }
}

const bodyOffset = (headerBytes: number) => Math.ceil((8 + headerBytes) / 8) * 8

function damaged(how: string): QuesnayError {
  return new QuesnayError('INTERNAL', `a stored result ${how}`, { suggestion: 'verify the run to compute it again' })
}
