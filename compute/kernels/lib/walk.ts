// The machine's loop: which function runs an operation, and running one record after the other.
import { runArctan, runCos, runSin } from './angles'
import { runChoose } from './choose'
import { runAddSigmoid, runExp, runNormalQuantile, runPow, runSigmoid } from './forms'
import { binary, ternary, unary, wide } from './lanes'
import * as code from './layout'
import { runAddLogarithmic, runLog, runLog1p, runLogarithmic } from './logarithms'
import {
  MEMBER_MARK,
  runCountMembers,
  runMaxMembers,
  runMembers,
  runMinMembers,
  runProject,
  runSumMembers,
} from './members'
import { level, word } from './operands'
import { runBetaQuantile, runGammaQuantile, runNormalProbability, runPoissonQuantile } from './quantiles'
import { runSolve } from './solve'
import { runBracket, runExtrapolate, runLookup, runStepLookup } from './tables'

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

function runTruncate(at: usize): void {
  unary(code.TRUNCATE, at)
}

function runRound(at: usize): void {
  unary(code.ROUND, at)
}

function runRemainder(at: usize): void {
  binary(code.REMAINDER, at)
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

function runExcess(at: usize): void {
  binary(code.EXCESS, at)
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
export function functionOf(kind: u32): u32 {
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
    case code.TRUNCATE:
      return runTruncate.index
    case code.ROUND:
      return runRound.index
    case code.REMAINDER:
      return runRemainder.index
    case code.SIN:
      return runSin.index
    case code.COS:
      return runCos.index
    case code.ARCTAN:
      return runArctan.index
    case code.NORMAL_QUANTILE:
      return runNormalQuantile.index
    case code.NORMAL_PROBABILITY:
      return runNormalProbability.index
    case code.GAMMA_QUANTILE:
      return runGammaQuantile.index
    case code.BETA_QUANTILE:
      return runBetaQuantile.index
    case code.POISSON_QUANTILE:
      return runPoissonQuantile.index
    case code.STEP_LOOKUP:
      return runStepLookup.index
    case code.EXTRAPOLATE:
      return runExtrapolate.index
    case code.SUM_MEMBERS:
      return runSumMembers.index
    case code.MIN_MEMBERS:
      return runMinMembers.index
    case code.MAX_MEMBERS:
      return runMaxMembers.index
    case code.COUNT_MEMBERS:
      return runCountMembers.index
    case code.PROJECT:
      return runProject.index
    case code.SOLVE:
      return runSolve.index
    case code.EXCESS:
      return runExcess.index
    case code.CHOOSE:
      return runChoose.index
    default:
      unreachable()
  }
  return 0
}

/** Notes in each record which function runs it; one of a member level goes through `runMembers`. */
export function link(at: usize, end: usize): void {
  for (; at < end; at += code.OPERATION_BYTES) {
    const kind = load<u32>(at) & ~MEMBER_MARK
    const gathers = kind >= code.SUM_MEMBERS && kind <= code.PROJECT
    const ofMembers = level(word(at, 0)) != 0 && !gathers
    store<u32>(at, ofMembers ? kind | MEMBER_MARK : kind)
    store<u32>(at, ofMembers ? runMembers.index : functionOf(kind), 28)
  }
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
