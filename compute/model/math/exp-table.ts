// 2^(j/128) for j = 0..127, to more than double precision: computed from integers, so that every host has the same bits.

const PRECISION = 256n

function squareRoot(n: bigint): bigint {
  let x = 1n << BigInt((n.toString(2).length >> 1) + 1)
  for (;;) {
    const next = (x + n / x) >> 1n
    if (next >= x) return x
    x = next
  }
}

/** Fixed point with 256 bits behind the point; Number() of a bigint is correctly rounded. */
function toNumber(fixed: bigint): number {
  return Number(fixed) * 2 ** -256
}

function build(): { values: Float64Array; tails: Float64Array } {
  let root = 2n << PRECISION
  for (let i = 0; i < 7; i++) root = squareRoot(root << PRECISION)
  const values = new Float64Array(128)
  const tails = new Float64Array(128)
  for (let j = 0, power = 1n << PRECISION; j < 128; j++, power = (power * root) >> PRECISION) {
    const rounded = toNumber(power)
    const roundedFixed = BigInt(rounded * 2 ** 52) << (PRECISION - 52n)
    values[j] = rounded
    tails[j] = toNumber(((power - roundedFixed) << PRECISION) / roundedFixed)
  }
  return { values, tails }
}

/** values[j] = 2^(j/128) correctly rounded; 2^(j/128) = values[j] * (1 + tails[j]) to about 106 bits. */
export const EXP_TABLE = build()
