// Runs, their pages, and blobs: held to one tenant.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countsOf } from '../../test/support/counts.ts'
import { ensemble, openFleet, type TestFleet, taxes } from '../../test/support/fleet.ts'
import type { RunRecord } from './port.ts'

describe('runs', () => {
  let fleet: TestFleet
  let dispatch: TestFleet['dispatch']
  const runs: RunRecord[] = []

  beforeAll(async () => {
    fleet = await openFleet({ workers: 0 })
    dispatch = fleet.dispatch
    for (let i = 0; i < 7; i++)
      runs.push(await dispatch.submit(ensemble({ seed: String(i), subject: { type: 'Scenario', id: `sc-${i % 2}` } })))
    runs.push(await dispatch.submit(taxes(10, { subject: { type: 'Reform', id: 're-1' } })))
    await dispatch.cancel('local', runs[0]!.id)
    await dispatch.submit(ensemble({ tenant: 'acme' }))
  })
  afterAll(() => fleet?.close())

  const newestFirst = () => runs.map(({ id }) => id).reverse()

  it('are listed newest first, page behind page, each once', async () => {
    const seen: string[] = []
    for (let after: string | undefined; ; after = seen.at(-1)) {
      const page = await dispatch.list('local', {}, 3, after)
      expect(page.totalCount).toBe(8)
      seen.push(...page.runs.map(({ id }) => id))
      expect(page.hasNextPage).toBe(seen.length < 8)
      if (!page.hasNextPage) break
    }
    expect(seen).toEqual(newestFirst())
  })

  it('keep their pages when newer runs come in between', async () => {
    const first = await dispatch.list('local', {}, 3)
    const late = await dispatch.submit(ensemble({ seed: '99', tenant: 'late' }))
    expect(late.status).toBe('QUEUED')
    const second = await dispatch.list('local', {}, 3, first.runs.at(-1)?.id)
    expect([...first.runs, ...second.runs].map(({ id }) => id)).toEqual(newestFirst().slice(0, 6))
  })

  it('are filtered by kind, subject and status, with their own count', async () => {
    expect(await dispatch.list('local', { kind: 'POPULATION' }, 10)).toMatchObject({
      totalCount: 1,
      runs: [{ id: runs[7]?.id }],
    })
    const odd = await dispatch.list('local', { subject: { type: 'Scenario', id: 'sc-1' } }, 10)
    expect(odd.runs.map(({ id }) => id)).toEqual([5, 3, 1].map((i) => runs[i]?.id))
    const cancelled = await dispatch.list('local', { status: 'CANCELLED' }, 10)
    expect(cancelled).toMatchObject({ totalCount: 1, runs: [{ id: runs[0]?.id, status: 'CANCELLED' }] })
  })

  it('give an empty page and a count where none is asked for', async () => {
    expect(await dispatch.list('local', {}, 0)).toEqual({ runs: [], hasNextPage: true, totalCount: 8 })
  })

  it('give an empty page to a tenant without runs', async () => {
    expect(await dispatch.list('nobody', {}, 5)).toEqual({ runs: [], hasNextPage: false, totalCount: 0 })
  })

  it.each([-1, 1.5, Number.NaN, 1001])('refuse a page of %s', async (first) => {
    await expect(dispatch.list('local', {}, first)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'first' },
    })
  })

  it('refuse to go on from a run of another tenant', async () => {
    await expect(dispatch.list('acme', {}, 5, runs[0]?.id)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'after' },
    })
  })

  it('are loaded in the order of the ids, twice where asked twice, undefined where there is none', async () => {
    const [a, b] = [runs[1]!.id, runs[2]!.id]
    const loaded = await dispatch.load('local', [b, 'none', a, b])
    expect(loaded.map((run) => run?.id)).toEqual([b, undefined, a, b])
    expect(await dispatch.load('local', [])).toEqual([])
  })

  it('carry what each asking said of its sources, though they share a job', async () => {
    const question = ensemble({ seed: '77', provenance: { bankVersion: 'bank@1' } })
    const one = await dispatch.submit(question)
    const two = await dispatch.submit({ ...question, provenance: { dataVersions: ['flows@2'] } })
    expect(one.provenance).toMatchObject({ bankVersion: 'bank@1', dataVersions: [], seed: '77' })
    expect(two.provenance).toMatchObject({
      bankVersion: null,
      dataVersions: ['flows@2'],
      planHash: one.provenance.planHash,
    })
    expect(two.provenance.kernels).toHaveLength(2)
  })

  it('are refused as OVERLOADED where too many shards of the tenant wait already', async () => {
    const small = await openFleet({ workers: 0, dispatch: { limits: { shardsWaiting: 4 } } })
    try {
      await small.dispatch.submit(ensemble({ shards: 4 }))
      await expect(small.dispatch.submit(ensemble({ seed: '1' }))).rejects.toMatchObject({
        code: 'OVERLOADED',
        detail: { limit: 4, waiting: 4, retryAfterMs: 1000 },
      })
      expect(await countsOf(small.metrics.overloaded)).toEqual({ '': 1 })
      // An equal question costs nothing, and another tenant has a share of its own.
      await expect(small.dispatch.submit(ensemble({ shards: 4 }))).resolves.toMatchObject({ status: 'QUEUED' })
      await expect(small.dispatch.submit(ensemble({ tenant: 'acme' }))).resolves.toMatchObject({ status: 'QUEUED' })
    } finally {
      await small.close()
    }
  })

  it('cannot verify a run with another question', async () => {
    const submission = ensemble({ seed: '78', verifies: runs[1]!.id })
    await expect(dispatch.submit(submission)).rejects.toMatchObject({ code: 'BAD_INPUT', detail: { path: 'verifies' } })
  })

  it('keep blobs by content, for their own tenant', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251)
    const hash = await dispatch.saveBlob('local', bytes)
    expect(await dispatch.saveBlob('local', bytes)).toBe(hash)
    expect(new Uint8Array(await dispatch.loadBlob('local', hash))).toEqual(bytes)
    await expect(dispatch.loadBlob('acme', hash)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const empty = await dispatch.saveBlob('local', new Uint8Array())
    expect((await dispatch.loadBlob('local', empty)).byteLength).toBe(0)
  })
})
