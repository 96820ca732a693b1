// Delays: what a value was some steps ago, kept in a ring of blocks.
import { BLOCK_LANES, RING_BYTES, RINGS_AT, RINGS_END, SLOT_BYTES } from './layout'
import { address, copySlot, field } from './operands'

/** Steps of a delay: rounded, at least 1, at most the length of the ring; of NaN 1. */
@inline
function stepsOf(delay: f64, length: u32): u32 {
  const steps = floor(delay + 0.5)
  if (!(steps >= 1)) return 1
  return steps < <f64>length ? <u32>steps : length
}

/** Fills the rings with their initial values, as if they had always been so. */
export function beginRings(): void {
  for (let p: usize = field(RINGS_AT), end: usize = field(RINGS_END); p < end; p += RING_BYTES) {
    let at: usize = load<u32>(p, 20)
    for (const behind = at + <usize>load<u32>(p, 16) * SLOT_BYTES; at < behind; at += SLOT_BYTES) {
      copySlot(at | 1, load<u32>(p, 4))
    }
  }
}

/** Sets each delayed value to what its input was. What was put in at step m stands at place m mod length. */
export function readRings(step: u32): void {
  for (let p: usize = field(RINGS_AT), end: usize = field(RINGS_END); p < end; p += RING_BYTES) {
    const out = address(load<u32>(p))
    const word = load<u32>(p, 12)
    const length = load<u32>(p, 16)
    const buffer = <usize>load<u32>(p, 20)
    const now = step % length
    const delay = address(word)
    if (!(word & 1)) {
      const back = stepsOf(load<f64>(delay), length)
      const place = now >= back ? now - back : now + length - back
      memory.copy(out, buffer + <usize>place * SLOT_BYTES, SLOT_BYTES)
      continue
    }
    for (let i: usize = 0; i < <usize>BLOCK_LANES << 3; i += 8) {
      const back = stepsOf(load<f64>(delay + i), length)
      const place = now >= back ? now - back : now + length - back
      store<f64>(out + i, load<f64>(buffer + <usize>place * SLOT_BYTES + i))
    }
  }
}

/** Puts the inputs of a step in, once it is evaluated. */
export function fillRings(step: u32): void {
  for (let p: usize = field(RINGS_AT), end: usize = field(RINGS_END); p < end; p += RING_BYTES) {
    const place = <usize>(step % load<u32>(p, 16))
    copySlot((<usize>load<u32>(p, 20) + place * SLOT_BYTES) | 1, load<u32>(p, 8))
  }
}
