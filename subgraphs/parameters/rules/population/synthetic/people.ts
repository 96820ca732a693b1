// Who is in a synthetic tax unit: status, ages, children. Every share here is a round assumption of ours.
import { between, byAge, type Curve, clamp } from './curves.ts'
import type { Draws } from './draws.ts'
import { UNIT } from './streams.ts'

/** Codes of filing statuses in a column of data (schema/terms/tax.ts). */
export const SINGLE = 1
export const JOINT = 2
export const SEPARATE = 3
export const HEAD = 4
export const SURVIVING = 5

export interface People {
  status: number
  age: number
  /** 0 where there is none. */
  spouseAge: number
  isDependent: boolean
  /** Ages of children up to 18. */
  readonly children: number[]
  /** Ages of dependents above: students, parents. */
  readonly others: number[]
}

/** Ages of heads by their quantile. */
const AGES: Curve = [
  [0, 18],
  [0.11, 24],
  [0.29, 34],
  [0.46, 44],
  [0.61, 54],
  [0.765, 64],
  [0.89, 74],
  [0.972, 84],
  [1, 96],
]
/** Share of joint returns by age of the head. */
const JOINT_SHARE = byAge([19, 0.02], [25, 0.15], [32, 0.36], [45, 0.46], [65, 0.44], [75, 0.38], [90, 0.18])
const HEAD_SHARE = byAge([18, 0.02], [24, 0.1], [36, 0.15], [48, 0.12], [60, 0.03], [75, 0.01])
const SEPARATE_SHARE = 0.022
const SURVIVING_SHARE = 0.002
/** Share of couples with children at home by age of the head. */
const PARENTS_SHARE = byAge([20, 0.25], [28, 0.55], [38, 0.86], [45, 0.76], [52, 0.42], [60, 0.1], [70, 0.01])
/** Shares of parents with at most 1, 2, 3, 4 children; the rest have 5. */
const FAMILY_SIZES = [0.36, 0.77, 0.92, 0.98]
/** Heads of household who keep a parent, not a child. */
const KEEPS_PARENT = 0.1
const MOST_CHILD_AGE = 18

/** A unit by itself. */
export function derivePeople(draws: Draws): People {
  const age = Math.floor(between(AGES, draws.uniform(UNIT.age)))
  const status = statusAt(age, draws.uniform(UNIT.status))
  return peopleOf(status, age, draws)
}

/** A unit of the top of the incomes: older and married more often. */
export function deriveTopPeople(draws: Draws): People {
  const age = Math.floor(33 + 45 * draws.uniform(UNIT.age))
  const u = draws.uniform(UNIT.status)
  return peopleOf(u < 0.84 ? JOINT : u < 0.87 ? HEAD : u < 0.89 ? SEPARATE : SINGLE, age, draws)
}

/** A young dependent with an own return: 16 to 23 years. */
export function deriveDependent(draws: Draws): People {
  const age = 16 + Math.floor(8 * draws.uniform(UNIT.age))
  return { status: SINGLE, age, spouseAge: 0, isDependent: true, children: [], others: [] }
}

/** Adds a dependent who has an own return to the unit of the parents; who kept house alone is then head of household. */
export function takeDependent(parents: People, dependent: People): void {
  if (dependent.age <= MOST_CHILD_AGE) parents.children.push(dependent.age)
  else parents.others.push(dependent.age)
  if (parents.status === SINGLE) parents.status = HEAD
}

function peopleOf(status: number, age: number, draws: Draws): People {
  const spouseAge = status === JOINT ? Math.max(18, Math.round(age - 1.5 + 4 * draws.normal(UNIT.spouseAge))) : 0
  const u = draws.uniform(UNIT.children)
  const keepsParent = status === HEAD && (age > 58 || u > 1 - KEEPS_PARENT)
  const count = keepsParent ? 0 : childrenOf(status, age, u)
  return {
    status,
    age,
    spouseAge,
    isDependent: false,
    children: count === 0 ? [] : childAges(count, age, draws),
    others: keepsParent ? [clamp(age + 26, 62, 98)] : [],
  }
}

function statusAt(age: number, u: number): number {
  const joint = JOINT_SHARE[age]!
  const head = joint + HEAD_SHARE[age]!
  if (u < joint) return JOINT
  if (u < head) return HEAD
  if (age < 25) return SINGLE
  if (u < head + SEPARATE_SHARE) return SEPARATE
  return u < head + SEPARATE_SHARE + SURVIVING_SHARE && age < 60 ? SURVIVING : SINGLE
}

/** How many children there are; who must have one (heads of household, surviving spouses) has. */
function childrenOf(status: number, age: number, u: number): number {
  if (status === SINGLE) return 0
  const share = status === JOINT ? PARENTS_SHARE[age]! : status === SEPARATE ? 0.2 : 1
  if (u >= share) return 0
  const rank = u / share
  const more = FAMILY_SIZES.findIndex((most) => rank < most)
  return more < 0 ? 5 : more + 1
}

/** Ages of children at home, the youngest first; parents were 19 to 43 when the youngest was born. */
function childAges(count: number, age: number, draws: Draws): number[] {
  const least = clamp(age - 43, 0, 17)
  const most = clamp(age - 19, 0, 17)
  const youngest = least + Math.floor((most - least + 1) * draws.uniform(UNIT.youngest))
  const spacing = 1 + Math.floor(4 * draws.uniform(UNIT.spacing))
  const ages = Array.from({ length: count }, (_, i) => youngest + spacing * i)
  return ages.filter((each) => each <= MOST_CHILD_AGE)
}
