// Takes the lanes of a shard piece by piece: sums them, and keeps of each lane only what ranks and distributions need.
import type { Plan } from '../../model/plan.ts'
import { addSums, LIMBS } from '../../statistics/exact-sum.ts'
import type { Batch, BatchSink } from '../machine.ts'
import { Faults } from './faults.ts'
import { GroupSums } from './group-sums.ts'
import { mostRuns, rankedHouseholds } from './pieces.ts'
import type { Roles } from './roles.ts'
import { RunSums } from './run-sums.ts'
import { rowsOf, type ShardNumbers, sharedNumbers, writeNumbers } from './shard-numbers.ts'

/** What every sink of a plan with these roles takes of the machine's memory. */
export function sinkSize(roles: Roles): Pick<BatchSink, 'batchLanes' | 'room'> {
  return { batchLanes: roles.shape.lanes, room: runSumsOf(roles).room }
}

const runSumsOf = ({ sums, ranked, shape }: Roles) => new RunSums(Math.max(sums.length, ranked.length), shape)

type ValuesOf = (output: number) => Float64Array

export class ShardSums implements BatchSink {
  readonly batchLanes: number
  readonly room: number
  readonly #roles: Roles
  readonly #firstLane: number
  readonly #lanes: number
  readonly #runSums: RunSums
  readonly #faults: Faults
  readonly #checked: readonly number[]
  /** Of each way of grouping; where there is none, of all lanes as one group. */
  readonly #groups: readonly GroupSums[]
  readonly #runs: Float64Array
  #runsEnd = 0
  readonly #kept: Float64Array
  readonly #order: Uint16Array
  #orderEnd = 0

  /** @param firstLane absolute number of the shard's first lane */
  constructor(plan: Plan, roles: Roles, firstLane: number, lanes: number) {
    this.#roles = roles
    this.#firstLane = firstLane
    this.#lanes = lanes
    this.#runSums = runSumsOf(roles)
    this.batchLanes = roles.shape.lanes
    this.room = this.#runSums.room
    this.#faults = new Faults(plan.outputs.length, roles)
    this.#checked = [...new Set([roles.weight, ...roles.groups, ...roles.byLane])]
    this.#groups = Array.from({ length: Math.max(1, roles.groups.length) }, () => new GroupSums(rowsOf(roles.sums)))
    this.#kept = sharedNumbers(roles.kept.length * lanes)
    const ranks = roles.by < 0 ? 0 : lanes
    this.#runs = sharedNumbers(mostRuns(ranks, roles.shape) * rowsOf(roles.ranked) * LIMBS)
    this.#order = new Uint16Array(new SharedArrayBuffer(2 * ranks))
  }

  take(batch: Batch): void {
    const { first } = batch
    const { weight, kept } = this.#roles
    const valuesOf: ValuesOf = (output) =>
      new Float64Array(batch.buffer, batch.resultsAt + output * batch.stride * 8, batch.count)
    if (first === 0) this.#runSums.begin(batch)
    for (const [i, output] of kept.entries()) this.#kept.set(valuesOf(output), i * this.#lanes + first)
    const failed = new Set([
      ...this.#checked.filter((output) => !this.#faults.meet(output, valuesOf(output))),
      ...this.#sumGroups(batch),
      ...this.#sumRanks(batch, valuesOf),
    ])
    const weights = valuesOf(weight)
    for (const output of failed) this.#faults.note(output, valuesOf(output), weights, this.#firstLane + first)
  }

  /** Once all lanes are taken. */
  finish(): ShardNumbers {
    const groups = this.#groups.map((group) => group.inOrder())
    const cells = rowsOf(this.#roles.sums) * LIMBS
    const all = new Float64Array(cells)
    const [some] = groups
    for (let code = 0; code < some!.codes.length; code++) addSums(all, 0, some!.sums, code * cells, cells / LIMBS)
    const numbers = writeNumbers({
      faults: this.#faults.numbers,
      all,
      groups: this.#roles.groups.length === 0 ? [] : groups,
    })
    const runs = this.#runs.subarray(0, this.#runsEnd)
    return { numbers, runs, kept: this.#kept, order: this.#order.subarray(0, this.#orderEnd) }
  }

  /** Outputs of which a term is too large. */
  #sumGroups(batch: Batch): number[] {
    const { weight, groups, sums } = this.#roles
    const add = (group: GroupSums, codes: ArrayLike<number>, lanes: ArrayLike<number>) => {
      group.count(codes, lanes)
      return this.#runSums.sum(batch, weight, sums, codes.length, (part, row, rows) =>
        group.add(codes, part, row, rows),
      )
    }
    if (groups.length === 0) {
      this.#runSums.orderAsTheyStand(batch)
      return add(this.#groups[0]!, [0], [batch.count])
    }
    return groups.flatMap((output, i) => {
      const { codes, lanes } = this.#runSums.orderByCode(batch, output)
      return add(this.#groups[i]!, codes, lanes)
    })
  }

  #sumRanks(batch: Batch, valuesOf: ValuesOf): number[] {
    const { weight, by, link, ranked, shape } = this.#roles
    if (by < 0) return []
    const order = this.#order.subarray(this.#orderEnd)
    let runs: number
    if (link < 0) {
      runs = this.#runSums.orderByValue(batch, by, order)
      this.#orderEnd += batch.count
    } else {
      const ranks = rankedHouseholds(valuesOf(by), valuesOf(link), shape.run)
      this.#runSums.orderAs(batch, ranks)
      order.set(ranks.households)
      runs = ranks.begins.length - 1
      this.#orderEnd += ranks.households.length
    }
    return this.#runSums.sum(batch, weight, ranked, runs, (part) => {
      this.#runs.set(part, this.#runsEnd)
      this.#runsEnd += part.length
    })
  }
}
