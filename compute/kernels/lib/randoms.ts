// Random parameters: one value per draw, a pure function of (seed, draw, stream). compute/model/random.ts is the twin.
import { normalQuantiles } from './as241'
import { expBlock } from './exp'
import { SCRATCH, SLOT_BYTES } from './layout'
import { address } from './operands'
import { fillUniform } from './philox'

/** The greatest double below 1, and the least normal one: a probability is held between them. */
const BELOW_ONE: f64 = 0.9999999999999999
const ABOVE_ZERO: f64 = 2.2250738585072014e-308

const TRUNCATED: u32 = 1
const LOG_NORMAL: u32 = 2
const UNIFORM: u32 = 3

/** Behind the areas of the logarithm. */
const UNIFORMS: usize = SCRATCH + 4 * SLOT_BYTES
const NORMALS: usize = SCRATCH + 5 * SLOT_BYTES

/** out = a + b * values */
@inline
function scale(out: usize, values: usize, a: f64, b: f64): void {
  const offset = f64x2.splat(a)
  const factor = f64x2.splat(b)
  for (let i: usize = 0; i < SLOT_BYTES; i += 16) {
    v128.store(out + i, f64x2.add(offset, f64x2.mul(factor, v128.load(values + i))))
  }
}

@inline
function hold(values: usize, low: f64, high: f64): void {
  const least = f64x2.splat(low)
  const most = f64x2.splat(high)
  for (let i: usize = 0; i < SLOT_BYTES; i += 16) {
    v128.store(values + i, f64x2.min(f64x2.max(v128.load(values + i), least), most))
  }
}

/**
 * Fills the slot of one random parameter for the block of draws from `firstDraw` on.
 * Record: [slot, kind, stream, 0, a, b, probability, span, min, max].
 * normal: a + b z; truncated: a + b z at probability + span u, held in [min, max]; log-normal: exp(a + b z);
 * uniform: a + b u.
 */
export function fillRandom(at: usize, firstDraw: u32, key0: u32, key1: u32): void {
  const out = address(load<u32>(at))
  const kind = load<u32>(at, 4)
  const a = load<f64>(at, 16)
  const b = load<f64>(at, 24)
  fillUniform(UNIFORMS, firstDraw, load<u32>(at, 8), key0, key1)
  if (kind == UNIFORM) return scale(out, UNIFORMS, a, b)
  if (kind == TRUNCATED) {
    scale(UNIFORMS, UNIFORMS, load<f64>(at, 32), load<f64>(at, 40))
    hold(UNIFORMS, ABOVE_ZERO, BELOW_ONE)
  }
  normalQuantiles(NORMALS, UNIFORMS)
  if (kind == LOG_NORMAL) {
    scale(UNIFORMS, NORMALS, a, b)
    expBlock(out, UNIFORMS, SLOT_BYTES)
    return
  }
  scale(out, NORMALS, a, b)
  if (kind == TRUNCATED) hold(out, load<f64>(at, 48), load<f64>(at, 56))
}
