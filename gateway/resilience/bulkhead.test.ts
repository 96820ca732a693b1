// The bulkhead: so many at once, so many that wait, in their order.
import { describe, expect, it } from 'vitest'
import { Bulkhead } from './bulkhead.ts'

describe('a bulkhead', () => {
  it('lets in as many as it may, then those that wait, in their order', async () => {
    const bulkhead = new Bulkhead(1, 2)
    const order: string[] = []
    expect(bulkhead.enter()).toBe(true)
    const waiting = ['a', 'b'].map(async (name) => {
      expect(await bulkhead.enter()).toBe(true)
      order.push(name)
      bulkhead.leave()
    })
    expect(bulkhead.enter()).toBe(false)
    bulkhead.leave()
    await Promise.all(waiting)
    expect(order).toEqual(['a', 'b'])
    expect(bulkhead.enter()).toBe(true)
  })

  it('forgets who gives up waiting', async () => {
    const bulkhead = new Bulkhead(1, 1)
    bulkhead.enter()
    const life = new AbortController()
    const waiting = bulkhead.enter(life.signal)
    life.abort()
    expect(await waiting).toBe(false)
    const next = bulkhead.enter()
    bulkhead.leave()
    expect(await next).toBe(true)
    bulkhead.leave()
    expect(bulkhead.enter()).toBe(true)
  })
})
