// Uniform numbers: one per row, or one per row and step; a pure function of (seed, row, stream, step).
import * as at from './layout'
import { absoluteRow, address, extent, field, level } from './operands'
import { fillUniform } from './philox'

/** Fills the slots of the uniform numbers that are drawn once, or of those that are drawn at each step. */
export function drawUniforms(everyStep: u32, step: u32): void {
  const key0 = field(at.SEED_LOW)
  const key1 = field(at.SEED_HIGH)
  for (let p: usize = field(at.UNIFORMS_AT), end: usize = field(at.UNIFORMS_END); p < end; p += at.UNIFORM_BYTES) {
    if (load<u32>(p, 8) != everyStep) continue
    const slot = <usize>load<u32>(p)
    const out = address(slot)
    let row = absoluteRow(level(slot))
    for (let i: usize = 0, bytes = extent(slot); i < bytes; i += at.SLOT_BYTES, row += at.BLOCK_LANES) {
      fillUniform(out + i, row, load<u32>(p, 4), step, key0, key1)
    }
  }
}
