// What outlives a step: registers, and the state of a block as it is handed in and out.
import * as at from './layout'
import { address, copySlot, extent, field, firstRow, level, rowsOf } from './operands'

export function beginRegisters(): void {
  for (let p: usize = field(at.REGISTERS_AT), end: usize = field(at.REGISTERS_END); p < end; p += at.REGISTER_BYTES) {
    copySlot(load<u32>(p), load<u32>(p, 4))
  }
}

/** Keeps what the registers will be: they change at once, and later stages overwrite what they read. */
export function keepRegisters(): void {
  for (let p: usize = field(at.REGISTERS_AT), end: usize = field(at.REGISTERS_END); p < end; p += at.REGISTER_BYTES) {
    const slot = <usize>load<u32>(p)
    copySlot(<usize>load<u32>(p, 12) | (slot & 63), load<u32>(p, 8))
  }
}

export function moveRegisters(): void {
  for (let p: usize = field(at.REGISTERS_AT), end: usize = field(at.REGISTERS_END); p < end; p += at.REGISTER_BYTES) {
    const slot = <usize>load<u32>(p)
    memory.copy(address(slot), load<u32>(p, 12), extent(slot))
  }
}

/** Where the block's rows of a record's data begin; data of rows lie one after the other. */
@inline
function rowsAt(record: usize): usize {
  return <usize>load<u32>(record, 4) + (<usize>firstRow(level(load<u32>(record))) << 3)
}

/** Copies data of rows to the slots that the records name. */
export function loadRows(from: usize, end: usize): void {
  for (let p = from; p < end; p += at.POINTER_BYTES) {
    const slot = load<u32>(p)
    memory.copy(address(slot), rowsAt(p), extent(slot))
  }
}

/** The other way; not a row more than the block has: those of the next one may still have to be loaded. */
export function storeRows(from: usize, end: usize): void {
  for (let p = from; p < end; p += at.POINTER_BYTES) {
    const slot = load<u32>(p)
    memory.copy(rowsAt(p), address(slot), <usize>rowsOf(level(slot)) << 3)
  }
}
