// Sine, cosine and arctangent over a block of lanes. `at` is the operation's record.
import { arctanBlock } from './arctan'
import { SCRATCH } from './layout'
import { address, aligned, size, word } from './operands'
import { cosBlock, sinBlock } from './sin-cos'

/** Where the operand stands with as many values as the result and apart from it: far angles are computed a second time. */
@inline
function apart(at: usize): usize {
  const result = word(at, 0)
  const operand = word(at, 1)
  const inPlace = address(operand) == address(result)
  return aligned(operand, inPlace ? operand ^ 1 : result, SCRATCH)
}

export function runSin(at: usize): void {
  const result = word(at, 0)
  sinBlock(address(result), apart(at), size(result))
}

export function runCos(at: usize): void {
  const result = word(at, 0)
  cosBlock(address(result), apart(at), size(result))
}

export function runArctan(at: usize): void {
  const result = word(at, 0)
  arctanBlock(address(result), aligned(word(at, 1), result, SCRATCH), size(result))
}
