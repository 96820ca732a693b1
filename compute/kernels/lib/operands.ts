// Reads a call: fields of the header, and the operand words of a record.
// A word is the address of a slot, which begins a cache line, plus 1 where it has a value per row, plus twice its level.
import { HEADER, LEVEL_BYTES, LEVELS_AT, LINE_BYTES, SLOT_BYTES } from './layout'

/** The bits of a word that tell its level. */
export const LEVEL_BITS: usize = 14

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
  return word & ~63
}

/** 0: the lanes, or all rows alike. */
@inline
export function level(word: usize): usize {
  return (word & LEVEL_BITS) >> 1
}

/** How far to go from one group of eight lanes to the next: nowhere, where the value is the same in all. */
@inline
export function stride(word: usize): usize {
  return (word & 1) * LINE_BYTES
}

/** Bytes of one block of a slot. */
@inline
export function size(word: usize): usize {
  return word & 1 ? SLOT_BYTES : LINE_BYTES
}

@inline
function levelRecord(level: usize): usize {
  return <usize>field(LEVELS_AT) + level * LEVEL_BYTES
}

/** Notes which rows of each level belong to a block of lanes. */
export function placeRows(block: u32, levels: usize): void {
  for (let i: usize = 0; i < levels; i++) {
    const record = levelRecord(i)
    const firsts = <usize>load<u32>(record, 4) + (<usize>block << 2)
    const first = load<u32>(firsts)
    store<u32>(record, first, 8)
    store<u32>(record, load<u32>(firsts, 4) - first, 12)
  }
}

/** Number of the block's rows of a level. */
@inline
export function rowsOf(level: usize): u32 {
  return load<u32>(levelRecord(level), 12)
}

/** The first of them, counted from the batch's first. */
@inline
export function firstRow(level: usize): u32 {
  return load<u32>(levelRecord(level), 8)
}

/** The same, counted from the first of all. */
@inline
export function absoluteRow(level: usize): u32 {
  return load<u32>(levelRecord(level)) + firstRow(level)
}

/** Bytes of a slot: of members, as many blocks as the block of lanes has members for. */
export function extent(word: usize): usize {
  const which = level(word)
  return which == 0 ? size(word) : (((<usize>rowsOf(which) + 63) >> 6) * SLOT_BYTES)
}

/** Fills a slot with one value. */
export function splat(word: usize, value: f64): void {
  const both = f64x2.splat(value)
  const at = address(word)
  for (let i: usize = 0; i < size(word); i += 16) v128.store(at + i, both)
}

/** Copies a slot over another; one value spreads over all rows. */
export function copySlot(to: usize, from: usize): void {
  const out = address(to)
  for (let i: usize = 0, a = address(from), end = extent(to); i < end; i += LINE_BYTES, a += stride(from)) {
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

/** An operand's value in the lane at byte `i` of a block; of one value each copy in turn, as the result may stand in its place. */
@inline
export function lane(at: usize, operand: usize, i: usize): f64 {
  const w = word(at, operand)
  return load<f64>(address(w) + (i & 63) + (w & 1) * (i & ~63))
}
