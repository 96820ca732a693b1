import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import type { EnsembleResult } from './port.ts'
import { fewRows, seriesCopy } from './result-series.ts'

const VALUES = [0, -0, 0.1, -1 / 3, 5e-324, 1.7976931348623157e308, Number.NaN, Infinity, -Infinity]

const ensembleOf = (outputs: number): EnsembleResult => ({
  kind: 'ENSEMBLE',
  outputs: Array.from({ length: outputs }, (_, i) => ({ name: `x${i}`, unit: '1' })),
  times: VALUES.map((_, i) => i / 4),
  probabilities: [0.975, 0.5, 0.123],
  mean: Float64Array.from({ length: outputs * VALUES.length }, (_, i) => VALUES[i % VALUES.length]!),
  sd: new Float64Array(outputs * VALUES.length).fill(-0),
  quantiles: [1, 2, 3].map((k) => Float64Array.from({ length: outputs * VALUES.length }, (_, i) => i / k)),
})

describe('the rows of a small result', () => {
  let database: TestStore
  beforeAll(async () => {
    database = await freshStore()
  })
  afterAll(() => database?.drop())

  it('are those of COPY, to the bit', async () => {
    const { store } = database
    const columns = 'variable, model_time, mean, sd, p025, p05, p25, p50, p75, p95, p975'
    await store.query(`create table few as select tenant, job_id, ${columns} from fleet.result_series`)
    await store.query('create table copied (like few)')
    const result = ensembleOf(3)
    const holes = Array.from({ length: 10 }, (_, i) => `$${i + 2}::float8[]`)
    await store.query(
      `insert into few (${columns}) select * from unnest($1::text[], ${holes})`,
      fewRows(result) as unknown[],
    )
    const { text, chunks } = seriesCopy({ tenant: 't', jobId: 'j' }, result)
    await store.transaction((sql) => sql.copyIn(text.replace('fleet.result_series', 'copied'), chunks))
    const bits = columns.split(', ').map((name) => (name === 'variable' ? name : `float8send(${name}) as ${name}`))
    const read = (table: string) => store.query(`select ${bits} from ${table} order by variable, model_time`)
    expect(await read('few')).toEqual(await read('copied'))
    expect(await read('few')).toHaveLength(27)
  })

  it('are left to COPY where they are many', () => {
    expect(fewRows(ensembleOf(14))).toBeDefined()
    expect(fewRows(ensembleOf(15))).toBeUndefined()
  })
})
