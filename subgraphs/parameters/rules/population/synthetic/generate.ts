// A synthetic population of US tax units, made from a seed: it describes nobody, and every figure in it is an assumption of ours.
import { emptyColumns, type SyntheticColumns } from './columns.ts'
import { Draws } from './draws.ts'
import { writeExpenses } from './expenses.ts'
import { deriveDependent, derivePeople, deriveTopPeople, JOINT, type People, takeDependent } from './people.ts'
import { writeProperty } from './property.ts'
import { PAIR, UNIT } from './streams.ts'
import { type TopStratum, writeTop } from './top.ts'
import { writeWork } from './work.ts'

/** Where units live: code, population in any unit, and whether incomes are taxed there. */
export interface State {
  readonly code: number
  readonly population: number
  readonly incomeTax: boolean
}

/** Tax units of the United States in round figures, those that file nothing included. */
export const UNITS_OF_THE_COUNTRY = 190_000_000
export const SYNTHETIC_UNITS = 280_005
/** Keys of the numbers of units and of pairs: any do, these make the population that is shipped. */
const UNIT_KEY = [2026, 1] as const
const PAIR_KEY = [2026, 2] as const

/**
 * Sixteen pairs of lanes in turn: thirteen ordinary, two of high and one of very high incomes, which weigh less. So few lanes tell
 * much about the top, and the first lanes of a large population are those of a small one.
 */
const CYCLE = 16
const ORDINARY = { pairs: 13, share: 0.967 }
const STRATA: readonly (TopStratum & { readonly pairs: number; readonly share: number })[] = [
  { pairs: 2, share: 0.03, from: 260_000, exponent: 2, wageShare: 0.64, businessShare: 0.22 },
  { pairs: 1, share: 0.003, from: 1_100_000, exponent: 1.5, wageShare: 0.3, businessShare: 0.36 },
]
/** Share of ordinary pairs that live together, and of those in which the second is a dependent of the first, where ages allow it. */
const TOGETHER = 0.62
const DEPENDENT = 0.38

export interface Generator {
  readonly units: number
  readonly columns: SyntheticColumns
  /** Makes lanes from..to-1; `from` is even. */
  make(from: number, to: number): void
}

/** Prepares a population of so many units; `make` fills it piece by piece. */
export function openGenerator(states: readonly State[], units = SYNTHETIC_UNITS): Generator {
  const columns = emptyColumns(units)
  const place = placer(states)
  const pair = new Draws(PAIR_KEY)
  const draws = [new Draws(UNIT_KEY), new Draws(UNIT_KEY)] as const
  return {
    units,
    columns,
    make(from, to) {
      for (let lane = from; lane < to; lane += 2) {
        pair.moveTo(lane / 2)
        draws[0].moveTo(lane)
        draws[1].moveTo(lane + 1)
        makePair(columns, lane, Math.min(2, to - lane), pair, draws, place)
      }
    },
  }
}

/** All of it at once. */
export function deriveSynthetic(states: readonly State[], units = SYNTHETIC_UNITS): SyntheticColumns {
  const generator = openGenerator(states, units)
  generator.make(0, units)
  return generator.columns
}

function makePair(
  columns: SyntheticColumns,
  lane: number,
  lanes: number,
  pair: Draws,
  draws: readonly [Draws, Draws],
  place: (u: number) => State,
): void {
  const position = (lane / 2) % CYCLE
  const stratum = position === 15 ? STRATA[1] : position > 12 ? STRATA[0] : undefined
  const first = stratum ? deriveTopPeople(draws[0]) : derivePeople(draws[0])
  const together = !stratum && pair.happens(PAIR.linked, TOGETHER)
  const kept = together && first.age >= 36 && first.age < 65 && pair.happens(PAIR.kind, DEPENDENT)
  const second = stratum ? deriveTopPeople(draws[1]) : kept ? deriveDependent(draws[1]) : derivePeople(draws[1])
  if (kept) takeDependent(first, second)
  const state = place(pair.uniform(PAIR.state))
  for (let i = 0; i < lanes; i++) {
    const at = lane + i
    const people = i === 0 ? first : second
    const own = draws[i as 0 | 1]
    writePeople(columns, at, people, own)
    writeIncomes(columns, at, people, stratum, own)
    writeExpenses(columns, at, people, incomeOf(columns, at), state.incomeTax, own)
    columns.state[at] = state.code
    // The number of a household is that of its first unit, counted from 1: it rises with the lanes.
    columns.household[at] = together ? lane + 1 : at + 1
    columns.weight[at] = weightOf(stratum, columns.weight.length, pair.uniform(PAIR.jitter))
  }
}

/** What a unit stands for, to the hundredth; those of a pair stand for equally many. */
function weightOf(stratum: (typeof STRATA)[number] | undefined, units: number, u: number): number {
  const { pairs, share } = stratum ?? ORDINARY
  const mean = (UNITS_OF_THE_COUNTRY * share) / ((units * pairs) / CYCLE)
  return Math.round(100 * mean * (0.75 + 0.5 * u)) / 100
}

function writePeople(columns: SyntheticColumns, lane: number, people: People, draws: Draws): void {
  const { status, age, spouseAge, isDependent, children, others } = people
  columns['filing status'][lane] = status
  columns['age[head]'][lane] = age
  columns['age[spouse]'][lane] = spouseAge
  columns['is dependent'][lane] = isDependent ? 1 : 0
  columns['blind[head]'][lane] = draws.uniform(UNIT.blind) < 0.004 + 0.0003 * Math.max(0, age - 60) ? 1 : 0
  columns['blind[spouse]'][lane] = status === JOINT && draws.uniform(UNIT.blind) > 0.994 ? 1 : 0
  const adults = status === JOINT ? 2 : 1
  const all = adults + children.length + others.length
  const under18 = countBelow(children, 18) + (age < 18 ? 1 : 0)
  const under21 =
    children.length + countBelow(others, 21) + (age < 21 ? 1 : 0) + (spouseAge > 0 && spouseAge < 21 ? 1 : 0)
  columns.persons[lane] = all
  columns['children under 5'][lane] = countBelow(children, 5)
  columns['children under 13'][lane] = countBelow(children, 13)
  columns['children under 18'][lane] = under18
  columns['persons aged 18 to 20'][lane] = under21 - under18
  columns['persons aged 21'][lane] = all - under21
  columns['child tax credit children'][lane] = countBelow(children, 17)
  // Children to 18 years, and students to 23.
  columns['earned income credit children'][lane] = Math.min(3, children.length + countBelow(others, 24))
}

function countBelow(ages: readonly number[], limit: number): number {
  let count = 0
  for (const age of ages) if (age < limit) count++
  return count
}

/** High incomes have one make, all others are drawn part by part. */
function writeIncomes(
  columns: SyntheticColumns,
  lane: number,
  people: People,
  stratum: TopStratum | undefined,
  draws: Draws,
): void {
  if (stratum) return void writeTop(columns, lane, people, stratum, draws)
  const z = writeWork(columns, lane, people, draws)
  writeProperty(columns, lane, people, z, draws)
}

const INCOMES = [
  'wages[head]',
  'wages[spouse]',
  'self employment income[head]',
  'self employment income[spouse]',
  'interest',
  'ordinary dividends',
  'long term gains',
  'rental and partnership income',
  'taxable pensions',
  'taxable ira distributions',
] as const

/** What there is to pay of, losses left out. */
function incomeOf(columns: SyntheticColumns, lane: number): number {
  let sum = 0
  for (const name of INCOMES) sum += Math.max(0, columns[name][lane]!)
  return sum
}

/** The state at a share of the population, in the order given. */
function placer(states: readonly State[]): (u: number) => State {
  const total = states.reduce((sum, { population }) => sum + population, 0)
  return (u) => {
    let left = u * total
    for (const state of states) {
      left -= state.population
      if (left < 0) return state
    }
    return states.at(-1)!
  }
}
