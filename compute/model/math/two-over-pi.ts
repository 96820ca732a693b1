// The first 1,216 bits of 2 / pi: computed from integers, so that every host has the same.

const PRECISION = 1280n

/** arctan(1 / n) in fixed point, by its series. */
function arctanOfInverse(n: bigint): bigint {
  let power = (1n << PRECISION) / n
  let sum = power
  for (let k = 3n, sign = -1n; power > 0n; k += 2n, sign = -sign) {
    power /= n * n
    sum += (sign * power) / k
  }
  return sum
}

/** Bits behind the point: the largest double is a whole number times 2^971, and its fraction of a quarter turn needs 192 bits more. */
export const TWO_OVER_PI_BITS = 1216

/** 2 / pi * 2^1216, cut to an integer. Pi by Machin's formula: pi / 4 = 4 arctan(1/5) - arctan(1/239). */
export const TWO_OVER_PI =
  (1n << (PRECISION + BigInt(TWO_OVER_PI_BITS) - 1n)) / (4n * arctanOfInverse(5n) - arctanOfInverse(239n))
