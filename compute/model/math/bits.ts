// The bits of an f64 as two 32-bit words: what the elementary functions are written with.
const value = new Float64Array(1)
const words = new Int32Array(value.buffer)
// The order of the words in memory; WebAssembly is little-endian, a host need not be.
value[0] = 1
const HIGH = words[1] === 0x3ff00000 ? 1 : 0
const LOW = 1 - HIGH

/** Upper 32 bits, signed. */
export function highWord(x: number): number {
  value[0] = x
  return words[HIGH]!
}

/** Lower 32 bits, signed. */
export function lowWord(x: number): number {
  value[0] = x
  return words[LOW]!
}

export function fromWords(high: number, low: number): number {
  words[HIGH] = high
  words[LOW] = low
  return value[0]!
}
