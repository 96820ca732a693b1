import { describe, expect, it } from 'vitest'
import { QuesnayError } from '../../schema/errors.ts'
import { Gathered } from './gathered.ts'

/** Work that ends when it is told to; notes what went together. */
function held() {
  const together: (readonly string[])[] = []
  const going: (() => void)[] = []
  const work = async (items: readonly string[]) => {
    together.push(items)
    await new Promise<void>((resolve) => going.push(resolve))
    return items.map((item) => item.toUpperCase())
  }
  const goOn = async () => {
    going.shift()?.()
    await new Promise(setImmediate)
  }
  return { together, work, goOn }
}

describe('what is gathered', () => {
  it('begins at once, and what comes meanwhile goes together, each with its own result', async () => {
    const { together, work, goOn } = held()
    const gathered = new Gathered(work, { items: 10 })
    const results = Promise.all(['a', 'b', 'c'].map((item) => gathered.add('job', item)))
    expect(together).toEqual([['a']])
    await goOn()
    expect(together).toEqual([['a'], ['b', 'c']])
    await goOn()
    expect(await results).toEqual(['A', 'B', 'C'])
  })

  it('keeps what has other keys apart, which waits for nothing', async () => {
    const { together, work } = held()
    const gathered = new Gathered(work, { items: 10 })
    void gathered.add('job', 'a')
    void gathered.add('other', 'b')
    expect(together).toEqual([['a'], ['b']])
  })

  it('begins at once again when nothing is under way any more', async () => {
    const { together, work, goOn } = held()
    const gathered = new Gathered(work, { items: 10 })
    const first = gathered.add('job', 'a')
    await goOn()
    await first
    void gathered.add('job', 'b')
    expect(together).toEqual([['a'], ['b']])
  })

  it('is no more at a time than was said, in items and in bytes; one item goes whatever its size', async () => {
    const { together, work, goOn } = held()
    const gathered = new Gathered(work, { items: 2, bytes: 4 }, (item) => item.length)
    for (const item of ['a', 'b', 'c', 'd', 'eee', 'fff', 'ggggg']) void gathered.add('job', item)
    for (let i = 0; i < 6; i++) await goOn()
    expect(together).toEqual([['a'], ['b', 'c'], ['d', 'eee'], ['fff'], ['ggggg']])
  })

  it('lets what is wrong with one item be the fault of no other', async () => {
    const work = async (items: readonly string[]) => {
      if (items.includes('bad')) throw new Error('bad')
      return items
    }
    const gathered = new Gathered(work, { items: 10 })
    const settled = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((item) => gathered.add('job', item)))
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  it('is not tried one by one where the store is away', async () => {
    let tries = 0
    const work = async () => {
      tries++
      throw new QuesnayError('STORE_UNAVAILABLE', 'away')
    }
    const gathered = new Gathered<string, string>(work, { items: 10 })
    const settled = await Promise.allSettled(['a', 'b', 'c'].map((item) => gathered.add('job', item)))
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(tries).toBe(2)
  })
})
