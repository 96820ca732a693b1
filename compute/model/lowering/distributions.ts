// Distributions as operations over a uniform number: each by its quantile function, so that it rises with the uniform (or normal) number behind it.
import type { Distribution, Parameter, Table } from '../model.ts'
import type { Graph } from './graph.ts'

/** The greatest double below 1 and the least normal one: a probability is held between them. */
const BELOW_ONE = 0.9999999999999999
const ABOVE_ZERO = 2.2250738585072014e-308

/** The number in (0, 1) behind a draw, and the normal one of the same probability: whichever of the two comes first gives the other. */
export interface Draw {
  uniform(): number
  normal(): number
}

/** Draws by a node of a uniform number. */
export function uniformDraw(graph: Graph, uniform: number): Draw {
  return { uniform: () => uniform, normal: () => graph.operation('normalQuantile', uniform) }
}

/** Draws by a node of a normal number; the probability is held within (0, 1). */
export function normalDraw(graph: Graph, normal: number): Draw {
  return { uniform: () => probability(graph, graph.operation('normalProbability', normal)), normal: () => normal }
}

/**
 * Node of a value of the distribution.
 * normal: mean + sd z. logNormal: exp(mu + sigma z). uniform: min + (max - min) u. exponential: -mean ln(1 - u).
 * triangular: Kotz and van Dorp 2004, 1.1. truncatedNormal: at the probability that lies below its range and u of that within,
 * mirrored where the range lies above the mean, because small probabilities are more precise than those near 1.
 */
export function distributionNode(
  graph: Graph,
  d: Distribution,
  draw: Draw,
  parameter: (p: Parameter) => number,
): number {
  const op = graph.operation.bind(graph)
  const scaled = (origin: number, spread: number, x: number) => op('add', origin, op('mul', spread, x))
  switch (d.kind) {
    case 'normal':
      return scaled(parameter(d.mean), parameter(d.sd), draw.normal())
    case 'logNormal':
      return op('exp', scaled(parameter(d.mu), parameter(d.sigma), draw.normal()))
    case 'uniform':
      return between(graph, parameter(d.min), parameter(d.max), draw.uniform())
    case 'truncatedNormal':
      return truncated(graph, d, draw.uniform(), parameter)
    case 'triangular':
      return triangular(graph, parameter(d.min), parameter(d.mode), parameter(d.max), draw.uniform())
    case 'exponential':
      return op('mul', op('neg', parameter(d.mean)), op('log', op('sub', graph.number(1), draw.uniform())))
    case 'gamma':
      return op('mul', parameter(d.scale), op('gammaQuantile', draw.uniform(), parameter(d.shape)))
    case 'beta': {
      const share = op('betaQuantile', draw.uniform(), parameter(d.alpha), parameter(d.beta))
      return between(graph, parameter(d.min ?? 0), parameter(d.max ?? 1), share)
    }
    case 'poisson':
      return op('poissonQuantile', draw.uniform(), parameter(d.mean))
    case 'empirical':
      return graph.lookup('stepLookup', cumulative(d.values, d.weights), draw.uniform())
  }
}

function between(graph: Graph, min: number, max: number, share: number): number {
  return graph.operation('add', min, graph.operation('mul', graph.operation('sub', max, min), share))
}

function probability(graph: Graph, p: number): number {
  return graph.operation('pmin', graph.operation('pmax', p, graph.number(ABOVE_ZERO)), graph.number(BELOW_ONE))
}

function truncated(
  graph: Graph,
  d: Extract<Distribution, { kind: 'truncatedNormal' }>,
  uniform: number,
  parameter: (p: Parameter) => number,
): number {
  const op = graph.operation.bind(graph)
  const [mean, sd, min, max] = [d.mean, d.sd, d.min, d.max].map(parameter) as [number, number, number, number]
  const mirrored = op('lt', mean, min)
  // Of the two sides one is left out where mean and minimum are constants.
  const side = (ifMirrored: () => number, otherwise: () => number) => {
    const { value } = graph.nodes[mirrored]!
    if (value !== undefined) return value !== 0 ? ifMirrored() : otherwise()
    return op('select', mirrored, ifMirrored(), otherwise())
  }
  const distance = (bound: number) => op('div', op('sub', bound, mean), sd)
  const mirroredDistance = (bound: number) => op('div', op('sub', mean, bound), sd)
  const below = op(
    'normalProbability',
    side(
      () => mirroredDistance(max),
      () => distance(min),
    ),
  )
  const upTo = op(
    'normalProbability',
    side(
      () => mirroredDistance(min),
      () => distance(max),
    ),
  )
  const p = probability(graph, op('add', below, op('mul', op('sub', upTo, below), uniform)))
  const spread = side(
    () => op('neg', sd),
    () => sd,
  )
  const value = op('add', mean, op('mul', spread, op('normalQuantile', p)))
  return extremum(graph, 'min', extremum(graph, 'max', value, min), max)
}

function triangular(graph: Graph, min: number, mode: number, max: number, u: number): number {
  const op = graph.operation.bind(graph)
  const range = op('sub', max, min)
  const left = op('sub', mode, min)
  const rising = op('add', min, op('sqrt', op('mul', u, op('mul', range, left))))
  const rest = op('mul', op('sub', graph.number(1), u), op('mul', range, op('sub', max, mode)))
  const falling = op('sub', max, op('sqrt', rest))
  return op('select', op('lt', u, op('div', left, range)), rising, falling)
}

/** Values, rising, at the probabilities below each; values of equal size or without weight are one or none. */
export function cumulative(values: readonly number[], weights?: readonly number[]): Table {
  const pairs = values
    .map((value, i) => ({ value: value + 0, weight: weights?.[i] ?? 1 }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => a.value - b.value)
  // Scaled first, so that weights of any size have a finite sum.
  const most = pairs.reduce((max, { weight }) => Math.max(max, weight), 0)
  const total = pairs.reduce((sum, { weight }) => sum + weight / most, 0)
  const xs: number[] = []
  const ys: number[] = []
  let below = 0
  for (const { value, weight } of pairs) {
    const x = below / total
    below += weight / most
    if (value === ys.at(-1)) continue
    if (x === xs.at(-1)) ys[ys.length - 1] = value
    else if (x < 1) {
      xs.push(x)
      ys.push(value)
    }
  }
  return { xs, ys }
}

/** Minimum or maximum; with a constant on one side the machine's faster form, whose second operand is never NaN. */
export function extremum(graph: Graph, op: 'min' | 'max', a: number, b: number): number {
  const isNumber = (id: number) => graph.nodes[id]!.value !== undefined
  const faster = op === 'min' ? 'pmin' : 'pmax'
  if (isNumber(b)) return graph.operation(faster, a, b)
  if (isNumber(a)) return graph.operation(faster, b, a)
  return graph.operation(op, a, b)
}
