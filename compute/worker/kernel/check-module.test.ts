// What a kernel may be made of: each thing that is refused, with its opcode and its place, and mutated kernels of our own.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KERNEL_ABI, PAGE_BYTES } from '../../../compute/layout/memory.ts'
import { isQuesnayError } from '../../../schema/errors.ts'
import { sha256 } from '../../../schema/hash.ts'
import { endlessMachine, handMade, I32, MAGIC, memoryBomb, section } from '../../../test/support/wasm.ts'
import { loadKernel } from '../kernels.ts'
import { checkedModule, checkKernel, instantiate } from '../module.ts'

const kernelOf = (bytes: Uint8Array<ArrayBuffer>) => ({ name: 'test', abi: KERNEL_ABI, bytes })
const check = (bytes: Uint8Array<ArrayBuffer>) => checkedModule(kernelOf(bytes), sha256(bytes))
const withCode = (...body: number[]) => handMade({ functions: { f: { body } } })
const reasonOf = (bytes: Uint8Array<ArrayBuffer>) => {
  try {
    check(bytes)
    return 'accepted'
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    return error.code === 'KERNEL_REFUSED' ? error.message : error.code
  }
}
/** Where a byte sequence stands in a module: the offset that a refusal must name. */
const placeOf = (bytes: Uint8Array, ...wanted: number[]) =>
  bytes.findIndex((_, i) => wanted.every((byte, n) => bytes[i + n] === byte))

describe('a kernel', () => {
  it('of the deterministic set is let in', () => {
    for (const bytes of [handMade(), withCode(0x41, 1, 0x1a), endlessMachine(), memoryBomb(100)])
      expect(reasonOf(bytes)).toBe('accepted')
  })

  it('of our own build is let in, and its limits are the layout ones', () => {
    for (const name of ['machine', 'stats'] as const) {
      const kernel = loadKernel(name)
      expect(checkKernel(kernel, kernel.sha256).initial).toBeGreaterThanOrEqual(1)
    }
  })

  it('may use every instruction of fixed-width SIMD that the engine knows', () => {
    // v128.const, twice; i8x16.swizzle; drop
    const vector = [0xfd, 12, ...new Array(16).fill(1)]
    expect(reasonOf(withCode(...vector, ...vector, 0xfd, 14, 0x1a))).toBe('accepted')
    // i64x2.extmul_high_i32x4_u and f64x2.convert_low_i32x4_u, whose codes take two bytes
    expect(reasonOf(withCode(...vector, ...vector, 0xfd, 0xdf, 0x01, 0xfd, 0xff, 0x01, 0x1a))).toBe('accepted')
  })

  it.each([
    ['i8x16.relaxed_swizzle', [0xfd, 0x80, 0x02], '0xfd 0x100, of relaxed SIMD'],
    ['f64x2.relaxed_madd', [0xfd, 0x87, 0x02], '0xfd 0x107, of relaxed SIMD'],
    ['i32x4.relaxed_dot_i8x16_i7x16_add_s', [0xfd, 0x93, 0x02], '0xfd 0x113, of relaxed SIMD'],
    ['i32.atomic.load', [0xfe, 0x10, 0x02, 0x00], '0xfe, of threads and atomics'],
    ['atomic.fence', [0xfe, 0x03, 0x00], '0xfe, of threads and atomics'],
    ['memory.atomic.notify', [0xfe, 0x00, 0x02, 0x00], '0xfe, of threads and atomics'],
    ['try', [0x06, 0x40], '0x06, of exception handling'],
    ['throw', [0x08, 0x00], '0x08, of exception handling'],
    ['try_table', [0x1f, 0x40, 0x00], '0x1f, of exception handling'],
    ['return_call', [0x12, 0x00], '0x12, of tail calls'],
    ['return_call_indirect', [0x13, 0x00, 0x00], '0x13, of tail calls'],
    ['call_ref', [0x14, 0x00], '0x14, of typed function references'],
    ['struct.new', [0xfb, 0x00, 0x00], '0xfb, of garbage collection'],
    ['ref.null', [0xd0, 0x70], '0xd0, of references'],
    ['ref.func', [0xd2, 0x00], '0xd2, of references'],
    ['table.set', [0x26, 0x00], '0x26, of tables that change'],
    ['table.grow', [0xfc, 0x0f, 0x00], '0xfc 0x0f, of tables that change'],
    ['a code of nothing', [0xff], '0xff, of no known instruction'],
    ['a gap of the SIMD codes', [0xfd, 0x9a, 0x01], '0xfd 0x9a, of no known instruction'],
  ])('that uses %s is refused, with its opcode and its place', (_, code, said) => {
    const bytes = withCode(0x41, 1, 0x1a, ...code)
    const place = placeOf(bytes, 0x41, 1, 0x1a) + 3
    expect(reasonOf(bytes)).toBe(`the kernel test uses the instruction ${said} (byte ${place})`)
  })

  const memory = (...limits: number[]) =>
    handMade({ sections: { 2: [1, 3, ...ascii('env'), 6, ...ascii('memory'), 2, ...limits] } })
  it.each([
    ['a shared memory', memory(3, 1, 2), 'has a shared memory'],
    ['a memory of 64-bit addresses', memory(5, 1, 2), 'has a memory of 64-bit addresses'],
    ['a memory without a maximum', memory(0, 1), 'declares no maximum for its memory'],
    ['a memory of pages of its own size', memory(9, 1, 2, 0), 'has a memory of an unknown form (0x9)'],
    ['a maximum below its beginning', memory(1, 3, 2), 'begins with more memory than its maximum'],
    ['a maximum of more than 4 GiB', memory(1, 1, 0x81, 0x80, 0x04), 'declares a maximum of more than 4 GiB'],
    ['a memory of its own', handMade({ sections: { 5: [1, 1, 1, 2] } }), 'has a memory of its own'],
    ['a load from a second memory', withCode(0x41, 0, 0x28, 0x42, 0x01, 0x00, 0x1a), 'names a second memory'],
    ['a start function', handMade({ functions: { f: { body: [] } }, sections: { 8: [0] } }), 'has a start function'],
    ['tags', handMade({ sections: { 13: [1, 0, 0] } }), 'has tags, of exception handling'],
    ['a type that is a structure', handMade({ sections: { 1: [1, 0x5f, 0] } }), 'has a type that is no function'],
    ['a parameter that is a reference', handMade({ sections: { 1: [1, 0x60, 1, 0x6f, 0] } }), 'has the type 0x6f'],
    [
      'a table of references',
      handMade({ sections: { 4: [1, 0x6f, 0, 1] } }),
      'has a table of other things than functions',
    ],
    ['two tables', handMade({ sections: { 4: [2, 0x70, 0, 1, 0x70, 0, 1] } }), 'has more than one table'],
    [
      'a table that is a bomb',
      handMade({ sections: { 4: [1, 0x70, 0, 0x80, 0xad, 0xe2, 0x04] } }),
      'has a table of more than',
    ],
    ['a section that is not known', Uint8Array.from([...handMade(), ...section(14, [])]), 'has a section 14'],
  ])('that has %s is refused', (_, bytes, reason) => {
    expect(reasonOf(bytes)).toContain(`the kernel test ${reason}`)
    expect(reasonOf(bytes)).toMatch(/\(byte \d+\)$/)
  })

  it.each([
    ['ends within a number', [...MAGIC, 1, 0x80]],
    ['has a section longer than itself', [...MAGIC, 1, 100, 0]],
    ['has a list longer than itself', [...MAGIC, ...section(1, [0xff, 0xff, 0xff, 0xff, 0x0f])]],
    ['has a number of more than 32 bits', [...MAGIC, 1, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['has a section that goes on behind its end', [...MAGIC, ...section(3, [0, 0])]],
    ['is of another version', [0x00, 0x61, 0x73, 0x6d, 2, 0, 0, 0]],
    ['is empty', []],
  ])('that %s is refused', (_, bytes) => {
    expect(reasonOf(Uint8Array.from(bytes))).toMatch(/^the kernel test /)
  })

  it('whose code goes on behind its end, or never ends, is refused', () => {
    expect(reasonOf(withCode(0x0b))).toContain('goes on behind its end')
    expect(reasonOf(withCode(0x02, 0x40))).toContain('ends early')
  })

  it('that the engine finds ill-typed is refused too', () => {
    expect(reasonOf(handMade({ functions: { f: { results: [I32], body: [] } } }))).toContain('is not a valid module')
  })

  it('whose data does not fit its memory is refused when it is instantiated', () => {
    // One byte at 1,000,000, beyond the one page there is.
    const bytes = handMade({ sections: { 11: [1, 0, 0x41, 0xc0, 0x84, 0x3d, 0x0b, 1, 7] } })
    expect(reasonOf(bytes)).toBe('accepted')
    expect(() => instantiate(kernelOf(bytes), sha256(bytes))).toThrow('cannot be instantiated')
  })

  it('that takes all the memory it can get ends with its declared maximum', () => {
    const bytes = memoryBomb(40)
    const { memory, exports } = instantiate(kernelOf(bytes), sha256(bytes))
    ;(exports['prepare'] as () => void)()
    expect(memory.buffer.byteLength).toBe(40 * PAGE_BYTES)
    expect(() => memory.grow(1)).toThrow(RangeError)
  })

  it('of a larger maximum than is allowed is refused', () => {
    const bytes = memoryBomb(101)
    expect(() => checkKernel(kernelOf(bytes), sha256(bytes), 100)).toThrow(
      'a maximum of 101 pages of 64 KiB; this worker allows 100',
    )
    expect(checkKernel(kernelOf(bytes), sha256(bytes), 101).maximum).toBe(101)
  })

  it('whose bytes were changed anywhere is let in or refused, and nothing else happens', () => {
    const ours = [loadKernel('machine').bytes, loadKernel('stats').bytes, memoryBomb(9)]
    const kept = new Set<string>()
    // Of a place: a share of the length.
    const WHOLE = 1_000_000
    fc.assert(
      fc.property(
        fc.nat(ours.length - 1),
        fc.array(fc.tuple(fc.nat(WHOLE), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(WHOLE), { freq: 1 }),
        (which, changes, cut) => {
          let bytes = ours[which]!.slice()
          for (const [at, value] of changes) bytes[Math.floor((at / WHOLE) * (bytes.length - 1))] = value
          if (cut !== null) bytes = bytes.slice(0, Math.floor((cut / WHOLE) * bytes.length))
          // reasonOf throws where it is anything but a refusal.
          kept.add(reasonOf(bytes) === 'accepted' ? 'accepted' : 'refused')
        },
      ),
      { numRuns: 300 },
    )
    expect([...kept].sort()).toEqual(['accepted', 'refused'])
  })

  it('of random bytes behind a good beginning is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (tail) => {
        const bytes = Uint8Array.from([...MAGIC, ...tail])
        return reasonOf(bytes).startsWith('the kernel test ')
      }),
      { numRuns: 2000 },
    )
  })
})

function ascii(text: string): number[] {
  return [...new TextEncoder().encode(text)]
}
