// The plain answer to a question about a population: what its spec asks for, summed one lane after the other.
import type { FailedOutput, PopulationResult } from '../../compute/dispatch/port.ts'
import type { Plan } from '../../compute/model/plan.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { POPULATION_QUANTILES, type PopulationSpec, TOP_SHARES } from '../../schema/jobs.ts'

interface Question {
  readonly plan: Plan
  readonly spec: PopulationSpec
  readonly inputs: Readonly<Record<string, number>>
  readonly columns: Readonly<Record<string, Float64Array>>
  readonly lanes: number
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** Computed by the interpreter of plans; figures of outputs that are not finite are NaN, and these are named in `failed`. */
export function populationAnswer({ plan, spec, inputs, columns, lanes }: Question): PopulationResult {
  const { values } = interpret({ plan, inputs, series: {} }, columns, { from: 0, to: lanes }, '0')
  const of = new Map(
    plan.outputs.map(({ name }, i) => [name, Array.from(values.subarray(i * lanes, (i + 1) * lanes))] as const),
  )
  const unit = (name: string) => ({ name, unit: plan.outputs.find((output) => output.name === name)!.unit })
  const weight = of.get(spec.weight)!
  const every = weight.map((_, lane) => lane)
  const weighted = (name: string, lanes: readonly number[]) =>
    total(lanes.map((lane) => of.get(name)![lane]! * weight[lane]!))

  const begins = every.filter(
    (lane) => !spec.link || lane === 0 || of.get(spec.link)![lane] !== of.get(spec.link)![lane - 1],
  )
  const members = begins.map((from, i) => every.slice(from, begins[i + 1]))
  const added = (name: string) => members.map((lanes) => total(lanes.map((lane) => of.get(name)![lane]!)))
  const first = (name: string) => begins.map((lane) => of.get(name)![lane]!)

  return {
    kind: 'POPULATION',
    lanes,
    households: begins.length,
    weight: total(weight),
    outputs: spec.sums.map(unit),
    sums: Float64Array.from(spec.sums, (name) => weighted(name, every)),
    groups: spec.groups.map((name) => {
      const codes = [...new Set(of.get(name)!)].sort((a, b) => a - b)
      const lanesOf = codes.map((code) => every.filter((lane) => of.get(name)![lane] === code))
      return {
        name,
        codes,
        lanes: Float64Array.from(lanesOf, (lanes) => lanes.length),
        weight: Float64Array.from(lanesOf, (lanes) => total(lanes.map((lane) => weight[lane]!))),
        sums: Float64Array.from(spec.sums.flatMap((output) => lanesOf.map((lanes) => weighted(output, lanes)))),
      }
    }),
    ranks: ranksOf(),
    distributions: spec.distributions.map(({ income, weight }) => ({
      income: unit(income),
      weightedBy: weight,
      ...distribution(added(income), first(weight)),
    })),
    poverty: spec.poverty.map(({ income, weight: weightedBy, line: { share, of: whose, weight } }) => {
      const line = share * median(added(whose), first(weight))
      const persons = first(weightedBy)
      const below = added(income).map((x) => Math.max(0, line - x))
      const poor = total(persons.filter((_, i) => added(income)[i]! < line))
      const gap = line > 0 ? total(below.map((d, i) => d * persons[i]!)) / line / total(persons) : Number.NaN
      return { income: unit(income), weightedBy, line, poor, rate: poor / total(persons), gap }
    }),
    failed: [...of].flatMap(([output, values]): FailedOutput[] => {
      const bad = every.filter((lane) => !Number.isFinite(values[lane]))
      return bad.length === 0 ? [] : [{ output, reason: 'NOT_A_NUMBER', lane: bad[0]!, count: bad.length }]
    }),
  }

  function ranksOf() {
    if (!spec.ranks) return null
    const { by, weight: counted, count, dropNegative } = spec.ranks
    const [income, counts] = [added(by), first(counted)]
    const order = income.map((_, i) => i).sort((a, b) => income[a]! - income[b]! || a - b)
    const groups = Array.from({ length: count }, (): number[] => [])
    let below = 0
    for (const i of order) {
      const group = Math.min(count - 1, Math.floor((count * (below + counts[i]! / 2)) / total(counts)))
      if (!dropNegative || income[i]! >= 0) groups[group >= 0 && group < count ? group : 0]!.push(i)
      below += counts[i]!
    }
    const lanesOf = groups.map((group) => group.flatMap((i) => members[i]!))
    return {
      outputs: spec.ranked.map(unit),
      lanes: Float64Array.from(lanesOf, (lanes) => lanes.length),
      weight: Float64Array.from(lanesOf, (lanes) => total(lanes.map((lane) => weight[lane]!))),
      rankWeight: Float64Array.from(groups, (group) => total(group.map((i) => counts[i]!))),
      least: Float64Array.from(groups, (group) =>
        group.length ? Math.min(...group.map((i) => income[i]!)) : Number.NaN,
      ),
      sums: Float64Array.from(spec.ranked.flatMap((output) => lanesOf.map((lanes) => weighted(output, lanes)))),
    }
  }
}

/** The first value with more than half of the weight up to it; the mean of two that half the weight falls between. */
export function median(values: readonly number[], weights: readonly number[]): number {
  return quantile(values, weights, 0.5)
}

function quantile(values: readonly number[], weights: readonly number[], p: number): number {
  const rising = values.map((value, i) => ({ value, weight: weights[i]! })).sort((a, b) => a.value - b.value)
  const weighing = rising.filter(({ weight }) => weight > 0)
  const whole = total(weights)
  let upTo = 0
  for (const [i, { value, weight }] of weighing.entries()) {
    upTo += weight
    if (upTo === p * whole) return (value + (weighing[i + 1]?.value ?? value)) / 2
    if (upTo > p * whole) return value
  }
  return Number.NaN
}

function distribution(values: readonly number[], weights: readonly number[]) {
  const weight = total(weights)
  const sum = total(values.map((value, i) => value * weights[i]!))
  const mean = sum / weight
  const pairs = total(values.flatMap((a, i) => values.map((b, j) => weights[i]! * weights[j]! * Math.abs(a - b))))
  const half = pairs / (2 * weight * weight)
  const absolute = total(values.map((value, i) => Math.abs(value) * weights[i]!)) / weight
  return {
    weight,
    mean,
    gini: mean > 0 ? half / mean : Number.NaN,
    giniNormalized: absolute === 0 ? 0 : half / absolute,
    quantiles: Float64Array.from(POPULATION_QUANTILES, (p) => quantile(values, weights, p)),
    topShares: Float64Array.from(TOP_SHARES, (fraction) => topShare(values, weights, fraction)),
  }
}

function topShare(values: readonly number[], weights: readonly number[], fraction: number): number {
  const falling = values.map((value, i) => ({ value, weight: weights[i]! })).sort((a, b) => b.value - a.value)
  let left = fraction * total(weights)
  let sum = 0
  for (const { value, weight } of falling) {
    const part = Math.min(left, weight)
    sum += part * value
    left -= part
  }
  const whole = total(values.map((value, i) => value * weights[i]!))
  return whole > 0 ? sum / whole : Number.NaN
}
