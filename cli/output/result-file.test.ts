// The files that a result is written to.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { parse } from 'csv-parse/sync'
import { afterAll, describe, expect, it } from 'vitest'
import type { Column, WatchedRun } from './describe-run.ts'
import type { ResultFile } from './result-columns.ts'
import { resultWriter } from './result-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-out-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const run: WatchedRun = {
  id: 'r1',
  status: 'SUCCEEDED',
  cached: false,
  inputHash: 'in',
  resultHash: 'out',
  computeSeconds: 0,
  progress: { fraction: 1, shardsDone: 1, shardsTotal: 1 },
  provenance: { planHash: 'plan', seed: '7', engineVersion: '1.0.0' },
}

/** A tenth is written 0.1 and not 0.1000000000000000055; the others need an exponent, and all 17 digits. */
const NUMBERS = [0.1, 1e-7, 0.1 + 0.2]
const column = (variable: string, unit: string): Column => ({
  variable,
  unit,
  mean: NUMBERS,
  sd: [1, 2, 3],
  p05: [4, 5, 6],
  p50: [7, 8, 9],
  p95: [10, 11, 12],
})

const fileOf = (draws: number): ResultFile => ({
  run,
  results: {
    times: [0, 0.5, 1],
    timeUnit: 'year',
    draws,
    columns: [column('plain', 'USD'), column('Stock[old, "urban"]', '')],
  },
})

async function written(name: string, draws: number): Promise<Buffer> {
  const path = join(directory, name)
  await resultWriter(path)(fileOf(draws))
  return readFileSync(path)
}

describe('a .csv', () => {
  it('has a row for each time, Time first, numbers that read back the same, and quotes names with commas or quotes', async () => {
    expect((await written('one.csv', 1)).toString()).toBe(
      'Time,plain,"Stock[old, ""urban""]"\n0,0.1,0.1\n0.5,1e-7,1e-7\n1,0.30000000000000004,0.30000000000000004\n',
    )
  })

  it('has of several draws five columns for each variable', async () => {
    const [header, first] = parse(await written('several.csv', 100)) as string[][]
    expect(header!.slice(0, 7)).toEqual([
      ...['Time', 'plain', 'plain (p05)', 'plain (p50)', 'plain (p95)', 'plain (sd)'],
      'Stock[old, "urban"]',
    ])
    expect(first!.slice(0, 6)).toEqual(['0', '0.1', '4', '7', '10', '1'])
  })
})

describe('a .json', () => {
  it('holds times and variables by name with their units, and where they come from', async () => {
    expect(JSON.parse((await written('one.json', 1)).toString())).toEqual({
      ...{ run: 'r1', resultHash: 'out', planHash: 'plan', seed: '7', engineVersion: '1.0.0', draws: 1 },
      time: { unit: 'year', values: [0, 0.5, 1] },
      variables: {
        plain: { unit: 'USD', values: NUMBERS },
        'Stock[old, "urban"]': { unit: '', values: NUMBERS },
      },
    })
    expect(JSON.parse((await written('several.json', 2)).toString()).variables.plain).toEqual({
      ...{ unit: 'USD', mean: NUMBERS, sd: [1, 2, 3], p05: [4, 5, 6], p50: [7, 8, 9], p95: [10, 11, 12] },
    })
  })
})

describe('an .arrow', () => {
  it('is a stream of f64 columns with their units, seed and plan hash in its schema', async () => {
    const table = tableFromIPC(await written('one.arrow', 1))
    expect(table.schema.names).toEqual(['Time', 'plain', 'Stock[old, "urban"]'])
    expect(table.schema.fields.map((field) => [String(field.type), field.metadata.get('unit')])).toEqual([
      ['Float64', 'year'],
      ['Float64', 'USD'],
      ['Float64', ''],
    ])
    expect(Object.fromEntries(table.schema.metadata)).toEqual({
      ...{ run: 'r1', resultHash: 'out', planHash: 'plan', seed: '7', engineVersion: '1.0.0', draws: '1' },
    })
    expect([...table.getChildAt(0)!]).toEqual([0, 0.5, 1])
    expect([...table.getChildAt(2)!]).toEqual(NUMBERS)
  })
})

describe('a variable that is called Time', () => {
  it('is the second column of the name, in a .csv and in an .arrow', async () => {
    const names = ['Time', 'Time (2)', 'plain']
    const file = fileOf(1)
    const results = { ...file.results, columns: [column('Time', 'day'), column('plain', 'USD')] }
    for (const name of ['time.csv', 'time.arrow']) await resultWriter(join(directory, name))({ ...file, results })
    const [header, first] = parse(readFileSync(join(directory, 'time.csv'))) as string[][]
    expect(header).toEqual(names)
    expect(first).toEqual(['0', '0.1', '0.1'])
    const table = tableFromIPC(readFileSync(join(directory, 'time.arrow')))
    expect(table.schema.names).toEqual(names)
    expect([...table.getChild('Time')!]).toEqual([0, 0.5, 1])
    expect([...table.getChild('Time (2)')!]).toEqual(NUMBERS)
  })
})

describe('resultWriter', () => {
  it('refuses a name of no known form before anything is computed', () => {
    expect(() => resultWriter('results.xlsx')).toThrowError(expect.objectContaining({ code: 'BAD_INPUT' }))
  })

  it('refuses a folder that is not there before anything is computed', () => {
    expect(() => resultWriter(join(directory, 'none', 'results.csv'))).toThrowError(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(/none/) }),
    )
  })

  it('keeps what stands there until the result is whole', async () => {
    const path = join(directory, 'kept.csv')
    writeFileSync(path, 'before')
    const write = resultWriter(path)
    expect(readFileSync(path, 'utf8')).toBe('before')
    await write(fileOf(1))
    expect(readFileSync(path, 'utf8')).toMatch(/^Time,plain/)
  })
})
