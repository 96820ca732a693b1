// Random parameters: one value per draw, a pure function of (seed, draw, stream).
import { normalQuantile } from './as241'
import { exp } from './exp'
import { BLOCK_LANES } from './layout'
import { uniform } from './philox'

/** The greatest double below 1, and the least normal one: a probability is held between them. */
const BELOW_ONE: f64 = 0.9999999999999999
const ABOVE_ZERO: f64 = 2.2250738585072014e-308

const NORMAL: u32 = 0
const TRUNCATED: u32 = 1
const LOG_NORMAL: u32 = 2

/**
 * Fills one slot for draws firstDraw .. firstDraw + 31. Record: [slot, kind, stream, 0, a, b, probability, span, min, max].
 * normal: a + b z; truncated: a + b z at probability + span u, held in [min, max]; log-normal: exp(a + b z); uniform: a + b u.
 */
export function fillRandom(at: usize, firstDraw: u32, key0: u32, key1: u32): void {
  const out = <usize>load<u32>(at)
  const kind = load<u32>(at, 4)
  const stream = load<u32>(at, 8)
  const a = load<f64>(at, 16)
  const b = load<f64>(at, 24)
  for (let lane: u32 = 0; lane < BLOCK_LANES; lane++) {
    const u = uniform(firstDraw + lane, stream, key0, key1)
    let value: f64
    if (kind == NORMAL) {
      value = a + b * normalQuantile(u)
    } else if (kind == TRUNCATED) {
      const p = min(max(load<f64>(at, 32) + load<f64>(at, 40) * u, ABOVE_ZERO), BELOW_ONE)
      value = min(max(a + b * normalQuantile(p), load<f64>(at, 48)), load<f64>(at, 56))
    } else if (kind == LOG_NORMAL) {
      value = exp(a + b * normalQuantile(u))
    } else {
      value = a + b * u
    }
    store<f64>(out + (<usize>lane << 3), value)
  }
}
