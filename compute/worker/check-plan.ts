// Checks a plan before it is written into a kernel's memory: a slot out of bounds would overwrite the kernel's own tables.
import { QuesnayError } from '../../schema/errors.ts'
import type { LaneRange } from '../../schema/jobs.ts'
import { KERNEL_ABI, MAX_LEVELS } from '../layout/memory.ts'
import { CODE } from '../layout/operations.ts'
import { allOperations, kindOf, LANE_LEVEL, RUN_LEVEL, slotLevels } from '../model/levels.ts'
import type { Operation, Plan } from '../model/plan.ts'

/** 4 GiB: the most that the values of one run may take. */
const MAX_VALUES = 2 ** 29
/** Iterations of a solve block: more would keep a thread from looking up for seconds. */
const MAX_ITERATIONS = 10_000

/**
 * Checks a plan, and derives the level of each slot (see slotLevels).
 * KERNEL_REFUSED: a plan of another ABI. CONSTRUCT_UNSUPPORTED: an operation that this machine lacks.
 * MODEL_INVALID: a slot, table, relation, level or solve block that the plan does not have; an operation that mixes levels; a time,
 * stage, ring or solve block that makes no sense. BAD_INPUT: an empty range. LIMIT_EXCEEDED: too many values to hold.
 */
export function checkPlan(plan: Plan, times: number, range: LaneRange): Int8Array {
  if (plan.abi !== KERNEL_ABI) {
    const message = `the plan is of ABI ${plan.abi}; this worker runs ${KERNEL_ABI}`
    throw new QuesnayError('KERNEL_REFUSED', message, { path: 'plan.abi' })
  }
  checkSize(plan, times, range)
  checkLevels(plan)
  checkIndices(plan)
  checkTime(plan)
  checkSolves(plan)
  for (const { length } of plan.rings) {
    if (!whole(length, 1)) throw invalid('rings', `a ring of length ${length} holds nothing`)
  }
  const levels = slotLevels(plan)
  checkMixing(plan, levels)
  return levels
}

function invalid(member: string, message: string): QuesnayError {
  return new QuesnayError('MODEL_INVALID', `the plan is invalid: ${message}`, { path: `plan.${member}` })
}

const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least

function checkSize(plan: Plan, times: number, { from, to }: LaneRange): void {
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && to > from && to <= 2 ** 32)) {
    throw new QuesnayError('BAD_INPUT', `the range of lanes from ${from} to ${to} is empty or out of bounds`, {
      path: 'range',
    })
  }
  const values = plan.outputs.length * times * (to - from)
  if (values <= MAX_VALUES) return
  const message = `${plan.outputs.length} outputs at ${times} times in ${to - from} lanes are more than ${MAX_VALUES} values`
  throw new QuesnayError('LIMIT_EXCEEDED', message, { path: 'range', limit: MAX_VALUES })
}

function checkLevels(plan: Plan): void {
  const { levels } = plan
  if (levels.length === 0 || levels.length > MAX_LEVELS) {
    throw invalid('levels', `it has ${levels.length} levels, and not 1 to ${MAX_LEVELS}`)
  }
  for (const [i, { name, of, count }] of levels.entries()) {
    const good = i === 0 ? of === null : whole(of ?? -1, 0) && of! < i && count !== null
    if (!good) throw invalid('levels', `the level ${name} is no member of one before it`)
  }
  for (const { name, level } of [...plan.columns, ...plan.uniforms]) {
    if (!whole(level, 0) || level >= levels.length) throw invalid('levels', `${name} is of a level ${level}`)
  }
  for (const { of, count } of levels) {
    const column = plan.columns.find(({ name }) => name === count)
    if (column && column.level !== of) throw invalid('columns', `the column ${count} counts members of another level`)
  }
  for (const { member, group } of plan.relations) {
    let above: number | null = levels[member]?.of ?? null
    while (above !== null && above !== group) above = levels[above]!.of
    if (above === null) throw invalid('relations', `level ${member} is no member of level ${group}`)
  }
}

function checkIndices(plan: Plan): void {
  const within = (index: number, count: number, what: string) => {
    if (Number.isInteger(index) && index >= 0 && index < count) return
    throw invalid(`${what}s`, `it has no ${what} ${index}`)
  }
  for (const slot of slotsOf(plan)) within(slot, plan.slots, 'slot')
  const count = { table: plan.tables.length, relation: plan.relations.length, solve: plan.solves.length }
  for (const [code, out, ...operands] of allOperations(plan)) {
    const { arity, index } = kindOf(code, operands.length)
    for (const slot of [out, ...operands.slice(0, arity)]) within(slot, plan.slots, 'slot')
    if (index) within(operands[arity]!, count[index], index)
  }
  for (const { xs, ys } of plan.tables) {
    if (xs.length === 0 || xs.length !== ys.length) throw invalid('tables', 'a table needs as many ys as xs, and one')
  }
}

function slotsOf(plan: Plan): number[] {
  const { constants, inputs, series, columns, trajectories, uniforms, outputs } = plan
  return [
    ...[constants, inputs, series, columns, trajectories, uniforms, outputs].flat().map(({ slot }) => slot),
    ...plan.stocks.flatMap(({ slot, initial, flow }) => [slot, initial, flow]),
    ...plan.registers.flatMap(({ slot, initial, next }) => [slot, initial, next]),
    ...plan.rings.flatMap(({ slot, initial, input, delay }) => [slot, initial, input, delay]),
    ...plan.solves.flatMap(({ unknowns }) => unknowns.flatMap(({ slot, next, guess }) => [slot, next, guess])),
    ...plan.identities.flatMap(({ holds, difference }) => [holds, difference]),
    ...[plan.timeSlot, plan.stepTimeSlot].filter((slot) => slot !== null),
  ]
}

function checkTime({ time, stocks }: Plan): void {
  const moved = new Set(stocks.map(({ slot }) => slot))
  if (stocks.some(({ flow }) => moved.has(flow))) throw invalid('stocks', 'a flow stands in the slot of a stock')
  if (!time) return
  const { steps, saveEvery, saveAt, stages } = time
  if (!whole(steps, 0) || steps >= 2 ** 32 - 1) throw invalid('time', `it takes ${steps} steps`)
  if (!saveAt && !whole(saveEvery, 1)) throw invalid('time', `it saves every ${saveEvery} steps`)
  const rising = saveAt?.every((step, i) => whole(step, i === 0 ? 0 : saveAt[i - 1]! + 1) && step <= steps)
  if (rising === false) throw invalid('time', 'the steps to be saved do not rise from 0 to the last')
  const [first] = stages
  if (first?.c !== 0 || first.a !== 0) throw invalid('time', 'the first stage is not the beginning of the step')
}

function checkSolves({ solves, operations }: Plan): void {
  const solving = (list: readonly Operation[]) => list.some(([code]) => code === CODE.solve)
  if (solving(operations.run)) throw invalid('solves', 'a solve block is solved for each lane, not once per run')
  for (const { name, method, unknowns, body, parts, tolerance, maxIterations, damping } of solves) {
    const refuse = (what: string) => invalid('solves', `the solve block ${name} ${what}`)
    if (unknowns.length === 0) throw refuse('has no unknowns')
    if (method !== 'newton' && method !== 'gaussSeidel') throw refuse(`has the method ${method}`)
    if (parts.length !== (method === 'newton' ? 0 : unknowns.length)) throw refuse(`has ${parts.length} parts`)
    if (solving([...body, ...parts.flat()])) throw refuse('holds another one')
    if (!(tolerance >= 0)) throw refuse(`has the tolerance ${tolerance}`)
    if (!(damping > 0 && damping <= 1)) throw refuse(`has the damping ${damping}`)
    if (!whole(maxIterations, 1) || maxIterations > MAX_ITERATIONS) throw refuse(`iterates ${maxIterations} times`)
  }
}

/** Values of one level meet, or values that are the same in all rows. */
function checkMixing(plan: Plan, levels: Int8Array): void {
  const named = plan.levels.map(({ name }) => name)
  const require = (slots: readonly number[], level: number, what: string) => {
    const wrong = slots.find((slot) => levels[slot] !== level && levels[slot] !== RUN_LEVEL)
    if (wrong === undefined) return
    const message = `${what} of ${named[level]} reads a value of ${named[levels[wrong]!]}`
    throw invalid('operations', message)
  }
  for (const [code, out, ...operands] of allOperations(plan)) {
    const { name, arity, index, variadic } = kindOf(code, operands.length)
    const relation = index === 'relation' ? plan.relations[operands[arity]!]! : null
    const [from, to] = relation
      ? name === 'project'
        ? [relation.group, relation.member]
        : [relation.member, relation.group]
      : [levels[out]!, levels[out]!]
    if (levels[out] !== to) throw invalid('operations', `a ${name} writes a slot of another level`)
    if (variadic && to! > LANE_LEVEL) throw invalid('operations', `a ${name} is not of members`)
    if (from !== RUN_LEVEL) require(operands.slice(0, arity), from, `a ${name}`)
  }
  for (const { slot, level, name } of [...plan.columns, ...plan.uniforms]) {
    if (levels[slot] !== level) throw invalid('columns', `${name} shares a slot with values of another level`)
  }
  const lanes = [
    ...plan.constants.map(({ slot }) => slot),
    ...[plan.inputs, plan.series, plan.trajectories, plan.outputs].flat().map(({ slot }) => slot),
    ...[plan.timeSlot, plan.stepTimeSlot].filter((slot) => slot !== null),
    ...plan.rings.flatMap(({ slot, initial, input, delay }) => [slot, initial, input, delay]),
    ...plan.solves.flatMap(({ unknowns }) => unknowns.flatMap(({ slot, next, guess }) => [slot, next, guess])),
    ...plan.identities.flatMap(({ holds, difference }) => [holds, difference]),
  ]
  require(lanes, LANE_LEVEL, 'what is')
  for (const { slot, initial, flow } of plan.stocks) require([initial, flow], levels[slot]!, 'a stock')
  for (const { slot, initial, next } of plan.registers) require([initial, next], levels[slot]!, 'a register')
}
