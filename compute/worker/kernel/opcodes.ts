// The instructions that a kernel may use: those whose result the WebAssembly core specification fixes to the bit. A NaN's bits are the
// exception, which the host makes canonical; whether memory.grow succeeds is the other, which a declared maximum bounds.

/** What stands behind an opcode. */
export type Immediate =
  | 'none'
  | 'block'
  | 'index'
  | 'branches'
  | 'call-indirect'
  | 'types'
  | 'memory'
  | 'zero'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'v128'
  | 'lane'
  | 'lanes'
  | 'memory-lane'
  | 'segment-zero'
  | 'two-zeros'

type Range = readonly [from: number, to: number, immediate: Immediate]

/** Core specification 5.4, without exceptions, tail calls, references and what writes tables. */
const PLAIN: readonly Range[] = [
  [0x00, 0x01, 'none'],
  [0x02, 0x04, 'block'],
  [0x05, 0x05, 'none'],
  [0x0b, 0x0b, 'none'],
  [0x0c, 0x0d, 'index'],
  [0x0e, 0x0e, 'branches'],
  [0x0f, 0x0f, 'none'],
  [0x10, 0x10, 'index'],
  [0x11, 0x11, 'call-indirect'],
  [0x1a, 0x1b, 'none'],
  [0x1c, 0x1c, 'types'],
  [0x20, 0x24, 'index'],
  [0x28, 0x3e, 'memory'],
  [0x3f, 0x40, 'zero'],
  [0x41, 0x41, 'i32'],
  [0x42, 0x42, 'i64'],
  [0x43, 0x43, 'f32'],
  [0x44, 0x44, 'f64'],
  [0x45, 0xc4, 'none'],
]

/** Behind 0xfc: saturating conversions and bulk memory. */
const MORE: readonly Range[] = [
  [0, 7, 'none'],
  [8, 8, 'segment-zero'],
  [9, 9, 'index'],
  [10, 10, 'two-zeros'],
  [11, 11, 'zero'],
]

/** Behind 0xfd: fixed-width SIMD, whose codes end at 0xff; relaxed SIMD begins at 0x100. */
const SIMD: readonly Range[] = [
  [0, 11, 'memory'],
  [12, 12, 'v128'],
  [13, 13, 'lanes'],
  [14, 20, 'none'],
  [21, 34, 'lane'],
  [35, 83, 'none'],
  [84, 91, 'memory-lane'],
  [92, 93, 'memory'],
  [94, 255, 'none'],
]
/** Codes within that range that stand for nothing. */
const SIMD_GAPS = new Set([
  154, 162, 165, 166, 175, 176, 178, 179, 180, 187, 194, 197, 198, 207, 208, 210, 211, 212, 226, 238,
])

export const PREFIX = { more: 0xfc, simd: 0xfd } as const

const find = (ranges: readonly Range[], code: number) => ranges.find(([from, to]) => code >= from && code <= to)?.[2]
const SINGLE: readonly (Immediate | undefined)[] = Array.from({ length: 256 }, (_, code) => find(PLAIN, code))

/** undefined where the opcode is not allowed. `sub`: the code behind a prefix. */
export function immediateOf(code: number, sub: number): Immediate | undefined {
  if (code === PREFIX.more) return find(MORE, sub)
  if (code === PREFIX.simd) return SIMD_GAPS.has(sub) ? undefined : find(SIMD, sub)
  return SINGLE[code]
}

/** Families of what is refused, for people: the first range that holds the code. */
const REFUSED: readonly (readonly [from: number, to: number, family: string])[] = [
  [0x06, 0x0a, 'exception handling'],
  [0x12, 0x13, 'tail calls'],
  [0x14, 0x14, 'typed function references'],
  [0x15, 0x15, 'tail calls'],
  [0x18, 0x19, 'exception handling'],
  [0x1f, 0x1f, 'exception handling'],
  [0x25, 0x26, 'tables that change'],
  [0xd0, 0xd2, 'references'],
  [0xd3, 0xd3, 'garbage collection'],
  [0xd4, 0xd6, 'typed function references'],
  [0xfb, 0xfb, 'garbage collection'],
  [0xfe, 0xfe, 'threads and atomics'],
]

/** The opcode and what it belongs to, such as `0xfd 0x100, of relaxed SIMD`. */
export function describeOpcode(code: number, sub: number): string {
  const hex = (n: number) => `0x${n.toString(16).padStart(2, '0')}`
  if (code === PREFIX.simd) return `${hex(code)} ${hex(sub)}, of ${sub > 255 ? 'relaxed SIMD' : 'no known instruction'}`
  if (code === PREFIX.more) {
    const family = sub >= 12 && sub <= 17 ? 'tables that change' : 'no known instruction'
    return `${hex(code)} ${hex(sub)}, of ${family}`
  }
  const family = REFUSED.find(([from, to]) => code >= from && code <= to)?.[2] ?? 'no known instruction'
  return `${hex(code)}, of ${family}`
}
