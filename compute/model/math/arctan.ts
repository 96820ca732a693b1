// arctan x with the same basic operations in the same order as compute/kernels/lib/arctan.ts.

// Minimax coefficients of (x - arctan x) / x in x^2 on [0, 7/16]: FreeBSD msun s_atan.c (Sun Microsystems, 1993).
const A0 = 3.33333333333329318027e-1
const A1 = -1.99999999998764832476e-1
const A2 = 1.42857142725034663711e-1
const A3 = -1.1111110405462355788e-1
const A4 = 9.09088713343650656196e-2
const A5 = -7.69187620504482999495e-2
const A6 = 6.66107313738753120669e-2
const A7 = -5.83357013379057348645e-2
const A8 = 4.97687799461593236017e-2
const A9 = -3.6531572744216915527e-2
const A10 = 1.62858201153657823623e-2

/** high + low + arctan(above / below), the quotient within 7/16. */
function near(above: number, below: number, high: number, low: number): number {
  const t = above / below
  const z = t * t
  const w = z * z
  const odd = z * (A0 + w * (A2 + w * (A4 + w * (A6 + w * (A8 + w * A10)))))
  const even = w * (A1 + w * (A3 + w * (A5 + w * (A7 + w * A9))))
  return high - (t * (odd + even) - low - t)
}

/** For x >= 0: arctan 1/2, 1, 3/2 or infinity, each in two parts, and the arctangent of what is left. */
function arctanPositive(x: number): number {
  if (x < 0.4375) return near(x, 1, 0, 0)
  if (x < 0.6875) return near(2 * x - 1, 2 + x, 0.4636476090008061, 2.2698777452961687e-17)
  if (x < 1.1875) return near(x - 1, x + 1, 0.7853981633974483, 3.061616997868383e-17)
  if (x < 2.4375) return near(x - 1.5, 1 + 1.5 * x, 0.982793723247329, 1.3903311031230998e-17)
  return near(-1, x, 1.5707963267948966, 6.123233995736766e-17)
}

/** The arctangent in radians, in [-pi / 2, pi / 2]; of -0 it is -0, of NaN NaN. Error below 1 unit in the last place. */
export function arctan(x: number): number {
  const value = arctanPositive(Math.abs(x))
  return x < 0 || Object.is(x, -0) ? -value : value
}
