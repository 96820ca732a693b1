// Sorts f64 by radix: positions in rising order of their values, equal ones in the order in which they stand.

/** Bits of a digit: 2,048 counts stay in the first-level cache, and three digits make a word. */
const DIGIT = 11
const DIGITS = 2 ** DIGIT
const MASK = DIGITS - 1
const SIGN = 0x80000000

/**
 * Positions 0..n-1 by rising value; -0 and 0 are equal, no value is NaN. Three passes over the sign, the exponent and 20 bits of each
 * value; only what agrees in all of them is compared once more.
 */
export function risingOrder(values: Float64Array): Uint32Array<ArrayBuffer> {
  const n = values.length
  const plain = new Float64Array(n)
  // Adding 0 takes the sign off a zero.
  for (let i = 0; i < n; i++) plain[i] = values[i]! + 0
  // Little-endian: the high word stands second.
  const words = new Uint32Array(plain.buffer)
  const order = byHighWord(words)
  orderTies(order, words)
  return order
}

/** Positions by rising high word of the numbers, least significant digit first; pairs of key and position move together. */
function byHighWord(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const n = words.length / 2
  const counts = new Uint32Array(3 * DIGITS)
  let from = new Uint32Array(2 * n)
  let to = new Uint32Array(2 * n)
  for (let i = 0; i < 2 * n; i += 2) {
    const word = words[i + 1]!
    const key = (word >= SIGN ? ~word : word + SIGN) >>> 0
    from[i] = key
    from[i + 1] = i >>> 1
    counts[key & MASK]! += 1
    counts[DIGITS + ((key >>> DIGIT) & MASK)]! += 1
    counts[2 * DIGITS + (key >>> (2 * DIGIT))]! += 1
  }
  for (let pass = 0; pass < 3; pass++) {
    const places = counts.subarray(pass * DIGITS, (pass + 1) * DIGITS)
    const shift = pass * DIGIT
    // A digit equal in all changes nothing.
    if (n > 0 && places[(from[0]! >>> shift) & MASK] === n) continue
    turnIntoPlaces(places)
    for (let i = 0; i < 2 * n; i += 2) {
      const key = from[i]!
      const digit = (key >>> shift) & MASK
      const place = places[digit]!
      places[digit] = place + 1
      to[2 * place] = key
      to[2 * place + 1] = from[i + 1]!
    }
    const spare = from
    from = to
    to = spare
  }
  const order = new Uint32Array(n)
  for (let i = 0; i < n; i++) order[i] = from[2 * i + 1]!
  return order
}

/** From how many there are of each digit to where they begin. */
function turnIntoPlaces(counts: Uint32Array): void {
  let before = 0
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit]!
    counts[digit] = before
    before += count
  }
}

/** Puts positions whose values have equal high words into the order of their low words. */
function orderTies(order: Uint32Array, words: Uint32Array): void {
  const n = order.length
  let from = 0
  let high = n > 0 ? words[2 * order[0]! + 1]! : 0
  for (let i = 1; i <= n; i++) {
    const next = i < n ? words[2 * order[i]! + 1]! : -1
    if (next === high) continue
    if (i - from > 1) orderRun(order, from, i, words, high >= SIGN ? 0xffffffff : 0)
    from = i
    high = next
  }
}

/** The positions from..to-1 by their low words, of negative values turned over; they stand in rising order already. */
function orderRun(order: Uint32Array, from: number, to: number, words: Uint32Array, turned: number): void {
  const keyOf = (position: number) => (words[2 * position]! ^ turned) >>> 0
  let last = keyOf(order[from]!)
  for (let i = from + 1; i < to; i++) {
    const key = keyOf(order[i]!)
    if (key < last) {
      insertOrSort(order, from, to, i, keyOf)
      return
    }
    last = key
  }
}

/** Runs up to this length are sorted by insertion. */
const SHORT_RUN = 24

/** All before `unsorted` is in order. */
function insertOrSort(
  order: Uint32Array,
  from: number,
  to: number,
  unsorted: number,
  keyOf: (position: number) => number,
): void {
  if (to - from > SHORT_RUN) {
    order.subarray(from, to).sort((a, b) => keyOf(a) - keyOf(b) || a - b)
    return
  }
  for (let i = unsorted; i < to; i++) {
    const position = order[i]!
    const key = keyOf(position)
    let j = i - 1
    for (; j >= from && keyOf(order[j]!) > key; j--) order[j + 1] = order[j]!
    order[j + 1] = position
  }
}
