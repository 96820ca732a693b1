// Lanes that belong together: households, known by numbers that never fall from lane to lane.

/** Where each household begins, and behind the last where it ends. `numbers`: of each lane. */
export function householdsOf(numbers: Float64Array): Uint32Array {
  const begins = new Uint32Array(numbers.length + 1)
  let count = 0
  for (let lane = 0; lane < numbers.length; lane++) {
    if (lane === 0 || numbers[lane] !== numbers[lane - 1]) begins[count++] = lane
  }
  begins[count] = numbers.length
  return begins.slice(0, count + 1)
}

/** How many lanes have a number below that of the lane before, and the first of them; -1 where there is none. */
export function fallsOf(numbers: Float64Array): { readonly first: number; readonly count: number } {
  let first = -1
  let count = 0
  for (let lane = 1; lane < numbers.length; lane++) {
    if (!(numbers[lane]! < numbers[lane - 1]!)) continue
    if (first < 0) first = lane
    count++
  }
  return { first, count }
}

/** Sum of the lanes' values of each household, in the order of the lanes. */
export function addedUp(
  values: Float64Array,
  begins: Uint32Array,
  sums: Float64Array = new Float64Array(begins.length - 1),
): Float64Array {
  for (let household = 0; household < sums.length; household++) {
    let sum = 0
    for (let lane = begins[household]!; lane < begins[household + 1]!; lane++) sum += values[lane]!
    sums[household] = sum
  }
  return sums
}

/** The value of the first lane of each household. */
export function ofFirst(
  values: Float64Array,
  begins: Uint32Array,
  firsts: Float64Array = new Float64Array(begins.length - 1),
): Float64Array {
  for (let household = 0; household < firsts.length; household++) firsts[household] = values[begins[household]!]!
  return firsts
}
