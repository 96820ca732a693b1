// What the persons of a synthetic unit earn. Medians are USD of 2026 and, as every share, round assumptions of ours.

import type { SyntheticColumns } from './columns.ts'
import { byAge, clamp, lognormal } from './curves.ts'
import type { Draws } from './draws.ts'
import { JOINT, type People } from './people.ts'
import { UNIT } from './streams.ts'

/** Median wages of full-time work by age. */
const MEDIAN_WAGES = byAge(
  [16, 13_000],
  [20, 27_000],
  [25, 49_000],
  [35, 70_000],
  [48, 80_000],
  [60, 73_000],
  [70, 43_000],
  [90, 18_000],
)
/** Share of persons with wages by age. */
const WORKING = byAge(
  [16, 0.7],
  [22, 0.83],
  [30, 0.86],
  [52, 0.83],
  [60, 0.7],
  [65, 0.42],
  [70, 0.22],
  [80, 0.05],
  [90, 0],
)
/** Standard deviation of the logarithm of full-time wages, and how much those of spouses go together. */
const SPREAD = 0.66
const SPOUSES = 0.3
/** Work for a part of the year or of the week, by share, and what it leaves. */
const PART_TIME = 0.22
const BUSINESS = byAge([18, 0.03], [30, 0.09], [50, 0.13], [66, 0.11], [80, 0.03])
const LOSSES = 0.22

/** Writes wages and other earnings of a lane. Returns the head's place among earners, a standard normal number. */
export function writeWork(columns: SyntheticColumns, lane: number, people: People, draws: Draws): number {
  const { age, spouseAge, status, isDependent } = people
  const z = draws.normal(UNIT.wages)
  const wages = draws.happens(UNIT.works, WORKING[age]!)
    ? (isDependent ? 0.45 : 1) * wagesOf(age, z, draws.uniform(UNIT.partly), draws.uniform(UNIT.hours))
    : 0
  columns['wages[head]'][lane] = Math.round(wages)
  if (draws.happens(UNIT.business, isDependent ? 0.01 : BUSINESS[age]!))
    columns['self employment income[head]'][lane] = profitOf(
      draws.uniform(UNIT.businessSign),
      draws.normal(UNIT.profit),
    )
  if (status === JOINT) writeSpouse(columns, lane, spouseAge, z, draws)
  writeParts(columns, lane, z, wages, draws)
  const outOfWork = age < 66 && !isDependent && draws.happens(UNIT.unemployment, 0.028)
  if (outOfWork)
    columns['unemployment compensation'][lane] = Math.min(20_000, lognormal(5_500, 0.7, draws.normal(UNIT.benefit)))
  return z
}

/** Wages of a person, before rounding. @param z place among those of the age, a standard normal number */
function wagesOf(age: number, z: number, partly: number, hours: number): number {
  const full = lognormal(MEDIAN_WAGES[age]!, SPREAD, z)
  return partly < PART_TIME ? full * (0.1 + 0.6 * hours) : full
}

function writeSpouse(columns: SyntheticColumns, lane: number, age: number, z: number, draws: Draws): void {
  if (draws.happens(UNIT.spouseWorks, 0.82 * WORKING[age]!)) {
    const own = SPOUSES * z + Math.sqrt(1 - SPOUSES * SPOUSES) * draws.normal(UNIT.spouseWages)
    const wages = wagesOf(age, own, draws.uniform(UNIT.spousePartly), draws.uniform(UNIT.spouseHours))
    columns['wages[spouse]'][lane] = Math.round(0.86 * wages)
  }
  if (draws.happens(UNIT.spouseBusiness, 0.7 * BUSINESS[age]!))
    columns['self employment income[spouse]'][lane] = profitOf(
      draws.uniform(UNIT.businessSign),
      draws.normal(UNIT.spouseProfit),
    )
}

/** Net profit of a small business: a fifth lose. */
function profitOf(sign: number, z: number): number {
  return sign < LOSSES ? -lognormal(3_500, 1.1, z) : lognormal(11_000, 1.2, z)
}

/** Tips and overtime, parts of the wages of those with lower and middle wages. */
function writeParts(columns: SyntheticColumns, lane: number, z: number, wages: number, draws: Draws): void {
  if (wages === 0 || z > 1.2) return
  const tipped = draws.uniform(UNIT.tips)
  if (z < 0.4 && tipped < 0.04) columns.tips[lane] = Math.round(wages * (0.1 + 8 * tipped))
  const extra = draws.uniform(UNIT.overtime)
  if (extra < 0.2) columns.overtime[lane] = Math.round(wages * clamp(0.5 * extra, 0.01, 0.1))
}
