// Checks a plan before it is written into a kernel's memory: a slot out of bounds would overwrite the kernel's own tables.
import { QuesnayError } from '../../schema/errors.ts'
import type { LaneRange } from '../../schema/jobs.ts'
import { KERNEL_ABI } from '../layout/memory.ts'
import type { Plan } from '../model/plan.ts'
import { kindOf } from './placement.ts'

/** 4 GiB: the most that the values of one run may take. */
const MAX_VALUES = 2 ** 29

/**
 * KERNEL_REFUSED: a plan of another ABI. CONSTRUCT_UNSUPPORTED: an operation that this machine lacks.
 * MODEL_INVALID: a slot or table that the plan does not have. BAD_INPUT: an empty range. LIMIT_EXCEEDED: too many values to hold.
 */
export function checkPlan(plan: Plan, times: number, { from, to }: LaneRange): void {
  if (plan.abi !== KERNEL_ABI) {
    const message = `the plan is of ABI ${plan.abi}; this worker runs ${KERNEL_ABI}`
    throw new QuesnayError('KERNEL_REFUSED', message, { path: 'plan.abi' })
  }
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && to > from && to <= 2 ** 32)) {
    throw new QuesnayError('BAD_INPUT', `the range of lanes from ${from} to ${to} is empty or out of bounds`, {
      path: 'range',
    })
  }
  const values = plan.outputs.length * times * (to - from)
  if (values > MAX_VALUES) {
    const message = `${plan.outputs.length} outputs at ${times} times in ${to - from} lanes are more than ${MAX_VALUES} values`
    throw new QuesnayError('LIMIT_EXCEEDED', message, { path: 'range', limit: MAX_VALUES })
  }
  const within = (index: number, count: number, what: string) => {
    if (Number.isInteger(index) && index >= 0 && index < count) return
    throw new QuesnayError('MODEL_INVALID', `the plan has no ${what} ${index}`, { path: `plan.${what}s` })
  }
  for (const slot of slotsOf(plan)) within(slot, plan.slots, 'slot')
  for (const [code, , ...operands] of Object.values(plan.operations).flat()) {
    const { arity, table } = kindOf(code, operands.length)
    if (table) within(operands[arity]!, plan.tables.length, 'table')
  }
}

function slotsOf(plan: Plan): number[] {
  const named = [plan.constants, plan.inputs, plan.series, plan.columns, plan.randoms, plan.outputs].flat()
  const operations = Object.values(plan.operations).flat()
  return [
    ...named.map(({ slot }) => slot),
    ...plan.stocks.flatMap(({ slot, initial, flow }) => [slot, initial, flow]),
    ...operations.flatMap(([code, out, ...operands]) => [
      out,
      ...operands.slice(0, kindOf(code, operands.length).arity),
    ]),
    ...(plan.timeSlot === null ? [] : [plan.timeSlot]),
  ]
}
