// How many persons the household of each unit has.

/**
 * The persons of all units of a household, with each of them.
 * @param numbers f64[n], of the household of each unit; those of one household stand together
 * @param persons f64[n], of each unit
 */
export function personsOfHouseholds(numbers: Float64Array, persons: Float64Array): Float64Array<ArrayBuffer> {
  const counted = new Float64Array(numbers.length)
  for (let from = 0, to = 0; from < numbers.length; from = to) {
    let sum = 0
    for (to = from; to < numbers.length && numbers[to] === numbers[from]; to++) sum += persons[to]!
    counted.fill(sum, from, to)
  }
  return counted
}
