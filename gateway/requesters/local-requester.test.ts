// Calling a subgraph of this process: what comes back has the form that JSON would give it.

import { describe, expect, it } from 'vitest'
import { PROCESS } from '../../schema/caller.ts'
import { asJson, localRequester } from './local-requester.ts'

const request = { query: '{ a }', caller: { tenant: 'local', requestId: 'r', principal: PROCESS } }

describe('localRequester', () => {
  it('gives what the subgraph answers, with dates as text', async () => {
    const at = new Date('2024-07-01T00:00:00Z')
    const { request: ask } = localRequester({ execute: async () => ({ data: { at, list: [at, null] } }) })
    expect(await ask(request)).toEqual({
      data: { at: '2024-07-01T00:00:00.000Z', list: ['2024-07-01T00:00:00.000Z', null] },
    })
  })

  it('shares no container with the subgraph', async () => {
    const kept = { values: [1, 2, 3], nested: { a: 1 } }
    const { request: ask } = localRequester({ execute: async () => ({ data: { kept } }) })
    const data = (await ask(request)).data as { kept: typeof kept }
    data.kept.values.push(4)
    data.kept.nested.a = 2
    expect(kept).toEqual({ values: [1, 2, 3], nested: { a: 1 } })
  })

  it('is ready as the subgraph says, and not where asking fails', async () => {
    const execute = async () => ({})
    expect(await localRequester({ execute }).ready()).toBe(true)
    expect(await localRequester({ execute }, async () => false).ready()).toBe(false)
    expect(await localRequester({ execute }, () => Promise.reject(new Error())).ready()).toBe(false)
  })
})

describe('asJson', () => {
  it.each([null, 0, '', false, 'x', [], {}, [[1], [2]], { a: [{ b: null }] }, [null, null], [null, { a: 1 }]])(
    'leaves %j as it is',
    (value) => {
      expect(asJson(value)).toEqual(value)
    },
  )

  it('gives objects without a prototype one', () => {
    const bare = Object.assign(Object.create(null), { a: 1 })
    expect(Object.getPrototypeOf(asJson(bare))).toBe(Object.prototype)
  })
})
