// Results as files: what is in them, to the bit; that they are made once, lost and made anew; and that a broken one is not passed on.
import { RecordBatchReader, tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { linkKey, nameInLink, objectName } from '../../infra/links.ts'
import { sha256 } from '../../schema/hash.ts'
import type { DownloadFormat } from '../../schema/terms/run.ts'
import { ensemble, expected, openFleet, type TestFleet, taxes } from '../../test/support/fleet.ts'
import { households } from '../../test/support/population.ts'
import type { EnsembleResult, LanesResult, RunRecord, Submission } from './port.ts'

let fleet: TestFleet
beforeAll(async () => {
  fleet = await openFleet()
})
afterAll(() => fleet?.close())

async function succeeded(submission: Submission): Promise<RunRecord> {
  const run = await fleet.dispatch.submit(submission)
  await fleet.dispatch.settled(submission.tenant, run.id)
  return (await fleet.dispatch.load(submission.tenant, [run.id]))[0]!
}

/** The file of a run, fetched as the gateway does, and its hash held to what was announced. */
async function file(run: RunRecord, format: DownloadFormat): Promise<Buffer> {
  const { url, bytes, sha256: hash, expiresAt } = await fleet.dispatch.download(run.tenant, run.id, format)
  const name = nameInLink(await linkKey(fleet.bus), url, run.tenant, Date.now())
  const parts: Uint8Array[] = []
  for await (const part of (await (await fleet.bus.objects('qz_blobs')).get(name))!.chunks) parts.push(part)
  const content = Buffer.concat(parts)
  expect([content.byteLength, sha256(content)]).toEqual([bytes, hash])
  expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 3_000_000)
  return content
}

describe('the file of a result', () => {
  it('as it is stored has the result hash of its run, for every kind of result', async () => {
    for (const submission of [ensemble(), taxes(100), households(200)]) {
      const run = await succeeded(submission)
      expect(sha256(await file(run, 'RAW'))).toBe(run.resultHash)
    }
  })

  it('of lanes as Arrow has a row for each time and lane and every value to the bit, units in its fields', async () => {
    const submission = ensemble({ lanes: 700, result: { kind: 'LANES' } })
    const run = await succeeded(submission)
    const table = tableFromIPC(await file(run, 'ARROW'))
    const { values, times } = expected(submission) as LanesResult
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['time', 'lane', 'x', 'y'])
    expect(table.schema.fields[2]?.metadata.get('unit')).toBe('1')
    expect(table.schema.metadata.get('resultHash')).toBe(run.resultHash)
    const rows = times.length * 700
    expect(table.numRows).toBe(rows)
    expect(table.getChild('x')?.toArray()).toEqual(values.subarray(0, rows))
    expect(table.getChild('y')?.toArray()).toEqual(values.subarray(rows))
    expect([table.get(701)?.['time'], table.get(701)?.['lane']]).toEqual([times[1], 1])
  })

  it('of an ensemble as Arrow has a row for each output and time, and a column for each statistic', async () => {
    const submission = ensemble()
    const table = tableFromIPC(await file(await succeeded(submission), 'ARROW'))
    const { mean, sd, quantiles, times } = expected(submission) as EnsembleResult
    const names = ['variable', 'unit', 'time', 'mean', 'sd', 'p2.5', 'p50', 'p97.5']
    expect(table.schema.fields.map(({ name }) => name)).toEqual(names)
    expect(table.getChild('mean')?.toArray()).toEqual(mean)
    expect(table.getChild('sd')?.toArray()).toEqual(sd)
    expect(table.getChild('p97.5')?.toArray()).toEqual(quantiles[2])
    expect([...table.getChild('variable')!]).toEqual([...times.map(() => 'x'), ...times.map(() => 'y')])
    expect([...table.getChild('time')!]).toEqual([...times, ...times])
  })

  it('as CSV reads back to the same values', async () => {
    const submission = ensemble({ lanes: 65, result: { kind: 'LANES' } })
    const [header, ...lines] = (await file(await succeeded(submission), 'CSV')).toString().trimEnd().split('\n')
    const { values, times } = expected(submission) as LanesResult
    expect(header).toBe('time,lane,x,y')
    expect(lines).toHaveLength(times.length * 65)
    const cells = lines.map((line) => line.split(',').map(Number))
    expect(Float64Array.from([...cells.map((row) => row[2]!), ...cells.map((row) => row[3]!)])).toEqual(values)
    expect(cells[66]!.slice(0, 2)).toEqual([times[1], 1])
  })

  it('that is long comes in several batches, all rows once and in order', async () => {
    const submission = taxes(100_000)
    const content = await file(await succeeded(submission), 'ARROW')
    const batches = [...RecordBatchReader.from(content)]
    expect(batches.length).toBeGreaterThan(2)
    expect(tableFromIPC(content).getChild('tax')?.toArray()).toEqual((expected(submission) as LanesResult).values)
  })

  it('is the same bytes whatever the shards', async () => {
    const [one, many] = [ensemble({ seed: '7', shards: 1 }), ensemble({ seed: '7', shards: 8, tenant: 'other' })]
    expect(await file(await succeeded(one), 'ARROW')).toEqual(await file(await succeeded(many), 'ARROW'))
  })
})

describe('a download', () => {
  let run: RunRecord
  let puts: number
  beforeEach(async () => {
    run = await succeeded(ensemble({ seed: '11' }))
    const objects = await fleet.bus.objects('qz_blobs')
    await objects.delete(objectName('local', `${run.resultHash}.v1.csv`))
    puts = 0
    const put = objects.put.bind(objects)
    objects.put = (...args) => {
      puts++
      return put(...args)
    }
    return () => {
      objects.put = put
    }
  })

  it('is made once for all who ask, at the same time or later, and for another run of the same result', async () => {
    const again = await fleet.dispatch.submit(ensemble({ seed: '11' }))
    const ask = (id: string) => fleet.dispatch.download('local', id, 'CSV')
    const links = await Promise.all([ask(run.id), ask(run.id), ask(again.id)])
    await ask(run.id)
    expect(puts).toBe(1)
    expect(new Set(links.map((link) => link.sha256)).size).toBe(1)
  })

  it('is made anew from the database when it was lost, with the same bytes', async () => {
    const first = await file(run, 'CSV')
    await (await fleet.bus.objects('qz_blobs')).delete(objectName('local', `${run.resultHash}.v1.csv`))
    expect(await file(run, 'CSV')).toEqual(first)
    expect(puts).toBe(2)
  })

  it('of stored bytes that were altered is refused with OBJECT_DAMAGED and not kept', async () => {
    const hurt = await succeeded(ensemble({ seed: '12' }))
    await fleet.store.query(
      'update fleet.result set bytes = set_byte(bytes, octet_length(bytes) - 1, get_byte(bytes, octet_length(bytes) - 1) # 1) where result_hash = $1',
      [hurt.resultHash],
    )
    await expect(fleet.dispatch.download('local', hurt.id, 'RAW')).rejects.toMatchObject({ code: 'OBJECT_DAMAGED' })
    const name = objectName('local', `${hurt.resultHash}.v1.qzr`)
    expect(await (await fleet.bus.objects('qz_blobs')).head(name)).toBeUndefined()
  })

  it('of a run without a result, of another tenant, and of figures as a table has its own error', async () => {
    const code = (asked: Promise<unknown>) =>
      asked.then(
        () => 'none',
        (error) => error.code,
      )
    const waiting = await fleet.dispatch.submit(ensemble({ seed: '13', tenant: 'halted' }))
    await fleet.dispatch.cancel('halted', waiting.id)
    expect(await code(fleet.dispatch.download('halted', waiting.id, 'RAW'))).toBe('RUN_CANCELLED')
    expect(await code(fleet.dispatch.download('other', run.id, 'RAW'))).toBe('NOT_FOUND')
    const spec = { link: null, ranked: [], groups: [], ranks: null, distributions: [], poverty: [] }
    const figures = await succeeded({
      ...taxes(50),
      result: { kind: 'POPULATION', ...spec, weight: 'tax', sums: ['tax'] },
    })
    expect(await code(fleet.dispatch.download('local', figures.id, 'CSV'))).toBe('BAD_INPUT')
    expect(sha256(await file(figures, 'RAW'))).toBe(figures.resultHash)
  })
})
