// Takes the lanes of a shard piece by piece: sums them, and keeps of each lane only what ranks and distributions need.
import type { Plan } from '../../model/plan.ts'
import { addSums, LIMBS } from '../../statistics/exact-sum.ts'
import type { Batch, BatchSink } from '../machine.ts'
import { Faults } from './faults.ts'
import { GroupSums } from './group-sums.ts'
import { PIECE_LANES, type Runs, rankRuns } from './pieces.ts'
import type { Roles } from './roles.ts'
import { RunSums } from './run-sums.ts'
import { rowsOf, type ShardNumbers, sharedNumbers, writeNumbers } from './shard-numbers.ts'

/** What every sink of a plan with these roles takes of the machine's memory. */
export function sinkSize(roles: Roles): Pick<BatchSink, 'batchLanes' | 'room'> {
  return { batchLanes: PIECE_LANES, room: runSumsOf(roles).room }
}

const runSumsOf = ({ sums, ranked }: Roles) => new RunSums(Math.max(sums.length, ranked.length))

export class ShardSums implements BatchSink {
  readonly batchLanes = PIECE_LANES
  readonly room: number
  readonly #roles: Roles
  readonly #firstLane: number
  readonly #lanes: number
  readonly #runSums: RunSums
  readonly #faults: Faults
  readonly #checked: readonly number[]
  readonly #all: Float64Array
  readonly #groups: readonly GroupSums[]
  readonly #runs: Float64Array[] = []
  readonly #kept: Float64Array

  /** @param firstLane absolute number of the shard's first lane */
  constructor(plan: Plan, roles: Roles, firstLane: number, lanes: number) {
    this.#roles = roles
    this.#firstLane = firstLane
    this.#lanes = lanes
    this.#runSums = runSumsOf(roles)
    this.room = this.#runSums.room
    this.#faults = new Faults(plan.outputs.length, roles)
    this.#checked = [...new Set([roles.weight, ...roles.groups, ...roles.byLane])]
    this.#all = new Float64Array(rowsOf(roles.sums) * LIMBS)
    this.#groups = roles.groups.map(() => new GroupSums(rowsOf(roles.sums)))
    this.#kept = sharedNumbers(roles.kept.length * lanes)
  }

  take(batch: Batch): void {
    const { first } = batch
    const { weight, kept } = this.#roles
    const valuesOf = (output: number) =>
      new Float64Array(batch.buffer, batch.resultsAt + output * batch.stride * 8, batch.count)
    for (const [i, output] of kept.entries()) this.#kept.set(valuesOf(output), i * this.#lanes + first)
    const failed = new Set([
      ...this.#checked.filter((output) => !this.#faults.meet(output, valuesOf(output))),
      ...this.#sumGroups(batch, valuesOf),
      ...this.#sumRanks(batch, valuesOf),
    ])
    const weights = valuesOf(weight)
    for (const output of failed) this.#faults.note(output, valuesOf(output), weights, this.#firstLane + first)
  }

  /** Once all lanes are taken. */
  finish(): ShardNumbers {
    const groups = this.#groups.map((group) => group.inOrder())
    const runs = sharedNumbers(this.#runs.reduce((total, { length }) => total + length, 0))
    let at = 0
    for (const part of this.#runs) {
      runs.set(part, at)
      at += part.length
    }
    return { numbers: writeNumbers({ faults: this.#faults.numbers, all: this.#all, groups }), runs, kept: this.#kept }
  }

  /** Outputs of which a term is too large. */
  #sumGroups(batch: Batch, valuesOf: (output: number) => Float64Array): number[] {
    const { weight, groups, sums } = this.#roles
    if (groups.length === 0) {
      return this.#runSums.sum(batch, weight, sums, inOneRun(batch.count), (part, row, rows) => {
        addSums(this.#all, row * LIMBS, part, 0, rows)
      })
    }
    return groups.flatMap((output, i) => {
      const group = this.#groups[i]!
      const runs = group.runsOf(valuesOf(output))
      group.count(runs.codes, lengthsOf(runs))
      return this.#runSums.sum(batch, weight, sums, runs, (part, row, rows) => {
        group.add(runs.codes, part, row, rows)
        if (i === 0) this.#addAll(part, row, rows, runs.codes.length)
      })
    })
  }

  #sumRanks(batch: Batch, valuesOf: (output: number) => Float64Array): number[] {
    const { weight, by, link, ranked } = this.#roles
    if (by < 0) return []
    const runs = rankRuns(valuesOf(by), link < 0 ? undefined : valuesOf(link))
    return this.#runSums.sum(batch, weight, ranked, runs, (part) => this.#runs.push(part.slice()))
  }

  #addAll(part: Float64Array, firstRow: number, rows: number, runs: number): void {
    for (let row = 0; row < rows; row++) {
      const at = (firstRow + row) * LIMBS
      for (let run = 0; run < runs; run++) addSums(this.#all, at, part, (row * runs + run) * LIMBS)
    }
  }
}

function inOneRun(lanes: number): Runs {
  const order = new Uint32Array(lanes)
  for (let lane = 0; lane < lanes; lane++) order[lane] = lane
  return { lanes: order, begins: Uint32Array.of(0, lanes) }
}

function lengthsOf({ begins }: Runs): Float64Array {
  return Float64Array.from({ length: begins.length - 1 }, (_, run) => begins[run + 1]! - begins[run]!)
}
