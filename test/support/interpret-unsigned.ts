// Interprets a plan with 0 added to every result: as the oracle of lowering, without signs of zeros.
import { CODE } from '../../compute/layout/operations.ts'
import { type Operation, PHASES, type Plan } from '../../compute/model/plan.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import type { ColumnsGiven, Given } from './given.ts'

/** Values [output][saved time][lane] of lanes 0 .. n - 1 from the plan, every result with 0 added to it, which takes the sign off a zero. */
export function interpretUnsigned(
  plan: Plan,
  given: Given,
  columns: ColumnsGiven,
  lanes: number,
  seed: string,
): Float64Array {
  const zero = plan.slots
  const unsigned = (operations: readonly Operation[]): Operation[] =>
    operations.flatMap((operation): Operation[] =>
      operation[0] === CODE.solve ? [operation] : [operation, [CODE.add, operation[1], operation[1], zero]],
    )
  const changed: Plan = {
    ...plan,
    slots: plan.slots + 1,
    constants: [...plan.constants, { slot: zero, value: 0 }],
    operations: Object.fromEntries(
      PHASES.map((phase) => [phase, unsigned(plan.operations[phase])]),
    ) as unknown as Plan['operations'],
    solves: plan.solves.map((s) => ({ ...s, body: unsigned(s.body), parts: s.parts.map(unsigned) })),
  }
  return interpret({ plan: changed, ...given }, firstLanes(plan, columns, lanes), { from: 0, to: lanes }, seed).values
}

/** Columns cut to the first lanes: to as many rows of each level, and of trajectories all their steps. */
function firstLanes(plan: Plan, columns: ColumnsGiven, lanes: number): Record<string, Float64Array> {
  const rows: number[] = []
  for (const { of, count } of plan.levels) {
    const counts = of === null ? null : columns[count!]!.subarray(0, rows[of])
    rows.push(counts ? counts.reduce((sum, n) => sum + n, 0) : lanes)
  }
  const steps = (plan.time?.steps ?? 0) + 1
  const sizes = new Map([
    ...plan.columns.map(({ name, level }) => [name, rows[level]!] as const),
    ...plan.trajectories.map(({ name }) => [name, lanes * steps] as const),
    ...plan.levels.flatMap(({ of, count }) => (of === null ? [] : [[count!, rows[of]!] as const])),
  ])
  return Object.fromEntries([...sizes].map(([name, size]) => [name, columns[name]!.subarray(0, size)]))
}
