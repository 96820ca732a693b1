// The parameters of each distribution, by the names that the core model has for them.
import type { Distribution } from './model.ts'

/** `?` behind those that may be left out; of empirical none, which is its values. */
export const DISTRIBUTION_PARAMETERS: Readonly<Record<Distribution['kind'], readonly string[]>> = {
  normal: ['mean', 'sd'],
  truncatedNormal: ['mean', 'sd', 'min', 'max'],
  logNormal: ['mu', 'sigma'],
  uniform: ['min', 'max'],
  triangular: ['min', 'mode', 'max'],
  exponential: ['mean'],
  gamma: ['shape', 'scale'],
  beta: ['alpha', 'beta', 'min?', 'max?'],
  poisson: ['mean'],
  empirical: [],
}
