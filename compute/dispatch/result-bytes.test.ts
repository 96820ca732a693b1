// The layout of a result's bytes: what is written is read, and damage is noticed.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrayLengths, decodeResult, encodeResult, type ResultHeader } from './result-bytes.ts'

const outputs = [
  { name: 'x', unit: 'USD' },
  { name: 'größe', unit: '1' },
]
const lanesHeader: ResultHeader = { kind: 'LANES', lanes: 3, outputs, times: [0, 1], probabilities: [] }
const ensembleHeader: ResultHeader = { ...lanesHeader, kind: 'ENSEMBLE', probabilities: [0.05, 0.95] }
const numbers = (length: number) => fc.float64Array({ minLength: length, maxLength: length, noNaN: true })

describe('encodeResult and decodeResult', () => {
  it('read back every bit of an ensemble', () => {
    fc.assert(
      fc.property(fc.tuple(numbers(4), numbers(4), numbers(4), numbers(4)), (arrays) => {
        const result = decodeResult(encodeResult(ensembleHeader, arrays))
        expect(result).toMatchObject({ kind: 'ENSEMBLE', outputs, times: [0, 1], probabilities: [0.05, 0.95] })
        if (result.kind !== 'ENSEMBLE') throw new Error('not an ensemble')
        expect([result.mean, result.sd, ...result.quantiles]).toEqual(arrays)
      }),
    )
  })

  it('read back every bit of values by lane', () => {
    fc.assert(
      fc.property(numbers(12), (values) => {
        expect(decodeResult(encodeResult(lanesHeader, [values]))).toEqual({
          kind: 'LANES',
          outputs,
          times: [0, 1],
          lanes: 3,
          values,
        })
      }),
    )
  })

  it('lay the numbers at a multiple of eight bytes from the end of the header', () => {
    const bytes = encodeResult(lanesHeader, [new Float64Array(12)])
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('QZR1')
    const header = new DataView(bytes.buffer).getUint32(4, true)
    expect(bytes.byteLength).toBe(Math.ceil((8 + header) / 8) * 8 + 12 * 8)
  })

  it('take a header without quantiles: mean and standard deviation alone', () => {
    expect(arrayLengths({ ...ensembleHeader, probabilities: [] })).toEqual([4, 4])
  })

  it.each([
    ['is empty', new Uint8Array()],
    ['begins otherwise', new Uint8Array(64)],
    ['is cut off', encodeResult(lanesHeader, [new Float64Array(12)]).subarray(0, -8)],
  ])('refuse a result that %s', (_, bytes) => {
    expect(() => decodeResult(bytes)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  })
})
