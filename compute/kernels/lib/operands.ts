// Reads a call: fields of the header, and the operand words of a record.
// A word is the address of a slot, which begins a cache line, plus 1 where the slot has a value per lane.
import { HEADER, LINE_BYTES, SLOT_BYTES } from './layout'

/** A u32 field of the header. */
@inline
export function field(offset: usize): u32 {
  return load<u32>(HEADER + offset)
}

/** Operand word of an operation's record: 0 is the result, 1 the first operand. */
@inline
export function word(at: usize, operand: usize): usize {
  return load<u32>(at + 4 + (operand << 2))
}

@inline
export function address(word: usize): usize {
  return word & ~1
}

/** How far to go from one group of eight lanes to the next: nowhere, where the value is the same in all. */
@inline
export function stride(word: usize): usize {
  return (word & 1) * LINE_BYTES
}

@inline
export function size(word: usize): usize {
  return word & 1 ? SLOT_BYTES : LINE_BYTES
}

/** Fills a slot with one value. */
export function splat(word: usize, value: f64): void {
  const both = f64x2.splat(value)
  const at = address(word)
  for (let i: usize = 0; i < size(word); i += 16) v128.store(at + i, both)
}

/** Copies a slot over another; one value spreads over all lanes. */
export function copySlot(to: usize, from: usize): void {
  const out = address(to)
  for (let i: usize = 0, a = address(from); i < size(to); i += LINE_BYTES, a += stride(from)) {
    memory.copy(out + i, a, LINE_BYTES)
  }
}

/** Address where the operand stands with as many values as the result: its own, or `spare`, to which it is spread. */
@inline
export function aligned(operand: usize, result: usize, spare: usize): usize {
  if (((operand ^ result) & 1) == 0) return address(operand)
  copySlot(spare | 1, operand)
  return spare
}
