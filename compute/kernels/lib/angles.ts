// Sine, cosine and arctangent over a block of lanes. `at` is the operation's record.
import { arctanBlock } from './arctan'
import { SCRATCH, SLOT_BYTES } from './layout'
import { address, aligned, size, word } from './operands'
import { cosBlock, sinBlock } from './sin-cos'

/** Behind the areas of the sine. */
const SPREAD: usize = SCRATCH + 4 * SLOT_BYTES

export function runSin(at: usize): void {
  const result = word(at, 0)
  sinBlock(address(result), aligned(word(at, 1), result, SPREAD), size(result))
}

export function runCos(at: usize): void {
  const result = word(at, 0)
  cosBlock(address(result), aligned(word(at, 1), result, SPREAD), size(result))
}

export function runArctan(at: usize): void {
  const result = word(at, 0)
  arctanBlock(address(result), aligned(word(at, 1), result, SPREAD), size(result))
}
