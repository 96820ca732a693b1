// Packed columns: every bit comes back, whole, in slices and row by row, and in little room.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstDifference } from '../../../test/support/kernels.ts'
import { bytesOfColumn, copyValues, gathered, type PackedColumn, pack, sliceOf, unpacked } from './packed.ts'

const column = (values: readonly number[]) => Float64Array.from(values)
const many = (value: (i: number) => number) => Float64Array.from({ length: 1000 }, (_, i) => value(i))

describe('a packed column', () => {
  it.each<[string, Float64Array, PackedColumn['kind'], number]>([
    ['of one value', many(() => 3.7), 'CONSTANT', 64],
    ['of zeros', many(() => 0), 'CONSTANT', 64],
    ['that is mostly 0', many((i) => (i % 10 === 0 ? i / 3 : 0)), 'SPARSE', 99 * 12],
    ['of small whole numbers', many((i) => 1 + (i % 200)), 'WHOLE', 1000],
    ['of small whole numbers of both signs', many((i) => (i % 200) - 100), 'WHOLE', 1000],
    ['of whole numbers', many((i) => 1 + i * 50), 'WHOLE', 2000],
    ['of large whole numbers', many((i) => 1 + i * 1_000_000), 'WHOLE', 4000],
    ['of cents', many((i) => (1 + i * 12_345) / 100), 'WHOLE', 4000],
    ['of any numbers', many((i) => Math.sqrt(i + 1)), 'REALS', 8000],
    ['of numbers beyond 32 bits', many((i) => 2 ** 31 + i), 'REALS', 8000],
    ['of zeros of both signs', many((i) => (i % 2 ? 0 : -0)), 'REALS', 8000],
    ['of nothing', column([]), 'CONSTANT', 64],
  ])('%s takes little room', (_, values, kind, bytes) => {
    const packed = pack(values)
    expect([packed.kind, bytesOfColumn(packed), packed.length]).toEqual([kind, bytes, values.length])
    expect(firstDifference(unpacked(packed), values)).toBe(-1)
  })

  it('gives every bit back, of any slice of a slice and any rows', () => {
    const value = fc.oneof(
      fc.double(),
      fc.integer({ min: -300, max: 70_000 }),
      fc.integer({ min: -1e6, max: 1e6 }).map((cents) => cents / 100),
      fc.constantFrom(0, 0, 0, 0, -0, 1),
    )
    const kinds = fc.oneof(
      value,
      fc.constant(0),
      fc.integer({ min: 0, max: 90 }),
      fc.integer().map((x) => x / 100),
    )
    fc.assert(
      fc.property(fc.array(kinds, { minLength: 1, maxLength: 80 }), fc.nat(), fc.nat(), fc.nat(), (given, a, b, c) => {
        const values = column(given)
        const packed = pack(values)
        const from = a % values.length
        const to = from + 1 + (b % (values.length - from))
        const slice = sliceOf(packed, from, to)
        expect(firstDifference(unpacked(slice), values.slice(from, to))).toBe(-1)
        const inner = c % (to - from)
        expect(firstDifference(unpacked(sliceOf(slice, inner, to - from)), values.slice(from + inner, to))).toBe(-1)
        const rows = Uint32Array.from({ length: 20 }, (_, i) => (a + i * b) % (to - from))
        const target = new Float64Array(20)
        copyValues(gathered(slice, rows), 0, 20, target)
        expect(
          firstDifference(
            target,
            Float64Array.from(rows, (row) => values[from + row]!),
          ),
        ).toBe(-1)
      }),
      { numRuns: 300 },
    )
  })
})
