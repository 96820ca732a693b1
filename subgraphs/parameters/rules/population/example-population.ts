// An example population of tax units, made from a seed: it describes nobody, and every figure in it is an assumption of ours.
import { exp } from '../../../../compute/model/math/exp.ts'
import { normalQuantile } from '../../../../compute/model/math/normal.ts'
import { pow } from '../../../../compute/model/math/pow.ts'
import { FilingStatus, filingStatusCode } from '../../../../schema/terms/tax.ts'

/** A number in (0, 1) that depends on the lane and the stream alone. */
export type Uniform = (lane: number, stream: number) => number

/** One value per unit in columns of the rule set us-federal. */
export interface TaxUnits {
  readonly units: number
  readonly columns: Readonly<Record<string, Float64Array>>
}

export const EXAMPLE_UNITS = 1000
/** The last units are drawn from the top of the wage distribution and weigh less, so that few lanes tell much about top rates. */
const TOP_UNITS = 200
/** Tax units that the two parts stand for: the size of the United States, in round figures. */
const ORDINARY_WEIGHT = 150_000_000
const TOP_WEIGHT = 5_000_000

/** Ages of heads by share: a fifth of the way between two shares is a fifth of the way between two ages. */
const AGES: readonly (readonly [share: number, age: number])[] = [
  [0, 18],
  [0.14, 26],
  [0.31, 35],
  [0.47, 45],
  [0.62, 55],
  [0.77, 64],
  [0.88, 72],
  [0.97, 82],
  [1, 92],
]
/** Median wages of those who have any, in USD of 2026, by age. */
const MEDIAN_WAGES: readonly (readonly [age: number, usd: number])[] = [
  [18, 14_000],
  [25, 38_000],
  [35, 56_000],
  [48, 64_000],
  [60, 58_000],
  [70, 30_000],
  [92, 15_000],
]
/** Standard deviation of the logarithm of wages, and how much spouses' wages go together. */
const WAGE_SPREAD = 0.75
const SPOUSES_CORRELATION = 0.3
const SPOUSE_MEDIAN = 0.8
/** Wages of the top begin here and fall off as a Pareto distribution with this exponent. */
const TOP_WAGES = 200_000
const TOP_EXPONENT = 1.9

/** What each stream of numbers decides. Never renumber: it would make another population. */
const STREAM = {
  age: 1,
  status: 2,
  spouseAge: 3,
  children: 4,
  dependent: 5,
  works: 6,
  wages: 7,
  spouseWorks: 8,
  spouseWages: 9,
  weight: 10,
  top: 11,
}

/** Makes the population: `units` lanes of which the last fifth are of the top. The same numbers give the same units. */
export function deriveExamplePopulation(uniform: Uniform, units = EXAMPLE_UNITS): TaxUnits {
  const columns: Record<string, Float64Array> = {}
  const top = Math.round((units * TOP_UNITS) / EXAMPLE_UNITS)
  for (let lane = 0; lane < units; lane++) {
    const draw = (stream: number) => uniform(lane, stream)
    const rank = lane - (units - top)
    const unit = rank < 0 ? ordinaryUnit(draw) : topUnit(draw, (rank + draw(STREAM.top)) / top)
    const share = rank < 0 ? ORDINARY_WEIGHT / (units - top) : TOP_WEIGHT / top
    const weight = Math.round(share * (0.75 + 0.5 * draw(STREAM.weight)))
    for (const [name, value] of Object.entries({ ...columnsOf(unit), weight })) {
      columns[name] ??= new Float64Array(units)
      columns[name][lane] = value
    }
  }
  return { units, columns }
}

type Draw = (stream: number) => number

interface Unit {
  readonly filing_status: number
  readonly age_head: number
  readonly age_spouse: number
  readonly is_dependent: number
  readonly wages_head: number
  readonly wages_spouse: number
  readonly children: number
}

/** Children are of an age that counts for every credit: their ages are not drawn. */
function columnsOf({ children, ...unit }: Unit): Record<string, number> {
  return {
    'filing status': unit.filing_status,
    'age[head]': unit.age_head,
    'age[spouse]': unit.age_spouse,
    'is dependent': unit.is_dependent,
    persons: (unit.age_spouse > 0 ? 2 : 1) + children,
    'children under 18': children,
    'child tax credit children': children,
    'earned income credit children': Math.min(children, 3),
    'wages[head]': unit.wages_head,
    'wages[spouse]': unit.wages_spouse,
  }
}

function ordinaryUnit(draw: Draw): Unit {
  const age = Math.floor(between(AGES, draw(STREAM.age)))
  const status = statusAt(age, draw(STREAM.status))
  const joint = status === FilingStatus.JOINT
  const spouseAge = joint ? spouseAgeOf(age, draw) : 0
  const isDependent = status === FilingStatus.SINGLE && age < 24 && draw(STREAM.dependent) < 0.5
  const z = normalQuantile(draw(STREAM.wages))
  const own = normalQuantile(draw(STREAM.spouseWages))
  const spouseZ = SPOUSES_CORRELATION * z + Math.sqrt(1 - SPOUSES_CORRELATION * SPOUSES_CORRELATION) * own
  return {
    filing_status: filingStatusCode(status),
    age_head: age,
    age_spouse: spouseAge,
    is_dependent: isDependent ? 1 : 0,
    wages_head: draw(STREAM.works) < workingShare(age, 0.93) ? wages(age, z, isDependent ? 0.6 : 1) : 0,
    wages_spouse:
      joint && draw(STREAM.spouseWorks) < workingShare(spouseAge, 0.74) ? wages(spouseAge, spouseZ, SPOUSE_MEDIAN) : 0,
    children: childrenOf(status, age, draw(STREAM.children)),
  }
}

/** @param share the unit's place in the top of the distribution, 0 to 1 */
function topUnit(draw: Draw, share: number): Unit {
  const age = Math.floor(34 + 30 * draw(STREAM.age))
  const status = draw(STREAM.status) < 0.8 ? FilingStatus.JOINT : FilingStatus.SINGLE
  const joint = status === FilingStatus.JOINT
  const spouseAge = joint ? spouseAgeOf(age, draw) : 0
  const spouseZ = normalQuantile(draw(STREAM.spouseWages))
  return {
    filing_status: filingStatusCode(status),
    age_head: age,
    age_spouse: spouseAge,
    is_dependent: 0,
    wages_head: Math.round(TOP_WAGES * pow(1 - share, -1 / TOP_EXPONENT)),
    wages_spouse: joint && draw(STREAM.spouseWorks) < 0.6 ? wages(spouseAge, spouseZ, 1.4) : 0,
    children: childrenOf(status, age, draw(STREAM.children)),
  }
}

function statusAt(age: number, u: number): FilingStatus {
  const joint = age < 26 ? 0.07 : age < 35 ? 0.3 : age < 75 ? 0.46 : 0.34
  const head = age >= 20 && age < 62 ? 0.16 : 0.02
  if (u < joint) return FilingStatus.JOINT
  if (u < joint + head) return FilingStatus.HEAD_OF_HOUSEHOLD
  if (u < joint + head + 0.02) return FilingStatus.SEPARATE
  if (u < joint + head + 0.022 && age >= 26) return FilingStatus.SURVIVING_SPOUSE
  return FilingStatus.SINGLE
}

function spouseAgeOf(age: number, draw: Draw): number {
  return Math.max(18, Math.round(age - 2 + 4 * normalQuantile(draw(STREAM.spouseAge))))
}

/** Share of people of an age who have wages. @param prime the share before 62 */
function workingShare(age: number, prime: number): number {
  return age < 62 ? prime : age < 66 ? 0.55 : age < 72 ? 0.25 : 0.08
}

/** Lognormal around the median of the age, in whole dollars. */
function wages(age: number, z: number, relative: number): number {
  return Math.round(between(MEDIAN_WAGES, age) * relative * exp(WAGE_SPREAD * z))
}

function childrenOf(status: FilingStatus, age: number, u: number): number {
  if (status === FilingStatus.HEAD_OF_HOUSEHOLD || status === FilingStatus.SURVIVING_SPOUSE)
    return u < 0.55 ? 1 : u < 0.87 ? 2 : 3
  if (status !== FilingStatus.JOINT || age < 22 || age > 58) return 0
  return u < 0.42 ? 0 : u < 0.62 ? 1 : u < 0.87 ? 2 : 3
}

/** Piecewise linear through the points. */
function between(points: readonly (readonly [number, number])[], x: number): number {
  const next = points.findIndex(([at]) => at > x)
  if (next < 0) return points.at(-1)![1]
  if (next === 0) return points[0]![1]
  const [x0, y0] = points[next - 1]!
  const [x1, y1] = points[next]!
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0)
}
