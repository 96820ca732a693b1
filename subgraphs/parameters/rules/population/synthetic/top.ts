// Incomes of the units of the two top strata: a Pareto tail, and what it is made of. Round assumptions of ours, in USD of 2026.
import { pow } from '../../../../../compute/model/math/pow.ts'
import type { SyntheticColumns } from './columns.ts'
import { lognormal } from './curves.ts'
import type { Draws } from './draws.ts'
import { JOINT, type People } from './people.ts'
import { UNIT } from './streams.ts'

/** A stratum of high incomes: total income begins here and falls off as a Pareto distribution. */
export interface TopStratum {
  readonly from: number
  readonly exponent: number
  /** Shares of units that live of wages and of a business; the rest live of capital. */
  readonly wageShare: number
  readonly businessShare: number
}

/** No income is above: the tail of so few units would be one unit. */
const MOST = 2e9

/** Writes incomes of a lane of the top. Returns the total. */
export function writeTop(
  columns: SyntheticColumns,
  lane: number,
  people: People,
  { from, exponent, wageShare, businessShare }: TopStratum,
  draws: Draws,
): number {
  const total = Math.min(MOST, from * pow(draws.uniform(UNIT.top), -1 / exponent))
  const make = draws.uniform(UNIT.make)
  const main = 0.55 + 0.4 * draws.uniform(UNIT.mix)
  const retired = people.age > 66
  const wages = make < wageShare && !retired ? main : 0.15 * draws.uniform(UNIT.hours)
  const business =
    make >= wageShare && make < wageShare + businessShare ? main : (1 - main) * 0.3 * draws.uniform(UNIT.business)
  const rest = Math.max(0, 1 - wages - business)
  writeWages(columns, lane, people, total * wages, draws)
  writeBusiness(columns, lane, total * business, draws)
  writeCapital(columns, lane, total * rest, draws)
  if (retired) {
    columns.pensions[lane] = lognormal(45_000, 0.7, draws.normal(UNIT.pensionSize))
    columns['taxable pensions'][lane] = columns.pensions[lane]!
    columns['taxable ira distributions'][lane] = lognormal(60_000, 0.9, draws.normal(UNIT.iraSize))
    columns['social security benefits'][lane] = people.status === JOINT ? 68_000 : 44_000
  }
  return total
}

function writeWages(columns: SyntheticColumns, lane: number, { status }: People, total: number, draws: Draws): void {
  const ofSpouse = status === JOINT && draws.happens(UNIT.spouseWorks, 0.6) ? 0.5 * draws.uniform(UNIT.spouseWages) : 0
  columns['wages[head]'][lane] = Math.round(total * (1 - ofSpouse))
  columns['wages[spouse]'][lane] = Math.round(total * ofSpouse)
}

/** Partnerships and S corporations for the most part; one in six is a trade of its own. */
function writeBusiness(columns: SyntheticColumns, lane: number, total: number, draws: Draws): void {
  if (draws.happens(UNIT.profit, 1 / 6)) {
    columns['self employment income[head]'][lane] = Math.round(total)
  } else {
    columns['rental and partnership income'][lane] = Math.round(total)
    columns['qualified partnership income'][lane] = Math.round(total * (0.4 + 0.6 * draws.uniform(UNIT.rents)))
  }
  columns['business wages'][lane] = Math.round(total * 0.9 * draws.uniform(UNIT.rentSize))
}

function writeCapital(columns: SyntheticColumns, lane: number, total: number, draws: Draws): void {
  const gains = 0.3 + 0.6 * draws.uniform(UNIT.gains)
  const dividends = (1 - gains) * (0.3 + 0.5 * draws.uniform(UNIT.dividends))
  const interest = 1 - gains - dividends
  const size = draws.uniform(UNIT.shortSize)
  columns['long term gains'][lane] = Math.round(total * gains * (draws.happens(UNIT.gainSign, 0.1) ? -0.3 : 1))
  columns['short term gains'][lane] = Math.round(total * 0.06 * (size - 0.5))
  columns['ordinary dividends'][lane] = Math.round(total * dividends)
  columns['qualified dividends'][lane] = Math.round(total * dividends * (0.6 + 0.4 * draws.uniform(UNIT.qualified)))
  columns.interest[lane] = Math.round(total * interest)
  if (draws.happens(UNIT.exempt, 0.3)) columns['tax exempt interest'][lane] = Math.round(total * interest * 0.5)
}
