// arctan x over a block. compute/model/math/arctan.ts is its twin: change both or neither.

/** A0 to A10, then for each range its upper end, and arctan of its centre in two parts, then 1, 2, 3/2, -1. */
const REALS: usize = memory.data<f64>(
  [
    3.33333333333329318027e-1, -1.99999999998764832476e-1, 1.42857142725034663711e-1, -1.11111104054623557880e-1,
    9.09088713343650656196e-2, -7.69187620504482999495e-2, 6.66107313738753120669e-2, -5.83357013379057348645e-2,
    4.97687799461593236017e-2, -3.65315727442169155270e-2, 1.62858201153657823623e-2,
    0.4375, 0.6875, 1.1875, 2.4375,
    0, 0.4636476090008061, 0.7853981633974483, 0.982793723247329, 1.5707963267948966,
    0, 2.2698777452961687e-17, 3.061616997868383e-17, 1.3903311031230998e-17, 6.123233995736766e-17,
    1, 2, 1.5, -1,
  ],
  16,
)
const ENDS: usize = 11
const HIGHS: usize = 15
const LOWS: usize = 20
const ONE: usize = 25
const TWO: usize = 26
const THREE_HALVES: usize = 27
const MINUS_ONE: usize = 28

@inline
function real(index: usize): v128 {
  return v128.load64_splat(REALS + (index << 3))
}

/** coefficient + w * rest */
@inline
function step(coefficient: usize, w: v128, rest: v128): v128 {
  return f64x2.add(real(coefficient), f64x2.mul(w, rest))
}

/** Of `size` bytes of values, a multiple of 16. `out` may be `from`. */
export function arctanBlock(out: usize, from: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 16) {
    const x = v128.load(from + i)
    const y = f64x2.abs(x)
    const one = real(ONE)
    // From the last range down to the one that y lies in; NaN ends in the first and stays NaN.
    let above = real(MINUS_ONE)
    let below = y
    let high = real(HIGHS + 4)
    let low = real(LOWS + 4)
    let within = v128.not(f64x2.ge(y, real(ENDS + 3)))
    above = v128.bitselect(f64x2.sub(y, real(THREE_HALVES)), above, within)
    below = v128.bitselect(f64x2.add(one, f64x2.mul(real(THREE_HALVES), y)), below, within)
    high = v128.bitselect(real(HIGHS + 3), high, within)
    low = v128.bitselect(real(LOWS + 3), low, within)
    within = v128.not(f64x2.ge(y, real(ENDS + 2)))
    above = v128.bitselect(f64x2.sub(y, one), above, within)
    below = v128.bitselect(f64x2.add(y, one), below, within)
    high = v128.bitselect(real(HIGHS + 2), high, within)
    low = v128.bitselect(real(LOWS + 2), low, within)
    within = v128.not(f64x2.ge(y, real(ENDS + 1)))
    above = v128.bitselect(f64x2.sub(f64x2.mul(real(TWO), y), one), above, within)
    below = v128.bitselect(f64x2.add(real(TWO), y), below, within)
    high = v128.bitselect(real(HIGHS + 1), high, within)
    low = v128.bitselect(real(LOWS + 1), low, within)
    within = v128.not(f64x2.ge(y, real(ENDS)))
    above = v128.bitselect(y, above, within)
    below = v128.bitselect(one, below, within)
    high = v128.andnot(high, within)
    low = v128.andnot(low, within)
    const t = f64x2.div(above, below)
    const z = f64x2.mul(t, t)
    const w = f64x2.mul(z, z)
    const odd = f64x2.mul(z, step(0, w, step(2, w, step(4, w, step(6, w, step(8, w, real(10)))))))
    const even = f64x2.mul(w, step(1, w, step(3, w, step(5, w, step(7, w, real(9))))))
    const value = f64x2.sub(high, f64x2.sub(f64x2.sub(f64x2.mul(t, f64x2.add(odd, even)), low), t))
    v128.store(out + i, v128.or(value, v128.xor(x, y)))
  }
}
