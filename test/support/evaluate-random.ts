// Random parameters as their distributions stand: the numbers behind them and their quantile functions, for the oracle of lowering.
import { betaQuantile } from '../../compute/model/math/beta.ts'
import { exp } from '../../compute/model/math/exp.ts'
import { gammaQuantile } from '../../compute/model/math/gamma.ts'
import { log } from '../../compute/model/math/log.ts'
import { normalProbability, normalQuantile } from '../../compute/model/math/normal.ts'
import { poissonQuantile } from '../../compute/model/math/poisson.ts'
import type { Distribution, Model, Parameter, Variable } from '../../compute/model/model.ts'

type RandomVariable = Extract<Variable, { kind: 'random' }>

/** The numbers behind one value: a uniform one and a normal one of the same probability. */
export interface Drawn {
  readonly u: number
  readonly z: number
}

const BELOW_ONE = 0.9999999999999999
const ABOVE_ZERO = 2.2250738585072014e-308
const held = (x: number, min: number, max: number) => Math.min(Math.max(x, min), max)

/** @param uniforms the uniform numbers of a stream, one per row of the entity */
export function drawOf(
  model: Model,
  uniforms: (name: string, everyStep: boolean, entity: string, step: number) => readonly number[],
): (v: RandomVariable, everyStep: boolean, entity: string, step: number) => readonly Drawn[] {
  const byName = new Map(model.variables.map((v) => [v.name, v]))
  const streamOf = (v: RandomVariable) => v.drawsAs ?? v.name
  return (v, everyStep, entity, step) => {
    const own = (name: string) => uniforms(name, everyStep, entity, step)
    const group = model.correlations?.find(({ names }) => names.includes(v.name))
    if (!group) return own(streamOf(v)).map((u) => ({ u, z: normalQuantile(u) }))
    const sorted = group.names
      .map((name, place) => ({ stream: streamOf(byName.get(name) as RandomVariable), place, own: name === v.name }))
      .sort((a, b) => (a.stream < b.stream ? -1 : 1))
    const matrix = sorted.map((a) => sorted.map((b) => group.matrix[a.place]![b.place]!))
    const weights = lowerRow(
      matrix,
      sorted.findIndex((each) => each.own),
    )
    const used = weights.flatMap((weight, j) => (weight === 0 ? [] : [{ weight, us: own(sorted[j]!.stream) }]))
    if (used.length === 1) return used[0]!.us.map((u) => ({ u, z: normalQuantile(u) }))
    return used[0]!.us.map((_, row) => {
      const z = used.reduce((sum, { weight, us }) => sum + weight * normalQuantile(us[row]!), 0)
      return { z, u: held(normalProbability(z), ABOVE_ZERO, BELOW_ONE) }
    })
  }
}

/** A row of the Cholesky factor, by its definition. */
function lowerRow(matrix: readonly (readonly number[])[], i: number): number[] {
  const row: number[] = []
  for (let j = 0; j < i; j++) {
    const other = lowerRow(matrix, j)
    const sum = other.slice(0, j).reduce((rest, x, k) => rest - row[k]! * x, matrix[i]![j]!)
    row.push(sum / other[j]!)
  }
  row.push(Math.sqrt(row.reduce((rest, x) => rest - x * x, matrix[i]![i]!)))
  return row
}

/** Values of a distribution, one per row. Zeros have no sign. */
export function drawnValues(
  d: Distribution,
  drawn: readonly Drawn[],
  parameter: (p: Parameter) => readonly number[],
): number[] {
  if (d.kind === 'empirical') return drawn.map(({ u }) => empirical(d.values, d.weights, u) + 0)
  const names = PARAMETERS[d.kind]
  const given = names.map((name) => parameter((d as unknown as Record<string, Parameter>)[name] ?? DEFAULTS[name]!))
  return drawn.map(
    (each, row) =>
      quantile(
        d.kind,
        each,
        given.map((rows) => rows[row]!),
      ) + 0,
  )
}

const PARAMETERS: Record<Exclude<Distribution['kind'], 'empirical'>, readonly string[]> = {
  normal: ['mean', 'sd'],
  truncatedNormal: ['mean', 'sd', 'min', 'max'],
  logNormal: ['mu', 'sigma'],
  uniform: ['min', 'max'],
  triangular: ['min', 'mode', 'max'],
  exponential: ['mean'],
  gamma: ['shape', 'scale'],
  beta: ['alpha', 'beta', 'min', 'max'],
  poisson: ['mean'],
}
const DEFAULTS: Record<string, number> = { min: 0, max: 1 }

function quantile(kind: Exclude<Distribution['kind'], 'empirical'>, { u, z }: Drawn, p: readonly number[]): number {
  const [a = 0, b = 0, c = 0, d = 0] = p
  switch (kind) {
    case 'normal':
      return a + b * z
    case 'logNormal':
      return exp(a + b * z)
    case 'uniform':
      return a + (b - a) * u
    case 'truncatedNormal': {
      const mirrored = a < c
      const low = normalProbability(mirrored ? (a - d) / b : (c - a) / b)
      const high = normalProbability(mirrored ? (a - c) / b : (d - a) / b)
      const x = normalQuantile(held(low + (high - low) * u, ABOVE_ZERO, BELOW_ONE))
      return held(a + (mirrored ? -b : b) * x, c, d)
    }
    case 'triangular': {
      const range = c - a
      return u < (b - a) / range ? a + Math.sqrt(u * (range * (b - a))) : c - Math.sqrt((1 - u) * (range * (c - b)))
    }
    case 'exponential':
      return -a * log(1 - u)
    case 'gamma':
      return b * gammaQuantile(u, a)
    case 'beta':
      return c + (d - c) * betaQuantile(u, a, b)
    case 'poisson':
      return poissonQuantile(u, a)
  }
}

/** The least value whose probability, with that of all below, is above u. */
function empirical(values: readonly number[], weights: readonly number[] | undefined, u: number): number {
  const pairs = values
    .map((value, i) => ({ value, weight: weights?.[i] ?? 1 }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => a.value - b.value)
  const most = Math.max(...pairs.map(({ weight }) => weight))
  const total = pairs.reduce((sum, { weight }) => sum + weight / most, 0)
  let below = 0
  let last = pairs[0]!.value
  for (const { value, weight } of pairs) {
    if (below / total > u) break
    last = value
    below += weight / most
  }
  return last
}
