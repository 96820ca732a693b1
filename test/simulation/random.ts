// Repeatable numbers, fast enough for a hundred million draws.

/** sfc32 of PractRand (Chris Doty-Humphrey): 128 bits of state, passes its own battery. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number) {
    this.#a = seed | 0
    this.#b = (seed / 2 ** 32) | 0
    this.#c = 0x9e3779b9 | 0
    for (let i = 0; i < 15; i++) this.next()
  }

  /** Within (0, 1), never 0: its logarithm is finite. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    this.#c |= 0
    return ((sum >>> 0) + 0.5) / 2 ** 32
  }

  exponential(mean: number): number {
    return -mean * Math.log(this.next())
  }

  /** A whole number from 0 to n - 1. */
  below(n: number): number {
    return Math.floor(this.next() * n)
  }
}
