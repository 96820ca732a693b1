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

/** The first lane whose number is below the one before it; -1 where none is. */
export function firstFall(numbers: Float64Array): number {
  for (let lane = 1; lane < numbers.length; lane++) if (numbers[lane]! < numbers[lane - 1]!) return lane
  return -1
}

/** Sum of the lanes' values of each household, in the order of the lanes. */
export function addedUp(values: Float64Array, begins: Uint32Array): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(begins.length - 1)
  for (let household = 0; household < sums.length; household++) {
    let sum = 0
    for (let lane = begins[household]!; lane < begins[household + 1]!; lane++) sum += values[lane]!
    sums[household] = sum
  }
  return sums
}

/** The value of the first lane of each household. */
export function ofFirst(values: Float64Array, begins: Uint32Array): Float64Array<ArrayBuffer> {
  const firsts = new Float64Array(begins.length - 1)
  for (let household = 0; household < firsts.length; household++) firsts[household] = values[begins[household]!]!
  return firsts
}
