// Walks the instructions of a function or a constant expression, and lets only those of the deterministic set pass.
import { ModuleFault, type ModuleReader } from './module-reader.ts'
import { describeOpcode, type Immediate, immediateOf, PREFIX } from './opcodes.ts'

const VALUE_TYPES: Readonly<Record<number, string>> = { 127: 'i32', 126: 'i64', 125: 'f32', 124: 'f64', 123: 'v128' }
/** Blocks within blocks: more would be nothing that a compiler writes. */
const MOST_NESTED = 1000
/** Of one function; engines take 50,000. */
const MOST_LOCALS = 50_000
const OP = { block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, globalGet: 0x23 } as const
const CONSTANTS: ReadonlySet<number> = new Set([0x41, 0x42, 0x43, 0x44])

/** A number or a vector; a reference is refused. */
export function checkValueType(reader: ModuleReader): void {
  const { at } = reader
  const code = reader.byte()
  if (!(code in VALUE_TYPES)) throw new ModuleFault(`has the type 0x${code.toString(16)}, which is no number`, at)
}

/** The locals and instructions of one function, to the end of its part. */
export function checkFunction(reader: ModuleReader): void {
  let locals = 0
  for (let groups = reader.count(); groups > 0; groups--) {
    const { at } = reader
    locals += reader.u32()
    if (locals > MOST_LOCALS) throw new ModuleFault(`has a function of more than ${MOST_LOCALS} locals`, at)
    checkValueType(reader)
  }
  for (let depth = 1; depth > 0; ) {
    const { at } = reader
    const code = readInstruction(reader)
    if (code === OP.block || code === OP.loop || code === OP.if) depth++
    if (code === OP.end) depth--
    if (depth > MOST_NESTED) throw new ModuleFault(`nests more than ${MOST_NESTED} blocks`, at)
  }
  if (!reader.done) throw new ModuleFault('has a function that goes on behind its end', reader.at)
}

/** One constant, or a global's value, and the end. */
export function checkConstant(reader: ModuleReader): void {
  const { at } = reader
  const code = reader.byte()
  if (CONSTANTS.has(code)) READ[immediateOf(code, 0)!](reader)
  else if (code === OP.globalGet) reader.u32()
  else if (code === PREFIX.simd && reader.u32() === 12) reader.skip(16)
  else throw new ModuleFault('has an initial value that is no constant', at)
  if (reader.byte() !== OP.end) throw new ModuleFault('has an initial value that is no constant', at)
}

/** Reads one instruction whole and returns its first byte. */
function readInstruction(reader: ModuleReader): number {
  const { at } = reader
  const code = reader.byte()
  const sub = code === PREFIX.more || code === PREFIX.simd ? reader.u32() : 0
  const immediate = immediateOf(code, sub)
  if (!immediate) throw new ModuleFault(`uses the instruction ${describeOpcode(code, sub)}`, at)
  READ[immediate](reader)
  return code
}

const READ: { readonly [immediate in Immediate]: (reader: ModuleReader) => void } = {
  none: () => {},
  index: (reader) => void reader.u32(),
  i32: (reader) => void reader.s32(),
  i64: (reader) => void reader.s64(),
  f32: (reader) => reader.skip(4),
  f64: (reader) => reader.skip(8),
  v128: (reader) => reader.skip(16),
  lane: (reader) => reader.skip(1),
  lanes: (reader) => reader.skip(16),
  memory: readMemoryArgument,
  'memory-lane': (reader) => {
    readMemoryArgument(reader)
    reader.skip(1)
  },
  block: readBlockType,
  branches: (reader) => {
    for (let labels = reader.count(); labels >= 0; labels--) reader.u32()
  },
  types: (reader) => {
    for (let types = reader.count(); types > 0; types--) checkValueType(reader)
  },
  'call-indirect': (reader) => {
    reader.u32()
    assertFirst(reader, 'table')
  },
  zero: (reader) => assertFirst(reader, 'memory'),
  'segment-zero': (reader) => {
    reader.u32()
    assertFirst(reader, 'memory')
  },
  'two-zeros': (reader) => {
    assertFirst(reader, 'memory')
    assertFirst(reader, 'memory')
  },
}

/** Alignment and offset; a higher bit of the alignment names another memory. */
function readMemoryArgument(reader: ModuleReader): void {
  const { at } = reader
  if (reader.u32() >= 32) throw new ModuleFault('names a second memory', at)
  reader.u32()
}

/** There is one memory and one table at most. */
function assertFirst(reader: ModuleReader, what: string): void {
  const { at } = reader
  if (reader.byte() !== 0) throw new ModuleFault(`names a second ${what}`, at)
}

/** 0x40 for nothing, a type of one value, or the index of a function type. */
function readBlockType(reader: ModuleReader): void {
  const { at } = reader
  const type = reader.s33()
  if (type >= 0 || type === -64 || type + 128 in VALUE_TYPES) return
  throw new ModuleFault('has a block of a type that is no number', at)
}
