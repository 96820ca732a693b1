// Income of property and of age of a synthetic unit. Medians are USD of 2026 and, as every share, round assumptions of ours.
import { exp } from '../../../../../compute/model/math/exp.ts'
import type { SyntheticColumns } from './columns.ts'
import { byAge, clamp, lognormal } from './curves.ts'
import type { Draws } from './draws.ts'
import { JOINT, type People } from './people.ts'
import { UNIT } from './streams.ts'

/** How much wealth goes with wages. */
const WITH_WAGES = 0.5
const PENSIONERS = byAge([52, 0.01], [60, 0.16], [66, 0.34], [75, 0.44], [95, 0.4])
const IRA_DRAWERS = byAge([55, 0.02], [62, 0.1], [70, 0.2], [74, 0.42], [95, 0.36])
/** Share of persons with social security by age; those before 62 are disabled or survivors. */
const RETIRED = byAge([30, 0.015], [61, 0.1], [62, 0.3], [66, 0.72], [70, 0.92], [95, 0.95])

/** Writes interest, dividends, gains, rents, pensions and benefits of a lane. @param z the head's place among earners */
export function writeProperty(columns: SyntheticColumns, lane: number, people: People, z: number, draws: Draws): void {
  const { age, isDependent } = people
  const own = draws.normal(UNIT.wealth)
  const wealth = isDependent ? -1 : WITH_WAGES * z + Math.sqrt(1 - WITH_WAGES * WITH_WAGES) * own
  const years = clamp((age - 20) / 50, 0, 1)
  writeInterest(columns, lane, years, wealth, draws)
  writeShares(columns, lane, years, wealth, draws)
  if (draws.happens(UNIT.rents, clamp(0.02 + 0.09 * years + 0.03 * wealth, 0.004, 0.4))) {
    const size = draws.normal(UNIT.rentSize)
    const gain = lognormal(4_500 * exp(0.9 * wealth), 1.1, size)
    columns['rental and partnership income'][lane] = draws.uniform(UNIT.mix) < 0.35 ? -Math.min(gain, 60_000) : gain
  }
  writeAge(columns, lane, people, wealth, draws)
}

function writeInterest(columns: SyntheticColumns, lane: number, years: number, wealth: number, draws: Draws): void {
  if (draws.happens(UNIT.interest, clamp(0.16 + 0.3 * years + 0.14 * wealth, 0.03, 0.92))) {
    const median = 130 * exp(1.2 * wealth + 1.7 * years)
    columns.interest[lane] = lognormal(median, 0.9, draws.normal(UNIT.interestSize))
  }
  if (draws.happens(UNIT.exempt, clamp(0.01 + 0.05 * years + 0.03 * wealth, 0, 0.3)))
    columns['tax exempt interest'][lane] = lognormal(900 * exp(wealth), 0.9, draws.normal(UNIT.interestSize))
}

/** Dividends and gains; losses on sales are seen up to the year's limit, as in what people file. */
function writeShares(columns: SyntheticColumns, lane: number, years: number, wealth: number, draws: Draws): void {
  if (draws.happens(UNIT.dividends, clamp(0.03 + 0.2 * years + 0.1 * wealth, 0.004, 0.8))) {
    const dividends = lognormal(320 * exp(1.3 * wealth + 1.6 * years), 0.8, draws.normal(UNIT.dividendSize))
    columns['ordinary dividends'][lane] = dividends
    columns['qualified dividends'][lane] = Math.round(dividends * (0.5 + 0.5 * draws.uniform(UNIT.qualified)))
  }
  if (!draws.happens(UNIT.gains, clamp(0.03 + 0.16 * years + 0.08 * wealth, 0.004, 0.7))) return
  const gain = lognormal(900 * exp(1.3 * wealth + 1.6 * years), 1.1, draws.normal(UNIT.gainSize))
  columns['long term gains'][lane] = draws.happens(UNIT.gainSign, 0.22) ? -Math.min(gain, 40_000) : gain
  if (!draws.happens(UNIT.shortGains, 0.45)) return
  const size = draws.normal(UNIT.shortSize)
  columns['short term gains'][lane] =
    (size < 0.2 ? -1 : 1) * Math.min(30_000, lognormal(700 * exp(0.8 * wealth), 1, size))
}

function writeAge(columns: SyntheticColumns, lane: number, people: People, wealth: number, draws: Draws): void {
  const { age, status } = people
  const couple = status === JOINT ? 1.4 : 1
  if (draws.happens(UNIT.pension, PENSIONERS[age]!)) {
    const pension = Math.round(couple * lognormal(17_000, 0.85, draws.normal(UNIT.pensionSize)))
    columns.pensions[lane] = pension
    // Some of it was taxed when it was paid in.
    columns['taxable pensions'][lane] = Math.round(pension * (draws.uniform(UNIT.rest) < 0.2 ? 0.85 : 1))
  }
  if (draws.happens(UNIT.ira, IRA_DRAWERS[age]!))
    columns['taxable ira distributions'][lane] = lognormal(
      9_500 * exp(0.6 * wealth) * couple,
      0.8,
      draws.normal(UNIT.iraSize),
    )
  columns['social security benefits'][lane] = benefitsOf(people, draws)
}

/** Social security of both spouses, whose earnings were alike. */
function benefitsOf({ age, spouseAge, status, isDependent }: People, draws: Draws): number {
  const own = !isDependent && draws.happens(UNIT.retired, RETIRED[age]!)
  const ofSpouse = status === JOINT && draws.happens(UNIT.spouseRetired, RETIRED[spouseAge]!)
  if (!own && !ofSpouse) return 0
  const size = draws.normal(UNIT.benefits)
  const benefit = (median: number) => clamp(lognormal(median, 0.35, size), 4_000, 55_000)
  return (own ? benefit(23_500) : 0) + (ofSpouse ? benefit(17_500) : 0)
}
