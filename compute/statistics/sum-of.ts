// Sums in the order given, with what rounding loses carried along (Neumaier, ZAMM 54(1), 1974): n does not enter the error.

/** Sum of finite values. */
export function sumOf(values: Float64Array): number {
  let sum = 0
  let lost = 0
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    const next = sum + x
    lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum
    sum = next
  }
  return sum + lost
}

/** Sum of the products of two arrays of one length; the products are rounded. */
export function sumOfProducts(a: Float64Array, b: Float64Array): number {
  let sum = 0
  let lost = 0
  for (let i = 0; i < a.length; i++) {
    const x = a[i]! * b[i]!
    const next = sum + x
    lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum
    sum = next
  }
  return sum + lost
}
