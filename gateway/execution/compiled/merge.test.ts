// Merging answers: field by field, member by member, nothing shared between two targets, no type replaced by an interface.
import { describe, expect, it } from 'vitest'
import { merger } from './merge.ts'

const merge = merger((name) => name === 'Thing')
const merged = (target: object, source: object) => {
  const result = structuredClone(target) as Record<string, unknown>
  merge(result, structuredClone(source) as Record<string, unknown>, false)
  return result
}

describe('merge', () => {
  it('adds fields, deep and through lists of equal length', () => {
    expect(merged({ a: { x: 1 }, list: [{ x: 1 }, null] }, { a: { y: 2 }, list: [{ y: 2 }, { y: 3 }], b: 0 })).toEqual({
      a: { x: 1, y: 2 },
      list: [{ x: 1, y: 2 }, { y: 3 }],
      b: 0,
    })
    expect(merged({ table: [[{ x: 1 }]] }, { table: [[{ y: 2 }]] })).toEqual({ table: [[{ x: 1, y: 2 }]] })
  })

  it('replaces what is no object, and lists of another length; leaves what the source says is undefined', () => {
    expect(merged({ a: 1, list: [1, 2], kept: 3 }, { a: null, list: [3], kept: undefined })).toEqual({
      a: null,
      list: [3],
      kept: 3,
    })
  })

  it('does not replace a type by an interface, and an interface by a type', () => {
    expect(merged({ __typename: 'Thing' }, { __typename: 'Node' })).toEqual({ __typename: 'Thing' })
    expect(merged({ __typename: 'Node' }, { __typename: 'Thing' })).toEqual({ __typename: 'Thing' })
    expect(merged({}, { __typename: 'Node' })).toEqual({ __typename: 'Node' })
  })

  it('copies what is merged into several targets', () => {
    const source = { part: { list: [{ x: 1 }] } }
    const targets: Record<string, unknown>[] = [{}, {}]
    for (const target of targets) merge(target, source, true)
    merge(targets[0]!, { part: { list: [{ y: 2 }] } }, false)
    expect(targets[1]).toEqual({ part: { list: [{ x: 1 }] } })
  })

  it('leaves the prototypes of objects alone', () => {
    const result = merged({}, JSON.parse('{"__proto__": {"polluted": true}}') as object)
    expect(Object.hasOwn(result, '__proto__')).toBe(true)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})
