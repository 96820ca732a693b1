// The bytes of a merged result in their frame (result-frame.ts):
//
// header  { kind, lanes, outputs: [{ name, unit }], probabilities, times }; of POPULATION see population-bytes.ts
// body    [output][saved time] row-major:
//         ENSEMBLE: mean, standard deviation, then one array per probability in the header's order
//         LANES: [output][saved time][lane]
// Nothing in it depends on how the lanes were cut into shards.
import type { ResultSpec } from '../../schema/jobs.ts'
import { type Plan, savedTimes } from '../model/plan.ts'
import { populationOf } from './population-bytes.ts'
import type { RunResult } from './port.ts'
import { emptyFrame, framed, unframed } from './result-frame.ts'

/** Kinds that are merged row by row. */
export type RowSpec = Exclude<ResultSpec, { kind: 'POPULATION' }>

export interface ResultHeader {
  readonly kind: RowSpec['kind']
  readonly lanes: number
  readonly outputs: readonly { readonly name: string; readonly unit: string }[]
  readonly times: readonly number[]
  /** Empty for LANES. */
  readonly probabilities: readonly number[]
}

export function headerOf(plan: Plan, lanes: number, spec: RowSpec): ResultHeader {
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

/** A result's bytes whose arrays are still to be filled in. */
export function emptyResult(header: ResultHeader): ReturnType<typeof emptyFrame> {
  return emptyFrame(header, arrayLengths(header))
}

/** A result's bytes from its header and the arrays of its body. */
export function encodeResult(header: ResultHeader, arrays: readonly Float64Array[]): Uint8Array<ArrayBuffer> {
  return framed(header, arrays)
}

/** Reads a result's bytes. INTERNAL where they are not of this layout. */
export function decodeResult(bytes: Uint8Array): RunResult {
  const frame = unframed(bytes)
  if (frame.header.kind === 'POPULATION') return populationOf(frame)
  const header = frame.header as ResultHeader
  const { outputs, times, lanes, probabilities } = header
  const [first = new Float64Array(), sd = new Float64Array(), ...quantiles] = frame.arrays(arrayLengths(header))
  if (header.kind === 'LANES') return { kind: 'LANES', outputs, times, lanes, values: first }
  return { kind: 'ENSEMBLE', outputs, times, probabilities, mean: first, sd, quantiles }
}
