// Sorts 64-bit signed keys: least significant byte first, counting by byte; a byte equal in all is left out.
import { STATS_SCRATCH } from './layout'

/** Counts of each value of each of the eight bytes: u32[8][256]. */
const COUNTS: usize = STATS_SCRATCH

@inline
function digit(key: u64, byte: u32): usize {
  return COUNTS + (<usize>byte << 10) + (<usize>((key >> (byte << 3)) & 255) << 2)
}

/** Sorts the n keys at `at`; `spare` has room for n more. */
export function sortKeys(at: usize, spare: usize, n: u32): void {
  const bytes = <usize>n << 3
  memory.fill(COUNTS, 0, 8 * 256 * 4)
  for (let p = at, end = at + bytes; p < end; p += 8) {
    // The sign turned over makes the order of signed keys that of unsigned ones.
    const key = load<u64>(p) ^ 0x8000000000000000
    store<u64>(p, key)
    for (let byte: u32 = 0; byte < 8; byte++) {
      const d = digit(key, byte)
      store<u32>(d, load<u32>(d) + 1)
    }
  }
  let from = at
  let to = spare
  for (let byte: u32 = 0; byte < 8; byte++) {
    if (load<u32>(digit(load<u64>(from), byte)) == n) continue
    let before: u32 = 0
    for (let d = COUNTS + (<usize>byte << 10), end = d + 1024; d < end; d += 4) {
      const count = load<u32>(d)
      store<u32>(d, before)
      before += count
    }
    for (let p = from, end = from + bytes; p < end; p += 8) {
      const key = load<u64>(p)
      const d = digit(key, byte)
      const rank = load<u32>(d)
      store<u32>(d, rank + 1)
      store<u64>(to + (<usize>rank << 3), key)
    }
    const other = from
    from = to
    to = other
  }
  for (let p: usize = 0; p < bytes; p += 8) store<u64>(at + p, load<u64>(from + p) ^ 0x8000000000000000)
}
