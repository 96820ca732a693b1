// Logarithms over a block of lanes, and the forms that use them. `at` is the operation's record.
import { LINE_BYTES, SCRATCH, SLOT_BYTES } from './layout'
import { log, log1p, logApart, logConstant, logTogether } from './log'
import { address, aligned, lane, size, stride, word } from './operands'

/** Behind the areas of the logarithm. */
const SPREAD: usize = SCRATCH + 4 * SLOT_BYTES

const PLAIN: u32 = 0
/** ln(1 + operand), it times a factor, and that added to a sum. */
const PLUS_ONE: u32 = 1
const TIMES: u32 = 2
const ADDED: u32 = 3

@inline
function store2(form: u32, out: usize, sum: usize, factor: usize, value: v128): void {
  if (form < TIMES) return v128.store(out, value)
  const product = f64x2.mul(v128.load(factor), value)
  v128.store(out, form == ADDED ? f64x2.add(v128.load(sum), product) : product)
}

/** Where the passes do not hold: lane by lane. */
@inline
function slowly(form: u32, at: usize, operand: usize): void {
  const result = word(at, 0)
  const out = address(result)
  for (let i: usize = 0; i < size(result); i += 8) {
    const x = lane(at, operand, i)
    let value = form == PLAIN ? log(x) : log1p(x)
    if (form == TIMES) value = lane(at, 1, i) * value
    if (form == ADDED) value = lane(at, 1, i) + lane(at, 2, i) * value
    store<f64>(out + i, value)
  }
}

@inline
function run(form: u32, at: usize): void {
  const result = word(at, 0)
  const operand: usize = form < TIMES ? 1 : form
  if (logApart(aligned(word(at, operand), result, SPREAD), size(result), form != PLAIN)) return slowly(form, at, operand)
  const a0 = logConstant(0)
  const a1 = logConstant(1)
  const a2 = logConstant(2)
  const a3 = logConstant(3)
  const a4 = logConstant(4)
  const sum = word(at, 1)
  const factor = word(at, form == ADDED ? 2 : 1)
  const out = address(result)
  let s = address(sum)
  let f = address(factor)
  for (let i: usize = 0; i < size(result); i += LINE_BYTES) {
    store2(form, out + i, s, f, logTogether(i, a0, a1, a2, a3, a4))
    store2(form, out + i + 16, s + 16, f + 16, logTogether(i + 16, a0, a1, a2, a3, a4))
    store2(form, out + i + 32, s + 32, f + 32, logTogether(i + 32, a0, a1, a2, a3, a4))
    store2(form, out + i + 48, s + 48, f + 48, logTogether(i + 48, a0, a1, a2, a3, a4))
    s += stride(sum)
    f += stride(factor)
  }
}

export function runLog(at: usize): void {
  run(PLAIN, at)
}

export function runLog1p(at: usize): void {
  run(PLUS_ONE, at)
}

export function runLogarithmic(at: usize): void {
  run(TIMES, at)
}

export function runAddLogarithmic(at: usize): void {
  run(ADDED, at)
}
