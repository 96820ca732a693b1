// A population for tests of the fleet: households, the persons in them, what they earn and a random part of it.
import type { Submission } from '../../compute/dispatch/port.ts'
import type { Plan } from '../../compute/model/plan.ts'
import { column, constant, op, type PlanParts, planOf } from './plans.ts'
import { numbers } from './random-numbers.ts'

/** Each household's wages, over persons who draw their luck, and the path of a price: all that is cut with the lanes. */
export const POPULATION: PlanParts = {
  levels: [
    { name: 'household', of: null, count: null },
    { name: 'unit', of: 0, count: 'units' },
    { name: 'person', of: 1, count: 'persons' },
  ],
  relations: [{ member: 2, group: 0 }],
  columns: [column('wealth', 0), column('wage', 1, 2)],
  trajectories: [{ name: 'price', slot: 2 }],
  uniforms: [{ name: 'luck', slot: 3, level: 2, everyStep: true, stream: 11 }],
  constants: [constant(10, 1e9)],
  operations: {
    step: [
      ...[op('mul', 4, 1, 3), op('sumMembers', 5, 4, 0), op('mul', 6, 5, 2), op('add', 7, 6, 0)],
      ...[op('lt', 8, 7, 10)],
    ],
  },
  time: { steps: 2 },
  outputs: [7],
}

/** The population's question of `lanes` households, row by row. */
export function households(
  lanes: number,
  parts: PlanParts = {},
): Submission & { readonly plan: Plan; readonly columns: Readonly<Record<'wealth', Float64Array>> } {
  const next = numbers(lanes)
  const counted = (length: number, most: number) => Float64Array.from({ length }, () => Math.floor(next() * (most + 1)))
  const total = (counts: Float64Array) => counts.reduce((a, b) => a + b, 0)
  const drawn = (length: number) => Float64Array.from({ length }, () => next() * 100)
  const units = counted(lanes, 2)
  const persons = counted(total(units), 3)
  return {
    tenant: 'local',
    kind: 'POPULATION',
    subject: { type: 'Scenario', id: 'sc-test' },
    plan: planOf({ ...POPULATION, ...parts }),
    lanes,
    columns: { units, persons, wealth: drawn(lanes), wage: drawn(total(persons)), price: drawn(lanes * 3) },
    result: { kind: 'LANES' },
    class: 'p0',
  }
}
