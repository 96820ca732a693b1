// What each operation code means, for one lane: constant folding and the interpreter use it, and the kernel equals it bit for bit.
import { CODE } from '../layout/operations.ts'
import { arctan } from './math/arctan.ts'
import { betaQuantile } from './math/beta.ts'
import { exp } from './math/exp.ts'
import { pmax, pmin } from './math/extrema.ts'
import { gammaQuantile } from './math/gamma.ts'
import { log, log1p } from './math/log.ts'
import { normalProbability, normalQuantile } from './math/normal.ts'
import { poissonQuantile } from './math/poisson.ts'
import { pow } from './math/pow.ts'
import { roundEven } from './math/round.ts'
import { cos, sin } from './math/sin-cos.ts'

type Operands = readonly [a: number, b: number, c: number, d: number, e: number]

const truth = (x: number) => (x !== 0 ? 1 : 0)
const sigmoid = (amplitude: number, source: number, slope: number, midpoint: number) =>
  amplitude / (1 + exp(slope * (midpoint - source)))
const threshold = (coefficient: number, source: number, level: number) => coefficient * pmax(source - level, 0)
const saturating = (coefficient: number, source: number, target: number, ceiling: number) =>
  Math.min(coefficient * source, ceiling - target)
const dampening = (coefficient: number, source: number, target: number, ceiling: number) =>
  coefficient * source * (1 - target / ceiling)

const MEANING: Record<number, (...operands: Operands) => number> = {
  [CODE.add]: (a, b) => a + b,
  [CODE.sub]: (a, b) => a - b,
  [CODE.mul]: (a, b) => a * b,
  [CODE.div]: (a, b) => a / b,
  [CODE.neg]: (a) => -a,
  [CODE.abs]: (a) => Math.abs(a),
  [CODE.min]: (a, b) => Math.min(a, b),
  [CODE.max]: (a, b) => Math.max(a, b),
  [CODE.pmin]: pmin,
  [CODE.pmax]: pmax,
  [CODE.sqrt]: (a) => Math.sqrt(a),
  [CODE.exp]: (a) => exp(a),
  [CODE.log]: (a) => log(a),
  [CODE.log1p]: (a) => log1p(a),
  [CODE.pow]: (a, b) => pow(a, b),
  [CODE.floor]: (a) => Math.floor(a),
  [CODE.ceil]: (a) => Math.ceil(a),
  [CODE.lt]: (a, b) => (a < b ? 1 : 0),
  [CODE.le]: (a, b) => (a <= b ? 1 : 0),
  [CODE.eq]: (a, b) => (a === b ? 1 : 0),
  [CODE.and]: (a, b) => truth(a) * truth(b),
  [CODE.or]: (a, b) => Math.max(truth(a), truth(b)),
  [CODE.not]: (a) => 1 - truth(a),
  [CODE.select]: (a, b, c) => (a !== 0 ? b : c),
  [CODE.addMul]: (a, b, c) => a + b * c,
  [CODE.subMul]: (a, b, c) => a - b * c,
  [CODE.sigmoid]: sigmoid,
  [CODE.addSigmoid]: (a, b, c, d, e) => a + sigmoid(b, c, d, e),
  [CODE.logarithmic]: (a, b) => a * log1p(b),
  [CODE.addLogarithmic]: (a, b, c) => a + b * log1p(c),
  [CODE.threshold]: threshold,
  [CODE.addThreshold]: (a, b, c, d) => a + threshold(b, c, d),
  [CODE.saturating]: saturating,
  [CODE.addSaturating]: (a, b, c, d, e) => a + saturating(b, c, d, e),
  [CODE.dampening]: dampening,
  [CODE.addDampening]: (a, b, c, d, e) => a + dampening(b, c, d, e),
  [CODE.copy]: (a) => a,
  [CODE.sin]: (a) => sin(a),
  [CODE.cos]: (a) => cos(a),
  [CODE.arctan]: (a) => arctan(a),
  [CODE.normalQuantile]: (a) => normalQuantile(a),
  [CODE.normalProbability]: (a) => normalProbability(a),
  [CODE.gammaQuantile]: (a, b) => gammaQuantile(a, b),
  [CODE.betaQuantile]: (a, b, c) => betaQuantile(a, b, c),
  [CODE.poissonQuantile]: (a, b) => poissonQuantile(a, b),
  [CODE.truncate]: (a) => Math.trunc(a),
  [CODE.round]: roundEven,
  [CODE.remainder]: (a, b) => a - b * Math.trunc(a / b),
  [CODE.excess]: (a, b) => pmax(a - b, 0),
}

/** The meaning of an operation of up to five operands without a table; undefined where there is no such code. */
export function meaningOf(code: number): ((...operands: Operands) => number) | undefined {
  return MEANING[code]
}
