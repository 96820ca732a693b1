// The benchmark's peer: the same network as one would write it by hand, typed arrays and Math, one draw after the other.
import type { Network } from './network.ts'

/**
 * Runs draws with the coefficients given (f64[draw][mechanism]); results f64[output][step + 1][draw].
 * Mechanisms are grouped by form, so that no inner loop branches.
 */
export function runPlain(network: Network, coefficients: Float64Array, draws: number): Float64Array {
  const { stocks, mechanisms, outputs, steps, dt } = network
  const n = stocks.length
  const count = mechanisms.length
  const of = (form: string) => mechanisms.flatMap((m, i) => (m.form === form ? [i] : []))
  const [linear, sigmoid, logarithmic] = [of('linear'), of('sigmoid'), of('logarithmic')].map((ids) =>
    Int32Array.from(ids),
  )
  const from = Int32Array.from(mechanisms, (m) => m.from)
  const to = Int32Array.from(mechanisms, (m) => m.to)
  const ceiling = Float64Array.from(mechanisms, (m) => m.ceiling)
  const slope = Float64Array.from(mechanisms, (m) => m.slope)
  const midpoint = Float64Array.from(mechanisms, (m) => m.midpoint)
  const decay = Float64Array.from(stocks, (s) => s.decay)
  const reference = Float64Array.from(stocks, (s) => s.reference)
  const max = Float64Array.from(stocks, (s) => s.max)
  const results = new Float64Array(outputs.length * (steps + 1) * draws)
  const state = new Float64Array(n)
  const flow = new Float64Array(n)
  for (let draw = 0; draw < draws; draw++) {
    const a = coefficients.subarray(draw * count, (draw + 1) * count)
    for (let i = 0; i < n; i++) state[i] = stocks[i]!.initial
    for (let step = 0; ; step++) {
      for (let o = 0; o < outputs.length; o++) results[(o * (steps + 1) + step) * draws + draw] = state[outputs[o]!]!
      if (step === steps) break
      for (let i = 0; i < n; i++) flow[i] = -decay[i]! * (state[i]! - reference[i]!)
      for (let k = 0; k < linear!.length; k++) {
        const m = linear![k]!
        flow[to[m]!]! += a[m]! * state[from[m]!]!
      }
      for (let k = 0; k < sigmoid!.length; k++) {
        const m = sigmoid![k]!
        flow[to[m]!]! += (a[m]! * ceiling[m]!) / (1 + Math.exp(-slope[m]! * (state[from[m]!]! - midpoint[m]!)))
      }
      for (let k = 0; k < logarithmic!.length; k++) {
        const m = logarithmic![k]!
        flow[to[m]!]! += a[m]! * Math.log1p(state[from[m]!]!)
      }
      for (let i = 0; i < n; i++) {
        const next = state[i]! + dt * flow[i]!
        state[i] = Math.min(Math.max(next, 0), max[i]!)
      }
    }
  }
  return results
}
