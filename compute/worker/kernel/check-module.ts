// Reads a kernel's sections and lets only those pass that a deterministic kernel needs: an allow list, so that what the format gains
// later is refused until somebody has looked at it. WebAssembly core specification 5.5 (binary format: modules).
import { checkConstant, checkFunction, checkValueType } from './check-code.ts'
import { ModuleFault, ModuleReader } from './module-reader.ts'

export interface MemoryLimits {
  /** Pages of 64 KiB. */
  readonly initial: number
  readonly maximum: number
}

/** Larger than any kernel; what an engine compiles takes tens of times as much. */
export const MOST_MODULE_BYTES = 4 * 1024 * 1024
/** Entries of the function table, which lie outside of the kernel's memory and are not bounded by its maximum. */
const MOST_TABLE_ENTRIES = 65_536
/** \0asm and version 1. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const FUNCTION_TYPE = 0x60
const FUNCTION_REFERENCES = 0x70
/** Kind of an import. */
const MEMORY = 2

interface Section {
  readonly name: string
  /** Absent: no kernel has this section. */
  readonly check?: (reader: ModuleReader) => void
  readonly why?: string
}

/** By id; the custom section (0) means nothing to an engine and is passed over. */
const SECTIONS: Readonly<Record<number, Section>> = {
  1: { name: 'types', check: checkTypes },
  2: { name: 'imports' },
  3: { name: 'functions', check: (reader) => each(reader, () => reader.u32()) },
  4: { name: 'tables', check: checkTables },
  5: { name: 'memories', check: checkMemories },
  6: { name: 'globals', check: checkGlobals },
  7: { name: 'exports', check: checkExports },
  8: { name: 'start', why: 'has a start function, which would run before anybody watches it' },
  9: { name: 'elements', check: checkElements },
  10: { name: 'code', check: (reader) => each(reader, () => checkFunction(reader.part(reader.u32()))) },
  11: { name: 'data', check: checkData },
  12: { name: 'data count', check: (reader) => void reader.u32() },
  13: { name: 'tags', why: 'has tags, of exception handling' },
}

/**
 * The limits of the memory that a module imports as env.memory, its only import. Throws a ModuleFault for every byte that a kernel has
 * no need of: foreign imports, a memory without a maximum, shared or of 64 bits, a second one, a start function, an instruction
 * outside of the deterministic set. Types and stack heights are left to the engine, which checks them when it compiles.
 */
export function checkModule(bytes: Uint8Array): MemoryLimits {
  if (bytes.length > MOST_MODULE_BYTES)
    throw new ModuleFault(`is larger than ${MOST_MODULE_BYTES} bytes`, MOST_MODULE_BYTES)
  const reader = new ModuleReader(bytes)
  if (MAGIC.some((byte) => reader.done || reader.byte() !== byte)) throw new ModuleFault('is not a valid module', 0)
  let limits: MemoryLimits | undefined
  while (!reader.done) {
    const { at } = reader
    const id = reader.byte()
    const part = reader.part(reader.u32())
    if (id === 0) continue
    const section = SECTIONS[id]
    if (!section) throw new ModuleFault(`has a section ${id}, which is not known`, at)
    if (section.why) throw new ModuleFault(section.why, at)
    if (id === 2) limits = checkImports(part)
    else section.check!(part)
    if (!part.done) throw new ModuleFault(`has a section of ${section.name} that goes on behind its end`, part.at)
  }
  if (!limits) throw new ModuleFault('does not import env.memory', bytes.length)
  return limits
}

function each(reader: ModuleReader, read: () => void): void {
  for (let left = reader.count(); left > 0; left--) read()
}

function checkTypes(reader: ModuleReader): void {
  each(reader, () => {
    const { at } = reader
    if (reader.byte() !== FUNCTION_TYPE)
      throw new ModuleFault('has a type that is no function, of garbage collection', at)
    each(reader, () => checkValueType(reader))
    each(reader, () => checkValueType(reader))
  })
}

function checkImports(reader: ModuleReader): MemoryLimits | undefined {
  let limits: MemoryLimits | undefined
  each(reader, () => {
    const { at } = reader
    const name = `${reader.name()}.${reader.name()}`
    const kind = reader.byte()
    if (name !== 'env.memory' || kind !== MEMORY) {
      throw new ModuleFault(`imports ${name}; only the memory env.memory is given`, at)
    }
    if (limits) throw new ModuleFault('imports env.memory twice', at)
    limits = readLimits(reader)
  })
  return limits
}

/** Bit 0 of the flags: has a maximum; 1: shared; 2: addresses of 64 bits. */
function readLimits(reader: ModuleReader): MemoryLimits {
  const { at } = reader
  const flags = reader.byte()
  if (flags & 0b100) throw new ModuleFault('has a memory of 64-bit addresses', at)
  if (flags & 0b010) throw new ModuleFault('has a shared memory', at)
  if (flags > 1) throw new ModuleFault(`has a memory of an unknown form (0x${flags.toString(16)})`, at)
  if (flags === 0) throw new ModuleFault('declares no maximum for its memory', at)
  const initial = reader.u32()
  const maximum = reader.u32()
  if (maximum > 65_536) throw new ModuleFault('declares a maximum of more than 4 GiB', at)
  if (initial > maximum) throw new ModuleFault('begins with more memory than its maximum', at)
  return { initial, maximum }
}

function checkTables(reader: ModuleReader): void {
  const { at } = reader
  const count = reader.count()
  if (count > 1) throw new ModuleFault('has more than one table', at)
  if (count === 0) return
  if (reader.byte() !== FUNCTION_REFERENCES) throw new ModuleFault('has a table of other things than functions', at)
  const flags = reader.byte()
  if (flags > 1) throw new ModuleFault(`has a table of an unknown form (0x${flags.toString(16)})`, at)
  const entries = reader.u32()
  if (flags === 1) reader.u32()
  if (entries > MOST_TABLE_ENTRIES) throw new ModuleFault(`has a table of more than ${MOST_TABLE_ENTRIES} entries`, at)
}

function checkMemories(reader: ModuleReader): void {
  const { at } = reader
  if (reader.count() > 0) throw new ModuleFault('has a memory of its own beside env.memory', at)
}

function checkGlobals(reader: ModuleReader): void {
  each(reader, () => {
    checkValueType(reader)
    const { at } = reader
    if (reader.byte() > 1) throw new ModuleFault('has a global of an unknown form', at)
    checkConstant(reader)
  })
}

function checkExports(reader: ModuleReader): void {
  each(reader, () => {
    reader.name()
    const { at } = reader
    if (reader.byte() > 3) throw new ModuleFault('exports something of an unknown kind', at)
    reader.u32()
  })
}

/** Functions of the table by their numbers, at a constant place: the oldest form alone. */
function checkElements(reader: ModuleReader): void {
  each(reader, () => {
    const { at } = reader
    if (reader.u32() !== 0) throw new ModuleFault('has elements of another form than a list of functions', at)
    checkConstant(reader)
    each(reader, () => reader.u32())
  })
}

/** Bytes at a constant place (0), or for memory.init (1); 2 names another memory. */
function checkData(reader: ModuleReader): void {
  each(reader, () => {
    const { at } = reader
    const form = reader.u32()
    if (form > 1) throw new ModuleFault('has data for a second memory', at)
    if (form === 0) checkConstant(reader)
    reader.skip(reader.u32())
  })
}
