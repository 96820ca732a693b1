// The values of one lane, as the interpreter keeps them: a place per slot, and for slots of members one per member.
import { RUN_LEVEL } from '../model/levels.ts'
import { type Members, offsetsWithin } from '../model/members.ts'
import type { Plan } from '../model/plan.ts'

export class Frame {
  readonly plan: Plan
  readonly values: Float64Array
  /** Where each slot begins in the values. */
  readonly at: readonly number[]
  /** By level: the first row of the lane in hand, counted from the run's first. */
  readonly firsts: number[]
  readonly #levels: Int8Array
  readonly #members: Members
  readonly #relations: readonly Uint32Array[]
  /** By level: how many rows the lane in hand has. */
  readonly #rows: number[]

  constructor(plan: Plan, levels: Int8Array, members: Members) {
    this.plan = plan
    this.#levels = levels
    this.#members = members
    this.#relations = plan.relations.map(({ member, group }) => offsetsWithin(plan, members, member, group))
    this.#rows = plan.levels.map(() => 1)
    this.firsts = plan.levels.map(() => 0)
    const most = members.ofLanes.map((begins, level) => (level === 0 ? 1 : mostRows(begins)))
    const at: number[] = []
    let size = 0
    for (const level of levels) {
      at.push(size)
      size += level === RUN_LEVEL ? 1 : most[level]!
    }
    this.at = at
    this.values = new Float64Array(size)
  }

  /** Takes a lane in hand. */
  enter(lane: number): void {
    for (const [level, begins] of this.#members.ofLanes.entries()) {
      this.firsts[level] = level === 0 ? lane : begins[lane]!
      this.#rows[level] = level === 0 ? 1 : begins[lane + 1]! - begins[lane]!
    }
  }

  get(slot: number): number {
    return this.values[this.at[slot]!]!
  }

  set(slot: number, value: number): void {
    this.values[this.at[slot]!] = value
  }

  /** How many values a slot has in the lane in hand. */
  rows(slot: number): number {
    const level = this.#levels[slot]!
    return level === RUN_LEVEL ? 1 : this.#rows[level]!
  }

  /** How far the value of the next row of a level is: nowhere, where a slot has one value for all rows. */
  stride(slot: number): number {
    return this.#levels[slot] === RUN_LEVEL ? 0 : 1
  }

  level(slot: number): number {
    return this.#levels[slot]!
  }

  /** Sets a slot to another, one value for all rows spread over them; `values` are the others, by default the frame's. */
  copy(to: number, from: number, source: Float64Array = this.values): void {
    const step = this.stride(from)
    for (let i = 0, rows = this.rows(to); i < rows; i++) {
      this.values[this.at[to]! + i] = source[this.at[from]! + i * step]!
    }
  }

  /** By group of the lane in hand: where its members begin and end, counted from the lane's first member. */
  groups(relation: number): [from: number, to: number][] {
    const { member, group } = this.plan.relations[relation]!
    const offset = (row: number) => this.#relations[relation]![this.firsts[group]! + row]! - this.firsts[member]!
    return Array.from({ length: this.#rows[group]! }, (_, row) => [offset(row), offset(row + 1)])
  }
}

function mostRows(begins: Uint32Array): number {
  let most = 0
  for (let lane = 0; lane + 1 < begins.length; lane++) most = Math.max(most, begins[lane + 1]! - begins[lane]!)
  return most
}
