// The machine's loop: which function runs an operation, and running one record after the other.
import { runAddLogarithmic, runAddSigmoid, runExp, runLog, runLog1p, runLogarithmic, runPow, runSigmoid } from './forms'
import { binary, ternary, unary, wide } from './lanes'
import * as code from './layout'
import { word } from './operands'
import { runBracket, runLookup } from './tables'

function runNeg(at: usize): void {
  unary(code.NEG, at)
}

function runAbs(at: usize): void {
  unary(code.ABS, at)
}

function runSqrt(at: usize): void {
  unary(code.SQRT, at)
}

function runFloor(at: usize): void {
  unary(code.FLOOR, at)
}

function runCeil(at: usize): void {
  unary(code.CEIL, at)
}

function runNot(at: usize): void {
  unary(code.NOT, at)
}

function runCopy(at: usize): void {
  unary(code.COPY, at)
}

function runDiv(at: usize): void {
  binary(code.DIV, at)
}

function runMin(at: usize): void {
  binary(code.MIN, at)
}

function runMax(at: usize): void {
  binary(code.MAX, at)
}

function runPmin(at: usize): void {
  binary(code.PMIN, at)
}

function runPmax(at: usize): void {
  binary(code.PMAX, at)
}

function runLt(at: usize): void {
  binary(code.LT, at)
}

function runLe(at: usize): void {
  binary(code.LE, at)
}

function runEq(at: usize): void {
  binary(code.EQ, at)
}

function runAnd(at: usize): void {
  binary(code.AND, at)
}

function runOr(at: usize): void {
  binary(code.OR, at)
}

function runSelect(at: usize): void {
  ternary(code.SELECT, at, word(at, 3))
}

function runThreshold(at: usize): void {
  ternary(code.THRESHOLD, at, word(at, 3))
}

function runAddThreshold(at: usize): void {
  wide(code.ADD_THRESHOLD, at, 4)
}

function runSaturating(at: usize): void {
  wide(code.SATURATING, at, 4)
}

function runAddSaturating(at: usize): void {
  wide(code.ADD_SATURATING, at, 5)
}

function runDampening(at: usize): void {
  wide(code.DAMPENING, at, 4)
}

function runAddDampening(at: usize): void {
  wide(code.ADD_DAMPENING, at, 5)
}

/** The function of an operation in the table of functions; 0 for those that `walk` has in place. */
function functionOf(kind: u32): u32 {
  switch (kind) {
    case code.ADD:
    case code.SUB:
    case code.MUL:
    case code.ADD_MUL:
    case code.SUB_MUL:
      return 0
    case code.NEG:
      return runNeg.index
    case code.ABS:
      return runAbs.index
    case code.SQRT:
      return runSqrt.index
    case code.FLOOR:
      return runFloor.index
    case code.CEIL:
      return runCeil.index
    case code.NOT:
      return runNot.index
    case code.COPY:
      return runCopy.index
    case code.DIV:
      return runDiv.index
    case code.MIN:
      return runMin.index
    case code.MAX:
      return runMax.index
    case code.PMIN:
      return runPmin.index
    case code.PMAX:
      return runPmax.index
    case code.LT:
      return runLt.index
    case code.LE:
      return runLe.index
    case code.EQ:
      return runEq.index
    case code.AND:
      return runAnd.index
    case code.OR:
      return runOr.index
    case code.SELECT:
      return runSelect.index
    case code.THRESHOLD:
      return runThreshold.index
    case code.ADD_THRESHOLD:
      return runAddThreshold.index
    case code.SATURATING:
      return runSaturating.index
    case code.ADD_SATURATING:
      return runAddSaturating.index
    case code.DAMPENING:
      return runDampening.index
    case code.ADD_DAMPENING:
      return runAddDampening.index
    case code.EXP:
      return runExp.index
    case code.LOG:
      return runLog.index
    case code.LOG1P:
      return runLog1p.index
    case code.POW:
      return runPow.index
    case code.SIGMOID:
      return runSigmoid.index
    case code.ADD_SIGMOID:
      return runAddSigmoid.index
    case code.LOGARITHMIC:
      return runLogarithmic.index
    case code.ADD_LOGARITHMIC:
      return runAddLogarithmic.index
    case code.LOOKUP:
      return runLookup.index
    case code.BRACKET:
      return runBracket.index
    default:
      unreachable()
  }
  return 0
}

/** Notes in each record which function runs it. */
export function link(at: usize, end: usize): void {
  for (; at < end; at += code.OPERATION_BYTES) store<u32>(at, functionOf(load<u32>(at)), 28)
}

/** Runs the records from `at` to `end`. The commonest operations stand here: a call would cost as much as they do. */
export function walk(at: usize, end: usize): void {
  for (; at < end; at += code.OPERATION_BYTES) {
    switch (load<u32>(at)) {
      case code.ADD:
        binary(code.ADD, at)
        break
      case code.SUB:
        binary(code.SUB, at)
        break
      case code.MUL:
        binary(code.MUL, at)
        break
      case code.ADD_MUL:
        ternary(code.ADD_MUL, at, word(at, 3))
        break
      case code.SUB_MUL:
        ternary(code.SUB_MUL, at, word(at, 3))
        break
      default:
        call_indirect<void>(load<u32>(at, 28), at)
    }
  }
}
