// Orders of rows: by their values, and by the codes of their groups. Rows are told by byte offsets in a row of f64.
// compute/statistics/rising-order.ts is the twin of the first: change both or neither.

const SIGN: u64 = 0x8000000000000000
/** Counts of one digit of eight bits: u32[256]. */
const DIGIT_BYTES: usize = 1024

/** Bits of a double in the order of the numbers, -0 as 0. */
@inline
function keyOf(x: f64): u64 {
  const bits = reinterpret<u64>(x + 0)
  return bits & SIGN ? ~bits : bits | SIGN
}

@inline
function digit(counts: usize, entry: u64, place: u32): usize {
  return counts + <usize>place * DIGIT_BYTES + (<usize>((entry >> (32 + (place << 3))) & 255) << 2)
}

/** Sorts entries by their high words, equal ones as they stand; `counts` u32[4][256]. Returns where they are: `from`, or `to`. */
function sortByHighWord(from: usize, to: usize, n: u32, counts: usize): usize {
  const bytes = <usize>n << 3
  memory.fill(counts, 0, 4 * DIGIT_BYTES)
  for (let p = from, end = from + bytes; p < end; p += 8) {
    const entry = load<u64>(p)
    for (let place: u32 = 0; place < 4; place++) {
      const d = digit(counts, entry, place)
      store<u32>(d, load<u32>(d) + 1)
    }
  }
  for (let place: u32 = 0; place < 4; place++) {
    // A digit equal in all changes nothing.
    if (load<u32>(digit(counts, load<u64>(from), place)) == n) continue
    let before: u32 = 0
    for (let d = counts + <usize>place * DIGIT_BYTES, end = d + DIGIT_BYTES; d < end; d += 4) {
      const count = load<u32>(d)
      store<u32>(d, before)
      before += count
    }
    for (let p = from, end = from + bytes; p < end; p += 8) {
      const entry = load<u64>(p)
      const d = digit(counts, entry, place)
      const rank = load<u32>(d)
      store<u32>(d, rank + 1)
      store<u64>(to + (<usize>rank << 3), entry)
    }
    const other = from
    from = to
    to = other
  }
  return from
}

/**
 * Writes to `order` u32[n] the rows of n values, n at least 1 and none NaN, by rising value, equal ones as they stand. `work`: room for
 * u64[2 n] and, behind, u32[4][256].
 */
export function orderByValue(values: usize, n: u32, order: usize, work: usize): void {
  const bytes = <usize>n << 3
  const counts = work + 2 * bytes
  for (let i: usize = 0; i < bytes; i += 8) {
    store<u64>(work + i, (keyOf(load<f64>(values + i)) & 0xffffffff00000000) | <u64>i)
  }
  const sorted = sortByHighWord(work, work + bytes, n, counts)
  for (let i: usize = 0, p = sorted; p < sorted + bytes; i += 4, p += 8) store<u32>(order + i, load<u32>(p))
  // What agrees in the high word is put into the order of the low ones, where it is not.
  for (let first: u32 = 0; first < n; ) {
    const high = load<u32>(sorted + (<usize>first << 3), 4)
    let last = <u32>keyOf(load<f64>(values + load<u32>(order + (<usize>first << 2))))
    let next = first + 1
    let rises = true
    for (; next < n && load<u32>(sorted + (<usize>next << 3), 4) == high; next++) {
      const low = <u32>keyOf(load<f64>(values + load<u32>(order + (<usize>next << 2))))
      if (low < last) rises = false
      last = low
    }
    if (!rises) orderTies(values, order + (<usize>first << 2), next - first, work, counts)
    first = next
  }
}

/** Sorts n rows of an order by the low words of their values. */
function orderTies(values: usize, order: usize, n: u32, work: usize, counts: usize): void {
  const bytes = <usize>n << 3
  if (n <= 32) {
    for (let i: usize = 4; i < bytes >> 1; i += 4) {
      const row = load<u32>(order + i)
      const low = <u32>keyOf(load<f64>(values + row))
      let j = i
      for (; j > 0; j -= 4) {
        const before = load<u32>(order + j - 4)
        if (<u32>keyOf(load<f64>(values + before)) <= low) break
        store<u32>(order + j, before)
      }
      store<u32>(order + j, row)
    }
    return
  }
  // The entries sorted so far are no longer needed up to here, nor the ones behind that are still to come: they stand in `order`.
  const own = counts + 4 * DIGIT_BYTES
  for (let i: usize = 0; i < <usize>n; i++) {
    const row = load<u32>(order + (i << 2))
    store<u64>(own + (i << 3), (keyOf(load<f64>(values + row)) << 32) | <u64>row)
  }
  const sorted = sortByHighWord(own, own + bytes, n, counts)
  for (let i: usize = 0; i < <usize>n; i++) store<u32>(order + (i << 2), load<u32>(sorted + (i << 3)))
}

@inline
function codeOf(x: f64, codes: u32): u32 {
  return x >= 0 && x < <f64>codes ? <u32>x : 0
}

/**
 * Writes to `order` u32[n] the rows by rising code, to `begins` u32[groups + 1] where each code's begin (byte offsets in `order`), and to
 * `found` u32[groups] the codes that are there; returns how many those are. What is no code below `codes` counts as 0. `counts`
 * u32[codes], all 0 before and after.
 */
export function orderByCode(
  values: usize,
  n: u32,
  codes: u32,
  order: usize,
  begins: usize,
  found: usize,
  counts: usize,
): u32 {
  const end = values + (<usize>n << 3)
  let least: u32 = codes
  let most: u32 = 0
  for (let p = values; p < end; p += 8) {
    const code = codeOf(load<f64>(p), codes)
    const at = counts + (<usize>code << 2)
    store<u32>(at, load<u32>(at) + 1)
    least = min(least, code)
    most = max(most, code)
  }
  let groups: u32 = 0
  let before: u32 = 0
  for (let code = least; code <= most; code++) {
    const at = counts + (<usize>code << 2)
    const count = load<u32>(at)
    if (count == 0) continue
    store<u32>(found + (<usize>groups << 2), code)
    store<u32>(begins + (<usize>groups << 2), before << 2)
    store<u32>(at, before)
    before += count
    groups++
  }
  store<u32>(begins + (<usize>groups << 2), before << 2)
  for (let p = values; p < end; p += 8) {
    const at = counts + (<usize>codeOf(load<f64>(p), codes) << 2)
    const rank = load<u32>(at)
    store<u32>(at, rank + 1)
    store<u32>(order + (<usize>rank << 2), <u32>(p - values))
  }
  for (let i: u32 = 0; i < groups; i++) store<u32>(counts + (<usize>load<u32>(found + (<usize>i << 2)) << 2), 0)
  return groups
}

/** Writes to `to` f64[n] the values of the rows in an order. */
export function gather(values: usize, order: usize, n: u32, to: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<f64>(to + (i << 3), load<f64>(values + load<u32>(order + (i << 2))))
}
