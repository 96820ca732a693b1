// A seed: a u64 as a decimal string, and its two words.
import { QuesnayError } from '../../schema/errors.ts'

/** Lower and upper 32 bits. BAD_INPUT where the text is not a whole number from 0 to 2^64 - 1. */
export function seedWords(seed: string): readonly [low: number, high: number] {
  const value = /^\d{1,20}$/.test(seed) ? BigInt(seed) : -1n
  if (value < 0n || value >= 1n << 64n) {
    throw new QuesnayError('BAD_INPUT', `the seed ${seed} is not a whole number from 0 to 2^64 - 1`, { path: 'seed' })
  }
  return [Number(value & 0xffffffffn), Number(value >> 32n)]
}
