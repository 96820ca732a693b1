// Operations of a plan as functions over a frame.
import { CODE } from '../layout/operations.ts'
import { meaningOf } from '../model/arithmetic.ts'
import { kindOf, LANE_LEVEL } from '../model/levels.ts'
import { roundEven } from '../model/math/round.ts'
import type { TableFunction } from '../model/model.ts'
import type { Operation } from '../model/plan.ts'
import { TABLE_MEANING } from '../model/tables.ts'
import type { Frame } from './frame.ts'

export type Run = () => void

/** Operations as one function. `solve` runs a solve block. */
export function compile(frame: Frame, operations: readonly Operation[], solve: (index: number) => void): Run {
  const compiled = operations.map((operation) => compileOne(frame, operation, solve))
  return () => {
    for (const one of compiled) one()
  }
}

function compileOne(frame: Frame, operation: Operation, solve: (index: number) => void): Run {
  const [code, out, ...operands] = operation
  const { values, at } = frame
  const { name, arity, index } = kindOf(code, operands.length)
  if (index === 'solve') {
    return () => {
      frame.set(out, 0)
      solve(operands[0]!)
    }
  }
  if (code === CODE.choose) return choosing(frame, out, operands)
  if (index === 'relation') return gathering(frame, code, out, operands[0]!, operands[1]!)
  const meaning = index === 'table' ? reading(frame, name as TableFunction, operands[arity]!) : meaningOf(code)
  if (!meaning) throw new Error(`no operation has the code ${code}`)
  const slots = operands.slice(0, arity)
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = slots.map((slot) => at[slot]!)
  const to = at[out]!
  if (frame.level(out) <= LANE_LEVEL) {
    return () => {
      values[to] = meaning(values[a]!, values[b]!, values[c]!, values[d]!, values[e]!)
    }
  }
  const [sa = 0, sb = 0, sc = 0, sd = 0, se = 0] = slots.map((slot) => frame.stride(slot))
  return () => {
    for (let i = 0, rows = frame.rows(out); i < rows; i++) {
      const [x, y, z] = [values[a + i * sa]!, values[b + i * sb]!, values[c + i * sc]!]
      values[to + i] = meaning(x, y, z, values[d + i * sd]!, values[e + i * se]!)
    }
  }
}

function reading({ plan }: Frame, name: TableFunction, index: number): (x: number) => number {
  const { prepare, value } = TABLE_MEANING[name]
  const table = prepare(plan.tables[index]!)
  return (x) => value(x, table)
}

/** The value whose number the place rounds to, else the one that stands before them. */
function choosing({ values, at }: Frame, out: number, [place, ...choices]: readonly number[]): Run {
  return () => {
    const number = roundEven(values[at[place!]!]!)
    // Whatever is no place has no choice of that number; NaN neither.
    values[at[out]!] = values[at[number >= 1 ? (choices[number] ?? choices[0]!) : choices[0]!]!]!
  }
}

/** How the members' values are joined, in their order; of no members 0. */
const JOIN: Readonly<Record<number, (values: readonly number[]) => number>> = {
  [CODE.sumMembers]: (values) => values.reduce((sum, x) => sum + x, 0),
  [CODE.minMembers]: (values) => (values.length === 0 ? 0 : values.reduce((a, b) => Math.min(a, b))),
  [CODE.maxMembers]: (values) => (values.length === 0 ? 0 : values.reduce((a, b) => Math.max(a, b))),
  [CODE.countMembers]: (values) => values.filter((x) => x !== 0).length,
}

/** From members to groups, or from groups to members. */
function gathering(frame: Frame, code: number, out: number, operand: number, relation: number): Run {
  const { values, at } = frame
  const to = at[out]!
  const from = at[operand]!
  const step = frame.stride(operand)
  const join = JOIN[code]
  return () => {
    for (const [group, [first, end]] of frame.groups(relation).entries()) {
      if (join)
        values[to + group] = join(Array.from({ length: end - first }, (_, i) => values[from + (first + i) * step]!))
      else values.fill(values[from + group * step]!, to + first, to + end)
    }
  }
}
