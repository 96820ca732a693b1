// What a population's question has to give, reckoned slowly: lanes by the interpreter, sums as fractions, figures by their definitions.
import type { PopulationResult, Submission } from '../../compute/dispatch/port.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { POPULATION_QUANTILES, type PopulationSpec, TOP_SHARES } from '../../schema/jobs.ts'

/** One of whatever is ranked: a household, or a lane that is alone. */
interface Unit {
  readonly lanes: readonly number[]
}

/** Only of populations without failures. Compare with a tolerance: the fleet's sums are rounded at other places. */
export function expectedPopulation(
  submission: Submission & { readonly result: PopulationSpec; readonly columns: Record<string, Float64Array> },
): PopulationResult {
  const { plan, lanes, result: spec, inputs = {}, columns, seed = '0' } = submission
  const { values } = interpret({ plan, inputs, series: {} }, columns, { from: 0, to: lanes }, seed)
  const places = new Map(plan.outputs.map(({ name }, i) => [name, i]))
  const value = (name: string, lane: number) => values[places.get(name)! * lanes + lane]!
  const outputOf = (name: string) => ({ name, unit: plan.outputs[places.get(name)!]!.unit })
  const every = Array.from({ length: lanes }, (_, lane) => lane)
  const weighted = (name: string, among: readonly number[]) =>
    exactly(among.map((lane) => value(spec.weight, lane) * value(name, lane)))
  const weightOf = (among: readonly number[]) => exactly(among.map((lane) => value(spec.weight, lane)))
  const units: Unit[] = []
  for (const lane of every) {
    const last = units.at(-1)
    if (spec.link && last && value(spec.link, lane) === value(spec.link, lane - 1)) {
      units[units.length - 1] = { lanes: [...last.lanes, lane] }
    } else units.push({ lanes: [lane] })
  }
  const income = (name: string, unit: Unit) => unit.lanes.reduce((sum, lane) => sum + value(name, lane), 0)
  const weight = (name: string, unit: Unit) => value(name, unit.lanes[0]!)

  const groups = spec.groups.map((name) => {
    const codes = [...new Set(every.map((lane) => value(name, lane)))].sort((a, b) => a - b)
    const members = codes.map((code) => every.filter((lane) => value(name, lane) === code))
    return {
      name,
      codes,
      lanes: Float64Array.from(members, (of) => of.length),
      weight: Float64Array.from(members, weightOf),
      sums: Float64Array.from(spec.sums.flatMap((summed) => members.map((of) => weighted(summed, of)))),
    }
  })

  const ranksOf = ({ by, weight: rankWeight, count, dropNegative }: NonNullable<PopulationSpec['ranks']>) => {
    const order = units.map((unit, i) => ({ unit, i, by: income(by, unit), w: weight(rankWeight, unit) }))
    order.sort((a, b) => a.by - b.by || a.i - b.i)
    const total = order.reduce((sum, { w }) => sum + w, 0)
    const members = Array.from({ length: count }, (): typeof order => [])
    let below = 0
    for (const one of order) {
      const middle = (count * (below + one.w / 2)) / total
      const rank = total > 0 ? Math.min(count - 1, Math.floor(middle)) : 0
      if (!(dropNegative && one.by < 0)) members[rank]!.push(one)
      below += one.w
    }
    const lanesOf = members.map((of) => of.flatMap(({ unit }) => unit.lanes))
    return {
      outputs: spec.ranked.map(outputOf),
      lanes: Float64Array.from(lanesOf, (of) => of.length),
      weight: Float64Array.from(lanesOf, weightOf),
      rankWeight: Float64Array.from(members, (of) => of.reduce((sum, { w }) => sum + w, 0)),
      least: Float64Array.from(members, (of) => of[0]?.by ?? Number.NaN),
      sums: Float64Array.from(spec.ranked.flatMap((ranked) => lanesOf.map((of) => weighted(ranked, of)))),
    }
  }

  const pairs = (x: string, w: string) => units.map((unit) => ({ x: income(x, unit), w: weight(w, unit) }))
  return {
    kind: 'POPULATION',
    lanes,
    households: units.length,
    weight: weightOf(every),
    outputs: spec.sums.map(outputOf),
    sums: Float64Array.from(spec.sums, (name) => weighted(name, every)),
    groups,
    ranks: spec.ranks && ranksOf(spec.ranks),
    distributions: spec.distributions.map(({ income: x, weight: w }) => ({
      income: outputOf(x),
      weightedBy: w,
      ...distribution(pairs(x, w)),
    })),
    poverty: spec.poverty.map(({ income: x, weight: w, line: { share, of, weight: ofWeight } }) => {
      const line = share * weightedQuantile(pairs(of, ofWeight), 0.5)
      const all = pairs(x, w)
      const total = all.reduce((sum, one) => sum + one.w, 0)
      const poor = all.filter((one) => one.x < line)
      const weightOfPoor = poor.reduce((sum, one) => sum + one.w, 0)
      const short = poor.reduce((sum, one) => sum + one.w * (line - one.x), 0)
      const gap = line > 0 ? short / line / total : Number.NaN
      return { income: outputOf(x), weightedBy: w, line, poor: weightOfPoor, rate: weightOfPoor / total, gap }
    }),
    failed: [],
  }
}

/** A sum of f64 as a fraction of 2^1074, rounded once at the end. */
function exactly(terms: readonly number[]): number {
  let sum = 0n
  const view = new DataView(new ArrayBuffer(8))
  for (const term of terms) {
    view.setFloat64(0, term)
    const bits = view.getBigUint64(0)
    const exponent = (bits >> 52n) & 0x7ffn
    const mantissa = (bits & 0xfffffffffffffn) | (exponent > 0n ? 1n << 52n : 0n)
    const size = mantissa << (exponent > 0n ? exponent - 1n : 0n)
    sum += bits >> 63n ? -size : size
  }
  // Enough bits of the whole part and of the rest for a double.
  const scale = 1n << 1024n
  return Number(sum / scale) * 2 ** -50 + Number(sum % scale) * 2 ** -1000 * 2 ** -74
}

interface Pair {
  readonly x: number
  readonly w: number
}

/** By the definition: half the mean absolute difference of all pairs. */
function distribution(pairs: readonly Pair[]) {
  const sum = (of: (pair: Pair) => number) => pairs.reduce((total, pair) => total + of(pair), 0)
  const weight = sum(({ w }) => w)
  const total = sum(({ w, x }) => w * x)
  const mean = total / weight
  let difference = 0
  for (const a of pairs) for (const b of pairs) difference += a.w * b.w * Math.abs(a.x - b.x)
  const half = difference / weight / weight / 2
  const falling = [...pairs].sort((a, b) => b.x - a.x)
  return {
    weight,
    mean,
    gini: mean > 0 ? half / mean : Number.NaN,
    giniNormalized: pairs.every(({ x }) => x === 0) ? 0 : half / (sum(({ w, x }) => w * Math.abs(x)) / weight),
    quantiles: Float64Array.from(POPULATION_QUANTILES, (p) => weightedQuantile(pairs, p)),
    topShares: Float64Array.from(TOP_SHARES, (fraction) => {
      let left = fraction * weight
      let taken = 0
      for (const { x, w } of falling) {
        const part = Math.min(left, w)
        taken += part * x
        left -= part
      }
      return total > 0 ? taken / total : Number.NaN
    }),
  }
}

/** Definition 2 of Hyndman and Fan with weights. */
function weightedQuantile(pairs: readonly Pair[], p: number): number {
  const rising = pairs.filter(({ w }) => w > 0).sort((a, b) => a.x - b.x)
  const weight = rising.reduce((sum, { w }) => sum + w, 0)
  let upTo = 0
  for (const [i, { x, w }] of rising.entries()) {
    upTo += w
    if (upTo > p * weight) return x
    if (upTo === p * weight) return x + ((rising[i + 1]?.x ?? x) - x) / 2
  }
  return rising.at(-1)?.x ?? Number.NaN
}
