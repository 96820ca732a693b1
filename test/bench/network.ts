// The network of the benchmark: 40 stocks, 200 mechanisms (80 linear, 60 sigmoid, 60 logarithmic), decay, clamps, 4 outputs saved.
import { call, sum } from '../../compute/model/build.ts'
import type { Expression, Model, Variable } from '../../compute/model/model.ts'

export interface Mechanism {
  readonly form: 'linear' | 'sigmoid' | 'logarithmic'
  readonly from: number
  readonly to: number
  readonly mean: number
  readonly sd: number
  readonly ceiling: number
  readonly slope: number
  readonly midpoint: number
}

export interface Network {
  readonly stocks: readonly {
    readonly initial: number
    readonly decay: number
    readonly reference: number
    readonly max: number
  }[]
  readonly mechanisms: readonly Mechanism[]
  readonly outputs: readonly number[]
  readonly steps: number
  readonly dt: number
}

/** Numbers in [0, 1) from a linear congruential generator (Numerical Recipes constants): only to lay out the network. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** @param scale how many times the 40 stocks and 200 mechanisms. */
export function exampleNetwork(scale = 1): Network {
  const count = 40 * scale
  const next = generator(2024)
  const stocks = Array.from({ length: count }, () => ({
    initial: 10 + 80 * next(),
    decay: 0.05 + 0.1 * next(),
    reference: 10 + 80 * next(),
    max: 200,
  }))
  const mechanisms = Array.from({ length: 200 * scale }, (_, i): Mechanism => {
    const form = i < 80 * scale ? 'linear' : i < 140 * scale ? 'sigmoid' : 'logarithmic'
    // The first ones are a ring, so that every stock bears on the outputs.
    const from = i < count ? i : Math.floor(next() * count)
    const mean = form === 'linear' ? (next() - 0.6) * 0.02 : (next() - 0.5) * 0.5
    return {
      form,
      from,
      to: (from + 1 + (i < count ? 0 : Math.floor(next() * (count - 1)))) % count,
      mean,
      sd: Math.abs(mean) * 0.2,
      ceiling: 1 + next(),
      slope: 0.02 + 0.1 * next(),
      midpoint: 20 + 60 * next(),
    }
  })
  return { stocks, mechanisms, outputs: [0, 10, 20, 30], steps: 240, dt: 0.25 }
}

const stock = (i: number) => `stock_${i}`
const coefficient = (i: number) => `coefficient_${i}`

/** The network in the formula language: a coefficient per mechanism and draw. */
export function networkModel({ stocks, mechanisms, outputs, steps, dt }: Network): Model {
  const term = (m: Mechanism, i: number): Expression => {
    if (m.form === 'linear') return call('linear', coefficient(i), stock(m.from))
    if (m.form === 'logarithmic') return call('logarithmic', coefficient(i), stock(m.from))
    return call('sigmoid', coefficient(i), stock(m.from), m.ceiling, m.slope, m.midpoint)
  }
  const variables: Variable[] = stocks.map(({ initial, decay, reference, max }, i) => {
    const terms = mechanisms.flatMap((m, j) => (m.to === i ? [term(m, j)] : []))
    const flow = call('sub', sum(terms), call('mul', decay, call('sub', stock(i), reference)))
    return { kind: 'stock', name: stock(i), unit: '1', initial: { op: 'number', value: initial }, flow, min: 0, max }
  })
  mechanisms.forEach(({ mean, sd }, i) => {
    variables.push({ kind: 'random', name: coefficient(i), unit: '1', distribution: { kind: 'normal', mean, sd } })
  })
  return {
    name: 'benchmark network',
    variables,
    tables: {},
    time: { start: 0, dt, steps, saveEvery: 1, unit: 'quarter' },
    outputs: outputs.map(stock),
  }
}

/** The same network as a model file. */
export function networkFile({ stocks, mechanisms, outputs, steps, dt }: Network): string {
  const term = (m: Mechanism, i: number): string => {
    if (m.form === 'linear') return `${coefficient(i)} * ${stock(m.from)}`
    if (m.form === 'logarithmic') return `${coefficient(i)} * ln(1 + ${stock(m.from)})`
    return `${coefficient(i)} * ${m.ceiling} / (1 + exp(${m.slope} * (${m.midpoint} - ${stock(m.from)})))`
  }
  const variables: Record<string, unknown> = {}
  stocks.forEach(({ initial, decay, reference, max }, i) => {
    const terms = mechanisms.flatMap((m, j) => (m.to === i ? [term(m, j)] : []))
    const flow = `${terms.join(' + ') || '0'} - ${decay} * (${stock(i)} - ${reference})`
    variables[stock(i)] = { stock: initial, flow, min: 0, max }
  })
  mechanisms.forEach(({ mean, sd }, i) => {
    variables[coefficient(i)] = { random: `normal(${mean}, ${sd})` }
  })
  return JSON.stringify({
    name: 'benchmark network',
    time: { start: 0, stop: steps * dt, dt, unit: 'quarter' },
    variables,
    outputs: outputs.map(stock),
  })
}
