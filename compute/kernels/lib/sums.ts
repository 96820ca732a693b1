// Sums whose shape depends on the number of values alone.
// compute/reference/stats.ts is the twin: change both or neither.

/** Values of one block: eight interleaved sums, added up in pairs. */
const BLOCK: u32 = 256
/** Sums of 2^level blocks; 2^32 values fit. */
const LEVELS: usize = memory.data(8 * 32, 16)
/** The eight sums of a block. */
const EIGHT: usize = memory.data(64, 16)

@inline
function term(x: f64, centre: f64, squared: bool): f64 {
  const d = x - centre
  return squared ? d * d : d
}

@inline
function pairTerm(at: usize, centre: v128, squared: bool): v128 {
  const d = f64x2.sub(v128.load(at), centre)
  return squared ? f64x2.mul(d, d) : d
}

@inline
function blockSum(from: usize, n: u32, centre: f64, squared: bool): f64 {
  const both = f64x2.splat(centre)
  let a = f64x2.splat(0)
  let b = f64x2.splat(0)
  let c = f64x2.splat(0)
  let d = f64x2.splat(0)
  let at = from
  for (const end = from + (<usize>(n & ~7) << 3); at < end; at += 64) {
    a = f64x2.add(a, pairTerm(at, both, squared))
    b = f64x2.add(b, pairTerm(at + 16, both, squared))
    c = f64x2.add(c, pairTerm(at + 32, both, squared))
    d = f64x2.add(d, pairTerm(at + 48, both, squared))
  }
  v128.store(EIGHT, a)
  v128.store(EIGHT, b, 16)
  v128.store(EIGHT, c, 32)
  v128.store(EIGHT, d, 48)
  for (let j: usize = 0, rest = <usize>(n & 7) << 3; j < rest; j += 8) {
    store<f64>(EIGHT + j, load<f64>(EIGHT + j) + term(load<f64>(at + j), centre, squared))
  }
  const low = load<f64>(EIGHT) + load<f64>(EIGHT, 8) + (load<f64>(EIGHT, 16) + load<f64>(EIGHT, 24))
  const high = load<f64>(EIGHT, 32) + load<f64>(EIGHT, 40) + (load<f64>(EIGHT, 48) + load<f64>(EIGHT, 56))
  return low + high
}

/** Block sums joined as a binary counter counts: equal levels first, what is left from the lowest level up. */
@inline
function total(at: usize, n: u32, centre: f64, squared: bool): f64 {
  let blocks: u32 = 0
  for (let first: u32 = 0; first < n; first += BLOCK, blocks++) {
    let sum = blockSum(at + (<usize>first << 3), min(n - first, BLOCK), centre, squared)
    let level: usize = 0
    for (let count = blocks; count & 1; count >>= 1, level += 8) sum = load<f64>(LEVELS + level) + sum
    store<f64>(LEVELS + level, sum)
  }
  let sum: f64 = 0
  let begun = false
  for (let level: usize = 0; blocks != 0; blocks >>= 1, level += 8) {
    if (!(blocks & 1)) continue
    sum = begun ? load<f64>(LEVELS + level) + sum : load<f64>(LEVELS + level)
    begun = true
  }
  return sum
}

/** Sum of x - centre. */
export function sumFrom(at: usize, n: u32, centre: f64): f64 {
  return total(at, n, centre, false)
}

/** Sum of (x - centre)^2. */
export function sumOfSquaresFrom(at: usize, n: u32, centre: f64): f64 {
  return total(at, n, centre, true)
}
