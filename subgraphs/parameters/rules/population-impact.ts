// What a reform does to a population: the budget by programme, deciles, winners and losers, from the lanes of a run.
import type { LanesResult } from '../../../compute/dispatch/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { Programme } from '../../../schema/terms/tax.ts'
import { resultName, type Side } from './us-federal-slice/model.ts'
import { weightedSum } from './weighted-sum.ts'

/** USD a year, over all units with their weights. */
interface Budget {
  readonly programme: Programme | null
  readonly baseline: number
  readonly reform: number
  readonly change: number
}

/** Parallel lists over deciles 1 to 10 by wages. Amounts are means per unit, in USD a year. */
interface Deciles {
  readonly decile: readonly number[]
  readonly weight: readonly number[]
  readonly meanWages: readonly number[]
  readonly meanNetTaxBaseline: readonly number[]
  readonly meanNetTaxChange: readonly number[]
  readonly meanNetIncomeChange: readonly number[]
  readonly winnersShare: readonly number[]
  readonly losersShare: readonly number[]
}

/** Units whose net income changes, weighted; a change within half a cent is none. */
interface Affected {
  readonly weight: number
  readonly share: number
  /** Mean change of net income of those affected, in USD a year; 0 where there are none. */
  readonly meanChange: number
}

export interface Impact {
  readonly units: number
  readonly weight: number
  readonly budget: Budget
  readonly byProgramme: readonly Budget[]
  readonly deciles: Deciles
  readonly winners: Affected
  readonly losers: Affected
}

/** A change below half a cent is rounding. */
const TOLERANCE_USD = 0.005

const DECILES = 10

const PROGRAMMES: readonly (readonly [Programme, string])[] = [
  [Programme.INCOME_TAX, 'income_tax_before_credits'],
  [Programme.PAYROLL_TAX, 'payroll_tax'],
]

/** Derives the impact from the merged lanes of the rules us-federal-slice. All sums are in the order of the lanes. */
export function derivePopulationImpact(result: LanesResult): Impact {
  const weight = columnOf(result, 'weight')
  const wages = columnOf(result, resultName('agi', 'baseline'))
  const netIncomeChange = columnOf(result, resultName('net_income', 'change'))
  const every = Array.from({ length: result.lanes }, (_, lane) => lane)
  return {
    units: result.lanes,
    weight: weightedSum(weight),
    budget: budgetOf(result, weight, null, 'net_tax'),
    byProgramme: PROGRAMMES.map(([programme, name]) => budgetOf(result, weight, programme, name)),
    deciles: decilesOf(result, weight, wages, netIncomeChange),
    winners: affected(every, weight, netIncomeChange, (change) => change > TOLERANCE_USD),
    losers: affected(every, weight, netIncomeChange, (change) => change < -TOLERANCE_USD),
  }
}

/** Change of net taxes as a fraction of net taxes; 0 where the population pays none. */
export function netTaxChangeFraction(result: LanesResult): number {
  const weight = columnOf(result, 'weight')
  const baseline = weightedSum(columnOf(result, resultName('net_tax', 'baseline')), weight)
  return baseline === 0 ? 0 : weightedSum(columnOf(result, resultName('net_tax', 'change')), weight) / baseline
}

/**
 * The decile (0 to 9) of every unit: by wages, ties in the order of the lanes. A unit belongs where the middle of its weight falls, so that
 * each decile has a tenth of the weight, give or take half a unit.
 * @param wages f64[n]
 * @param weight f64[n], none negative; where all are 0 every unit is in the first
 */
export function decileOf(wages: ArrayLike<number>, weight: ArrayLike<number>): Int8Array {
  const order = Array.from({ length: wages.length }, (_, lane) => lane).sort((a, b) => wages[a]! - wages[b]! || a - b)
  const total = weightedSum(weight)
  const deciles = new Int8Array(wages.length)
  let below = 0
  for (const lane of order) {
    const middle = below + weight[lane]! / 2
    deciles[lane] = total > 0 ? Math.min(DECILES - 1, Math.floor((DECILES * middle) / total)) : 0
    below += weight[lane]!
  }
  return deciles
}

function decilesOf(
  result: LanesResult,
  weight: Float64Array,
  wages: Float64Array,
  netIncomeChange: Float64Array,
): Deciles {
  const decile = decileOf(wages, weight)
  const members = Array.from({ length: DECILES }, (): number[] => [])
  for (let lane = 0; lane < result.lanes; lane++) members[decile[lane]!]!.push(lane)
  const meansOf = (values: Float64Array) => members.map((lanes) => mean(lanes, weight, values))
  const sharesOf = (counts: (change: number) => boolean) =>
    members.map((lanes) => affected(lanes, weight, netIncomeChange, counts).share)
  return {
    decile: members.map((_, i) => i + 1),
    weight: members.map((lanes) => weightedSum(pick(lanes, weight))),
    meanWages: meansOf(wages),
    meanNetTaxBaseline: meansOf(columnOf(result, resultName('net_tax', 'baseline'))),
    meanNetTaxChange: meansOf(columnOf(result, resultName('net_tax', 'change'))),
    meanNetIncomeChange: meansOf(netIncomeChange),
    winnersShare: sharesOf((change) => change > TOLERANCE_USD),
    losersShare: sharesOf((change) => change < -TOLERANCE_USD),
  }
}

function budgetOf(result: LanesResult, weight: Float64Array, programme: Programme | null, name: string): Budget {
  const total = (side: Side | 'change') => weightedSum(columnOf(result, resultName(name, side)), weight)
  return { programme, baseline: total('baseline'), reform: total('reform'), change: total('change') }
}

function affected(
  lanes: readonly number[],
  weight: Float64Array,
  change: Float64Array,
  counts: (change: number) => boolean,
): Affected {
  const those = lanes.filter((lane) => counts(change[lane]!))
  const all = weightedSum(pick(lanes, weight))
  const some = weightedSum(pick(those, weight))
  return { weight: some, share: all > 0 ? some / all : 0, meanChange: mean(those, weight, change) }
}

/** Weighted mean over some lanes; 0 where they weigh nothing. */
function mean(lanes: readonly number[], weight: Float64Array, values: Float64Array): number {
  const total = weightedSum(pick(lanes, weight))
  return total > 0 ? weightedSum(pick(lanes, values), pick(lanes, weight)) / total : 0
}

const pick = (lanes: readonly number[], values: Float64Array) => lanes.map((lane) => values[lane]!)

function columnOf(result: LanesResult, name: string): Float64Array {
  const output = result.outputs.findIndex((column) => column.name === name)
  if (output < 0)
    throw new QuesnayError(
      'BAD_INPUT',
      `the run has no output "${name}": it did not compute the rules us-federal-slice`,
      {
        path: name,
        suggestion: 'ask a run of kind POPULATION',
      },
    )
  return result.values.subarray(output * result.lanes, (output + 1) * result.lanes)
}
