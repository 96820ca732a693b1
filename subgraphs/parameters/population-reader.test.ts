// Reading data sets in a process of their own: the same as in this one, and no broken file that harms anybody.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../infra/paths.ts'
import { readApart } from './population-reader.ts'
import type { DataShape } from './rules/population/data-shape.ts'
import { readPopulation } from './rules/population/read-population.ts'

const fixture = (name: string) =>
  readFileSync(packageFile('subgraphs', 'parameters', 'rules', 'population', 'columnar', 'fixtures', name))

const shape: DataShape = {
  ruleSetId: 'test',
  treeId: 'test',
  currency: 'USD',
  unit: 'unit',
  columns: ['wages', 'half', 'joint', 'children', 'state'].map((name) => ({
    name,
    unit: 'fraction',
    label: name,
    default: 0,
    min: Number.NEGATIVE_INFINITY,
    max: Number.POSITIVE_INFINITY,
    integer: false,
  })),
  weight: 'half',
  household: null,
}
const given = {
  mappings: [
    {
      column: 'state',
      codes: [
        { value: 6, texts: ['CA'] },
        { value: 48, texts: ['NY', 'TX', 'WY'] },
      ],
    },
  ],
  preset: null,
  identifier: null,
}

describe('readApart', () => {
  it('reads what readPopulation reads, to the bit', async () => {
    const bytes = fixture('zstd.parquet')
    const read = await readApart(bytes, shape, given)
    expect(read).toEqual(await readPopulation(bytes, shape, given))
    expect(read.data).toMatchObject({ rows: 10_000, format: 'PARQUET', columns: { wages: expect.any(Float64Array) } })
  })

  it('gives the findings of a file with faults', async () => {
    const { data, findings } = await readApart(fixture('zstd.parquet'), shape, { ...given, mappings: [] })
    expect(data).toBeNull()
    expect(findings).toContainEqual(expect.objectContaining({ code: 'NOT_A_NUMBER', path: 'row:1:state' }))
  })

  it('survives a file that its reader does not: a run of values that is 2^27 long by one altered byte', async () => {
    const bytes = fixture('snappy.parquet')
    bytes[4038] = 92
    const { data, findings } = await readApart(bytes, shape, given)
    expect(data).toBeNull()
    expect(findings).toMatchObject([{ severity: 'ERROR', code: /^(FILE|PARQUET)_UNREADABLE$/, path: 'file' }])
  })
})
