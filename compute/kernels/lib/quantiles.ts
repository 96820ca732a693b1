// Quantiles and probabilities of distributions, lane by lane. `at` is the operation's record.
import { betaQuantile } from './beta'
import { gammaQuantile } from './gamma'
import * as code from './layout'
import { SLOT_BYTES } from './layout'
import { normalProbability } from './normal'
import { address, lane, splat, word } from './operands'
import { poissonQuantile } from './poisson'

/** The operation of one lane. `kind` is a constant at each call and the compiler keeps the one branch. */
@inline
function apply(kind: u32, at: usize, i: usize): f64 {
  if (kind == code.GAMMA_QUANTILE) return gammaQuantile(lane(at, 1, i), lane(at, 2, i))
  if (kind == code.BETA_QUANTILE) return betaQuantile(lane(at, 1, i), lane(at, 2, i), lane(at, 3, i))
  if (kind == code.POISSON_QUANTILE) return poissonQuantile(lane(at, 1, i), lane(at, 2, i))
  return normalProbability(lane(at, 1, i))
}

@inline
function run(kind: u32, at: usize): void {
  const result = word(at, 0)
  const out = address(result)
  if (!(result & 1)) return splat(result, apply(kind, at, 0))
  for (let i: usize = 0; i < SLOT_BYTES; i += 8) store<f64>(out + i, apply(kind, at, i))
}

export function runNormalProbability(at: usize): void {
  run(code.NORMAL_PROBABILITY, at)
}

export function runGammaQuantile(at: usize): void {
  run(code.GAMMA_QUANTILE, at)
}

export function runBetaQuantile(at: usize): void {
  run(code.BETA_QUANTILE, at)
}

export function runPoissonQuantile(at: usize): void {
  run(code.POISSON_QUANTILE, at)
}
