// Member entities: operations over their rows, and what goes from members to groups and back.
import * as at from './layout'
import { address, extent, firstRow, level, LEVEL_BITS, rowsOf, word } from './operands'
import { functionOf, walk } from './walk'

/** Marks the code of a record whose result is of a member level. */
export const MEMBER_MARK: u32 = 0x100

/** The record of one block of rows. */
const PATCHED: usize = memory.data(32, 16)

/** Runs an operation over all rows of a member level, block by block: as many operations on one block each. */
export function runMembers(record: usize): void {
  const bytes = extent(word(record, 0))
  const kind = load<u32>(record) & ~MEMBER_MARK
  store<u32>(PATCHED, kind)
  store<u32>(PATCHED, functionOf(kind), 28)
  for (let offset: usize = 0; offset < bytes; offset += at.SLOT_BYTES) {
    for (let i: usize = 0; i < 6; i++) {
      const operand = word(record, i)
      const part = level(operand) == 0 ? operand : (operand & ~LEVEL_BITS) + offset
      store<u32>(PATCHED + 4 + (i << 2), part)
    }
    walk(PATCHED, PATCHED + at.OPERATION_BYTES)
  }
}

/** The members of the group at `offsets`, joined one after the other; of none 0. */
@inline
function joined(kind: u32, values: usize, step: usize, from: usize, to: usize): f64 {
  if (from == to) return 0
  let result: f64 = 0
  if (kind == at.MIN_MEMBERS || kind == at.MAX_MEMBERS) result = load<f64>(values + from * step)
  for (let i = from; i < to; i++) {
    const x = load<f64>(values + i * step)
    if (kind == at.SUM_MEMBERS) result += x
    else if (kind == at.MIN_MEMBERS) result = min(result, x)
    else if (kind == at.MAX_MEMBERS) result = max(result, x)
    else if (x != 0) result += 1
  }
  return result
}

@inline
function reduce(kind: u32, record: usize): void {
  const relation = word(record, 2)
  const members = <usize>firstRow(load<u32>(relation, 4))
  const group = <usize>load<u32>(relation, 8)
  const out = address(word(record, 0))
  const operand = word(record, 1)
  const values = address(operand)
  const step: usize = (operand & 1) << 3
  let offsets = <usize>load<u32>(relation) + (<usize>firstRow(group) << 2)
  for (let i: usize = 0, end = <usize>rowsOf(group) << 3; i < end; i += 8, offsets += 4) {
    const from = <usize>load<u32>(offsets) - members
    store<f64>(out + i, joined(kind, values, step, from, <usize>load<u32>(offsets, 4) - members))
  }
}

export function runSumMembers(record: usize): void {
  reduce(at.SUM_MEMBERS, record)
}

export function runMinMembers(record: usize): void {
  reduce(at.MIN_MEMBERS, record)
}

export function runMaxMembers(record: usize): void {
  reduce(at.MAX_MEMBERS, record)
}

export function runCountMembers(record: usize): void {
  reduce(at.COUNT_MEMBERS, record)
}

export function runProject(record: usize): void {
  const relation = word(record, 2)
  const members = <usize>firstRow(load<u32>(relation, 4))
  const group = <usize>load<u32>(relation, 8)
  const out = address(word(record, 0))
  const operand = word(record, 1)
  const step: usize = (operand & 1) << 3
  let value = address(operand)
  let offsets = <usize>load<u32>(relation) + (<usize>firstRow(group) << 2)
  for (let groups = rowsOf(group); groups > 0; groups--, value += step, offsets += 4) {
    const x = load<f64>(value)
    const end = <usize>load<u32>(offsets, 4) - members
    for (let i = <usize>load<u32>(offsets) - members; i < end; i++) store<f64>(out + (i << 3), x)
  }
}
