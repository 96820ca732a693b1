import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../../infra/metrics.ts'
import { aParameter, aTree, dated } from '../../../test/support/parameters.ts'
import { snapshotHashOf } from '../rules/tree.ts'
import { LawCache } from './law-cache.ts'
import type { StoredTree } from './stored-tree.ts'

function stored(id: string, value: number): StoredTree {
  const tree = aTree(id, [aParameter('a', [dated('2020-01-01', value)])])
  return {
    ...tree,
    parameters: tree.parameters.map((each) => ({ ...each, treeId: id })),
    snapshotHash: snapshotHashOf(tree),
  }
}

const raise = (value: number) => ({
  snapshotHash: `to ${value}`,
  changes: [{ parameter: 'a', from: '2021-01-01', to: null, values: [value] }],
})

/** A database in which the trees are of one revision; counts how often it is read. */
function database(trees: readonly StoredTree[], revision = '1') {
  const reads: string[][] = []
  const load = async (ids: readonly string[]) => {
    reads.push([...ids])
    return trees.filter(({ id }) => ids.includes(id)).map((tree) => ({ revision, tree }))
  }
  return { reads, load }
}

const at = (id: string, revision = '1') => ({ id, revision })

describe('trees in memory', () => {
  it('are read once for each revision and tenant', async () => {
    const cache = new LawCache()
    const { reads, load } = database([stored('t', 1)])
    for (const tenant of ['one', 'one', 'two']) await cache.trees(tenant, [at('t')], load)
    expect(reads).toHaveLength(2)
    await cache.trees('one', [at('t', '2')], database([stored('t', 2)], '2').load)
    expect((await cache.trees('one', [at('t', '2')], load))[0]?.snapshotHash).toBe(stored('t', 2).snapshotHash)
    expect(reads).toHaveLength(2)
  })

  it('are read once by those who ask at the same time', async () => {
    const cache = new LawCache()
    const { reads, load } = database([stored('t', 1), stored('u', 2)])
    const answers = await Promise.all([
      cache.trees('one', [at('t')], load),
      cache.trees('one', [at('u'), at('t')], load),
      cache.trees('one', [at('t'), at('u')], load),
    ])
    expect(answers.map((trees) => trees.map(({ id }) => id))).toEqual([['t'], ['u', 't'], ['t', 'u']])
    expect(reads).toEqual([['t'], ['u']])
  })

  it('are kept as of the revision that was read, not of the one asked for', async () => {
    const cache = new LawCache()
    const newer = database([stored('t', 2)], '2')
    expect((await cache.trees('one', [at('t', '1')], newer.load))[0]?.snapshotHash).toBe(stored('t', 2).snapshotHash)
    await cache.trees('one', [at('t', '2')], newer.load)
    expect(newer.reads).toHaveLength(1)
  })

  it('are asked for again after a failure', async () => {
    const cache = new LawCache()
    const broken = () => Promise.reject(new Error('away'))
    await expect(cache.trees('one', [at('t')], broken)).rejects.toThrow('away')
    expect(await cache.trees('one', [at('t')], database([stored('t', 1)]).load)).toHaveLength(1)
  })

  it('leave out what is gone', async () => {
    expect(await new LawCache().trees('one', [at('gone')], database([]).load)).toEqual([])
  })
})

describe('laws in memory', () => {
  const tree = stored('t', 1)
  const on = (cache: LawCache, tenant: string, of: StoredTree, question: Parameters<LawCache['law']>[2]) =>
    cache.law(tenant, of, question).get('a')

  it('are the law of the day, as known on a day, with the reform', () => {
    const cache = new LawCache()
    for (const _ of ['first', 'second']) {
      expect(on(cache, 'one', tree, { date: '2022-01-01' })).toEqual([1])
      expect(on(cache, 'one', tree, { date: '2019-01-01' })).toBeUndefined()
      expect(on(cache, 'one', tree, { date: '2022-01-01', knownAt: '2019-12-31' })).toBeUndefined()
      expect(on(cache, 'one', tree, { date: '2022-01-01', reform: raise(5) })).toEqual([5])
      expect(on(cache, 'one', tree, { date: '2020-06-01', reform: raise(5) })).toEqual([1])
      expect(on(cache, 'one', tree, { date: '2022-01-01', reform: raise(6) })).toEqual([6])
      expect(on(cache, 'one', stored('t', 2), { date: '2022-01-01' })).toEqual([2])
    }
  })

  it('are the same object when asked again, and another for another tenant', () => {
    const cache = new LawCache()
    const question = { date: '2022-01-01', reform: raise(5) }
    const first = cache.law('one', tree, question)
    expect(cache.law('one', tree, question)).toBe(first)
    expect(cache.law('two', tree, question)).not.toBe(first)
  })

  it('are counted as hits and misses', async () => {
    const { cacheReads } = createMetrics('test')
    const cache = new LawCache(cacheReads)
    for (let i = 0; i < 3; i++) cache.law('one', tree, { date: '2022-01-01' })
    const counts = (await cacheReads.get()).values.map(({ labels, value }) => [labels.cache, labels.outcome, value])
    expect(counts).toEqual([
      ['law', 'miss', 1],
      ['law', 'hit', 2],
    ])
  })
})
