// Sums in the order given, with what rounding loses carried along: n does not enter the error.
// What an addition loses is told exactly by five more (Knuth, The Art of Computer Programming 2, 4.2.2, theorem B).

/** Sum of finite values. */
export function sumOf(values: Float64Array): number {
  let sum = 0
  let lost = 0
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    const next = sum + x
    const back = next - sum
    lost += sum - (next - back) + (x - back)
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
    const back = next - sum
    lost += sum - (next - back) + (x - back)
    sum = next
  }
  return sum + lost
}
