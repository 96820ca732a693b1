// The level of each slot of a plan: whether it holds one value per run, per lane, or per member.

import { QuesnayError } from '../../schema/errors.ts'
import { CODE, MAX_CHOICES, type OperationKind, operationKind } from '../layout/operations.ts'
import { type Operation, PHASES, type Plan } from './plan.ts'

/** One value for all rows. */
export const RUN_LEVEL = -1
/** One value per lane. */
export const LANE_LEVEL = 0

/** All operations of a plan, those of solve blocks among them, in the order in which they lie in memory. */
export function allOperations(plan: Plan): Operation[] {
  return [
    ...PHASES.flatMap((phase) => plan.operations[phase]),
    ...plan.solves.flatMap((solve) => [...solve.body, ...solve.parts.flat()]),
  ]
}

/** The kind of an operation with so many operands, all of them its arity; CONSTRUCT_UNSUPPORTED where this machine has none. */
export function kindOf(code: number, operands: number): OperationKind {
  const kind = operationKind(code)
  if (kind?.variadic && operands >= kind.arity && operands <= 2 + MAX_CHOICES) return { ...kind, arity: operands }
  if (kind && operands === kind.arity + (kind.index === null ? 0 : 1)) return kind
  const message = `the plan asks for operation ${code} of ${operands} operands, which this machine lacks`
  throw new QuesnayError('CONSTRUCT_UNSUPPORTED', message, { path: 'plan.operations', code })
}

/**
 * The level of each slot; a slot that several values share is of the highest of theirs. What depends on no row is kept, and
 * computed, once. Slots and indices must be within the plan's bounds. CONSTRUCT_UNSUPPORTED: see kindOf.
 */
export function slotLevels(plan: Plan): Int8Array {
  const levels = new Int8Array(plan.slots).fill(RUN_LEVEL)
  let changed = true
  const raise = (slot: number, level: number) => {
    if (levels[slot]! >= level) return
    levels[slot] = level
    changed = true
  }
  for (const { slot, level } of [...plan.columns, ...plan.uniforms]) raise(slot, level)
  const unknowns = plan.solves.flatMap((solve) => solve.unknowns)
  for (const { slot } of [plan.trajectories, plan.stocks, plan.registers, plan.rings, unknowns].flat()) {
    raise(slot, LANE_LEVEL)
  }
  const operations = allOperations(plan).map((operation) => ({ operation, ...sources(plan, operation) }))
  // A value may reach a slot that stands earlier, by a stock or a shared slot: it goes on until nothing changes.
  while (changed) {
    changed = false
    for (const { operation, operands, least } of operations) {
      const given = operands.map((slot) => levels[slot]!)
      raise(operation[1], least ?? Math.max(RUN_LEVEL, ...given))
    }
    for (const { slot, initial, flow } of plan.stocks) raise(slot, Math.max(levels[initial]!, levels[flow]!))
    for (const { slot, initial, next } of plan.registers) raise(slot, Math.max(levels[initial]!, levels[next]!))
  }
  return levels
}

/** Operand slots, and the level of the result where a relation says it. */
function sources(plan: Plan, [code, , ...operands]: Operation): { operands: number[]; least: number | null } {
  const { arity, index } = kindOf(code, operands.length)
  const relation = index === 'relation' ? plan.relations[operands[arity]!]! : null
  const least = relation && (code === CODE.project ? relation.member : relation.group)
  return { operands: operands.slice(0, arity), least }
}
