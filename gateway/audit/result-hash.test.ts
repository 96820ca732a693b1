// The hash of an answer: canonical JSON, whatever the order, and errors by place and code alone.
import fc from 'fast-check'
import { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../schema/hash.ts'
import { answerText, resultHash } from './result-hash.ts'

const fault = (message: string, code: string, path: (string | number)[]) =>
  new GraphQLError(message, { path, extensions: { code } })

describe('the hash of an answer', () => {
  it('is over the canonical JSON of any data', () => {
    const equal = fc.property(fc.jsonValue(), (data) => {
      expect(answerText(data)).toBe(canonicalJson(data))
    })
    fc.assert(equal)
  })

  it('does not change with the order of members and errors, nor with what errors say', () => {
    const one = resultHash({ data: { a: 1, b: [1, 2] }, errors: [fault('x', 'A', ['a']), fault('y', 'B', ['b', 0])] })
    expect(resultHash({ data: { b: [1, 2], a: 1 }, errors: [fault('z', 'B', ['b', 0]), fault('x', 'A', ['a'])] })).toBe(
      one,
    )
    expect(
      resultHash({ data: { a: 1, b: [2, 1] }, errors: [fault('x', 'A', ['a']), fault('y', 'B', ['b', 0])] }),
    ).not.toBe(one)
    expect(
      resultHash({ data: { a: 1, b: [1, 2] }, errors: [fault('x', 'C', ['a']), fault('y', 'B', ['b', 0])] }),
    ).not.toBe(one)
    expect(resultHash({ data: { a: 1, b: [1, 2] } })).not.toBe(one)
  })
})
