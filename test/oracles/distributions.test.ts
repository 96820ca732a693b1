// Random parameters on the machine: their distribution functions (Kolmogorov-Smirnov), moments and correlations at a fixed seed.
import { describe, expect, it } from 'vitest'
import { call, expression } from '../../compute/model/build.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import { normalProbability } from '../../compute/model/math/normal.ts'
import type { Correlation, Distribution, Model, Variable } from '../../compute/model/model.ts'
import { newMachine, runBoth } from '../support/kernels.ts'

const machine = newMachine()
const LANES = 20_000
const unit = '1'
const random = (name: string, distribution: Distribution, over: object = {}): Variable => ({
  kind: 'random',
  name,
  unit,
  distribution,
  ...over,
})

async function draw(variables: readonly Variable[], over: Partial<Model> = {}): Promise<Float64Array[]> {
  const outputs = variables.filter((v) => v.kind === 'random').map((v) => v.name)
  const plan = lower({ name: 'test', variables, tables: {}, outputs, ...over })
  const { values } = await machine.run({ plan, inputs: {}, series: {} }, {}, { from: 0, to: LANES }, '42')
  return outputs.map((_, i) => values.slice(i * LANES, (i + 1) * LANES))
}

const mean = (xs: ArrayLike<number>) => Array.from(xs).reduce((sum, x) => sum + x, 0) / xs.length
const covariance = (xs: Float64Array, ys: Float64Array) => {
  const [x0, y0] = [mean(xs), mean(ys)]
  return xs.reduce((sum, x, i) => sum + (x - x0) * (ys[i]! - y0), 0) / (xs.length - 1)
}
const correlation = (xs: Float64Array, ys: Float64Array) =>
  covariance(xs, ys) / Math.sqrt(covariance(xs, xs) * covariance(ys, ys))

/** Greatest distance between the distribution of the sample and a continuous one. */
function distance(sample: Float64Array, probability: (x: number) => number): number {
  const sorted = sample.toSorted()
  return sorted.reduce((most, x, i) => {
    const p = probability(x)
    return Math.max(most, p - i / sorted.length, (i + 1) / sorted.length - p)
  }, 0)
}

/** Kolmogorov's bound at one in a thousand. */
const BOUND = 1.95 / Math.sqrt(LANES)

describe('the sample of a distribution', () => {
  const cases: [string, Distribution, (x: number) => number, mean: number, sd: number][] = [
    ['normal', { kind: 'normal', mean: 3, sd: 2 }, (x) => normalProbability((x - 3) / 2), 3, 2],
    [
      'log-normal',
      { kind: 'logNormal', mu: 0.2, sigma: 0.4 },
      (x) => normalProbability((Math.log(x) - 0.2) / 0.4),
      Math.exp(0.28),
      Math.exp(0.28) * Math.sqrt(Math.exp(0.16) - 1),
    ],
    ['uniform', { kind: 'uniform', min: -1, max: 3 }, (x) => (x + 1) / 4, 1, 4 / Math.sqrt(12)],
    [
      'truncated normal',
      { kind: 'truncatedNormal', mean: 1, sd: 1, min: 1, max: 99 },
      (x) => 2 * normalProbability(x - 1) - 1,
      1 + Math.sqrt(2 / Math.PI),
      Math.sqrt(1 - 2 / Math.PI),
    ],
    [
      'triangular',
      { kind: 'triangular', min: 0, mode: 1, max: 4 },
      (x) => (x < 1 ? (x * x) / 4 : 1 - (4 - x) ** 2 / 12),
      5 / 3,
      Math.sqrt((0 + 1 + 16 - 0 - 0 - 4) / 18),
    ],
    [
      'triangular with its mode at an end',
      { kind: 'triangular', min: 1, mode: 1, max: 2 },
      (x) => 1 - (2 - x) ** 2,
      4 / 3,
      Math.sqrt(1 / 18),
    ],
    ['exponential', { kind: 'exponential', mean: 3 }, (x) => 1 - Math.exp(-x / 3), 3, 3],
    [
      'gamma of shape 2',
      { kind: 'gamma', shape: 2, scale: 3 },
      (x) => 1 - (1 + x / 3) * Math.exp(-x / 3),
      6,
      3 * Math.SQRT2,
    ],
    [
      'gamma of shape 1/2',
      { kind: 'gamma', shape: 0.5, scale: 1 },
      (x) => 2 * normalProbability(Math.sqrt(2 * x)) - 1,
      0.5,
      Math.SQRT1_2,
    ],
    ['beta', { kind: 'beta', alpha: 2, beta: 3 }, (x) => 6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4, 0.4, 0.2],
    [
      'beta between bounds',
      { kind: 'beta', alpha: 0.5, beta: 0.5, min: -1, max: 1 },
      (x) => (2 / Math.PI) * Math.asin(Math.sqrt((x + 1) / 2)),
      0,
      Math.SQRT1_2,
    ],
  ]
  it.each(cases)(
    'that is %s lies within the Kolmogorov-Smirnov bound and has its moments',
    async (_, d, probability, mu, sd) => {
      const [sample] = await draw([random('x', d)])
      expect(distance(sample!, probability)).toBeLessThan(BOUND)
      expect(Math.abs(mean(sample!) - mu)).toBeLessThan((4 * sd) / Math.sqrt(LANES))
      expect(Math.abs(Math.sqrt(covariance(sample!, sample!)) / sd - 1)).toBeLessThan(0.04)
    },
  )

  const shares = (sample: Float64Array) => {
    const counts = new Map<number, number>()
    for (const x of sample) counts.set(x, (counts.get(x) ?? 0) + 1 / sample.length)
    return counts
  }

  it('that is Poisson has its probabilities', async () => {
    const [sample] = await draw([random('x', { kind: 'poisson', mean: 2.5 })])
    const found = shares(sample!)
    let p = Math.exp(-2.5)
    for (let k = 0; k < 8; p *= 2.5 / ++k)
      expect(Math.abs(found.get(k)! - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / LANES))
    expect([...found.keys()].every(Number.isInteger)).toBe(true)
  })

  it('that is empirical has its values by their weights', async () => {
    const [sample] = await draw([random('x', { kind: 'empirical', values: [5, -1, 2], weights: [1, 2, 5] })])
    const found = shares(sample!)
    expect([...found.keys()].sort((a, b) => a - b)).toEqual([-1, 2, 5])
    for (const [value, p] of [
      [5, 1 / 8],
      [-1, 2 / 8],
      [2, 5 / 8],
    ] as const)
      expect(Math.abs(found.get(value)! - p)).toBeLessThan(0.012)
  })

  it('of one value is that', async () => {
    const [point, side] = await draw([
      random('x', { kind: 'empirical', values: [7] }),
      random('y', { kind: 'triangular', min: 2, mode: 2, max: 2 }),
    ])
    expect([new Set(point), new Set(side)]).toEqual([new Set([7]), new Set([2])])
  })

  it('follows parameters that are drawn or given themselves', async () => {
    const variables = [
      random('spread', { kind: 'uniform', min: 1, max: 3 }),
      random('x', { kind: 'normal', mean: call('mul', 10, 'spread'), sd: expression('spread') }),
      random('low', { kind: 'truncatedNormal', mean: 0, sd: 1, min: expression('spread'), max: 9 }),
    ]
    const [spread, x, low] = await draw(variables)
    const standard = x!.map((value, i) => (value - 10 * spread![i]!) / spread![i]!)
    expect(distance(standard, normalProbability)).toBeLessThan(BOUND)
    expect(low!.every((value, i) => value >= spread![i]!)).toBe(true)
    // The probability below, given the bound, is uniform.
    const tail = (value: number) => normalProbability(-value)
    expect(
      distance(
        low!.map((value, i) => 1 - tail(value) / tail(spread![i]!)),
        (u) => u,
      ),
    ).toBeLessThan(BOUND)
  })
})

describe('a draw at each step', () => {
  it('is new at each step, and of the same distribution', async () => {
    const variables = [random('x', { kind: 'normal', mean: 0, sd: 1 }, { everyStep: true })]
    const plan = lower({
      name: 'test',
      variables,
      tables: {},
      outputs: ['x'],
      time: { start: 0, dt: 1, steps: 2, saveEvery: 1, unit: 'year' },
    })
    const { values } = await runBoth(machine, { plan }, { from: 0, to: 4000 }, {}, '42')
    const steps = [0, 1, 2].map((t) => values.slice(t * 4000, (t + 1) * 4000))
    for (const sample of steps) expect(distance(sample, normalProbability)).toBeLessThan(1.95 / Math.sqrt(4000))
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      expect(Math.abs(correlation(steps[a]!, steps[b]!))).toBeLessThan(4 / Math.sqrt(4000))
    }
  })
})

describe('correlated parameters', () => {
  const correlations: Correlation[] = [
    {
      names: ['wage', 'price', 'rent'],
      matrix: [
        [1, 0.6, -0.3],
        [0.6, 1, 0.2],
        [-0.3, 0.2, 1],
      ],
    },
  ]
  const within = 4 / Math.sqrt(LANES)

  it('that are normal have the correlations asked for, and their own distributions', async () => {
    const variables = ['wage', 'price', 'rent', 'other'].map((name, i) =>
      random(name, { kind: 'normal', mean: i, sd: i + 1 }),
    )
    const samples = await draw(variables, { correlations })
    const found = (i: number, j: number) => correlation(samples[i]!, samples[j]!)
    for (const [i, j, rho] of [
      [0, 1, 0.6],
      [0, 2, -0.3],
      [1, 2, 0.2],
      [0, 3, 0],
      [1, 3, 0],
    ] as const) {
      expect(Math.abs(found(i, j) - rho)).toBeLessThan(within)
    }
    for (const [i, sample] of samples.entries()) {
      expect(distance(sample, (x) => normalProbability((x - i) / (i + 1)))).toBeLessThan(BOUND)
    }
  })

  it('of any other distribution have the copula of these: of uniforms 6/pi asin(rho/2)', async () => {
    const variables = ['wage', 'price', 'rent'].map((name) => random(name, { kind: 'uniform', min: 0, max: 1 }))
    const samples = await draw(variables, { correlations })
    for (const [i, j, rho] of [
      [0, 1, 0.6],
      [0, 2, -0.3],
      [1, 2, 0.2],
    ] as const) {
      const pearson = (6 / Math.PI) * Math.asin(rho / 2)
      expect(Math.abs(correlation(samples[i]!, samples[j]!) - pearson)).toBeLessThan(within)
    }
    for (const sample of samples) expect(distance(sample, (x) => x)).toBeLessThan(BOUND)
  })

  it('that are exponential and gamma keep their distributions, and rise together', async () => {
    const variables = [
      random('wage', { kind: 'exponential', mean: 1 }),
      random('price', { kind: 'gamma', shape: 2, scale: 1 }),
      random('rent', { kind: 'beta', alpha: 2, beta: 3 }),
    ]
    const [wage, price, rent] = await draw(variables, { correlations })
    expect(distance(wage!, (x) => 1 - Math.exp(-x))).toBeLessThan(BOUND)
    expect(distance(price!, (x) => 1 - (1 + x) * Math.exp(-x))).toBeLessThan(BOUND)
    expect(correlation(wage!, price!)).toBeGreaterThan(0.5)
    expect(correlation(wage!, rent!)).toBeLessThan(-0.2)
  })
})
