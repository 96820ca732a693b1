// Columnar files as Python's libraries write them (fixtures/make.py), and as hostile hands do: their cells, or what is wrong.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../../../../infra/paths.ts'
import { Faults } from '../faults.ts'
import type { Cell } from './columnar-file.ts'
import { openColumnarFile } from './open-file.ts'

const ROWS = 10_000
const STATES = ['CA', 'NY', 'TX', null, 'WY']
const EXPECTED: Readonly<Record<string, (row: number) => Cell>> = {
  id: (row) => BigInt(Math.floor(row / 100)),
  wages: (row) => (row % 7 === 6 ? null : Math.floor(row / 50) * 12.25),
  half: (row) => (row % 16) / 2,
  joint: (row) => row % 2 === 0,
  children: (row) => row % 4,
  state: (row) => STATES[row % 5],
  region: (row) => STATES[row % 3],
}

const fixture = (name: string) =>
  readFileSync(join(packageFile('subgraphs', 'parameters', 'rules', 'population', 'columnar', 'fixtures'), name))

/** All cells of a file, by column. */
async function cellsOf(bytes: Uint8Array, names = Object.keys(EXPECTED)) {
  const file = await openColumnarFile(bytes)
  const cells = Object.fromEntries(names.map((name) => [name, [] as Cell[]]))
  const sinkOf = (name: string) => ({
    put(row: number, cell: Cell) {
      cells[name]![row] = cell
    },
  })
  const sinks = new Map(names.map((name) => [name, [sinkOf(name)]]))
  const faults = new Faults()
  const rows = await file.read(sinks, faults)
  return { format: file.format, names: file.names, rows, cells, faults: faults.list() }
}

const refusal = (bytes: Uint8Array) =>
  cellsOf(bytes, ['a']).then(
    () => undefined,
    (error: { finding?: { code: string; path: string } }) =>
      error.finding && `${error.finding.code} ${error.finding.path}`,
  )

describe('openColumnarFile', () => {
  it.each([
    ['feather-lz4.arrow', 'ARROW'],
    ['feather-zstd.arrow', 'ARROW'],
    ['stream-zstd.arrow', 'ARROW'],
    ['snappy.parquet', 'PARQUET'],
    ['gzip.parquet', 'PARQUET'],
    ['zstd.parquet', 'PARQUET'],
    ['brotli.parquet', 'PARQUET'],
    ['lz4.parquet', 'PARQUET'],
  ])('reads every cell of %s, packed again or not', async (name, format) => {
    const bytes = fixture(name)
    for (const given of [bytes, gzipSync(bytes)]) {
      const read = await cellsOf(given)
      expect([read.format, read.rows, read.names]).toEqual([format, ROWS, Object.keys(EXPECTED)])
      for (const [column, of] of Object.entries(EXPECTED)) {
        const wrong = read.cells[column]!.findIndex((cell, row) => cell !== of(row))
        expect(wrong, `${column} ${read.cells[column]![wrong]}`).toBe(-1)
      }
    }
  })

  it('reads no column that nobody asked for', async () => {
    const { cells } = await cellsOf(fixture('snappy.parquet'), ['joint'])
    expect(Object.keys(cells)).toEqual(['joint'])
    expect(cells['joint']).toHaveLength(ROWS)
  })

  it.each([
    ['commas', 'a,b\n1,x\n2,"y, z"\n'],
    ['semicolons, a byte order mark and Windows line ends', '\ufeffa;b\r\n1;x\r\n2;"y, z"\r\n'],
    ['tabs and blank lines', 'a\tb\n\n1\tx\n2\ty, z\n\n'],
  ])('reads CSV with %s', async (_, text) => {
    for (const bytes of [Buffer.from(text), gzipSync(text)])
      expect(await cellsOf(bytes, ['a', 'b'])).toMatchObject({
        format: 'CSV',
        names: ['a', 'b'],
        rows: 2,
        cells: { a: ['1', '2'], b: ['x', 'y, z'] },
        faults: [],
      })
  })

  it('passes over a row of another length and says where it was', async () => {
    const { cells, rows, faults } = await cellsOf(Buffer.from('a,b\n1,2\n3\n4,5,6\n7,8\n'), ['a'])
    expect(rows).toBe(4)
    expect(cells['a']).toEqual(['1', undefined, undefined, '7'])
    expect(faults.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'CSV_FIELDS row:2:fields',
      'CSV_FIELDS row:3:fields',
    ])
  })

  it.each([
    ['nothing', '', 'FILE_EMPTY file'],
    ['blank lines', '\n\n', 'CSV_EMPTY csv:1'],
    ['a quote that never closes', `a,b\n"1,2\n${'3,4\n'.repeat(300_000)}`, /^CSV_UNREADABLE csv:/],
    ['a header of too many columns', Array.from({ length: 1_001 }, (_, i) => `c${i}`).join(','), 'TOO_LARGE csv:1'],
    ['more rows than a run has lanes', `a\n${'1\n'.repeat(1_000_001)}`, 'TOO_LARGE file'],
    ['a Parquet file of four bytes', 'PAR1', 'PARQUET_UNREADABLE file'],
    ['an Arrow file of eight bytes', 'ARROW1\0\0', 'ARROW_UNREADABLE file'],
  ])('refuses %s', async (_, text, finding) => {
    expect(await refusal(Buffer.from(text))).toMatch(finding)
  })

  it('refuses what cannot be unpacked', async () => {
    expect(await refusal(gzipSync('a\n1\n').subarray(0, 15))).toBe('GZIP_UNREADABLE file')
  })

  it.each(['feather-lz4.arrow', 'stream-zstd.arrow', 'snappy.parquet', 'lz4.parquet', 'zstd.parquet'])(
    'refuses %s where it is cut short, with a finding and no crash',
    async (name) => {
      const bytes = fixture(name)
      for (const length of [16, 100, 1_000, Math.floor(bytes.length / 2), bytes.length - 1])
        expect(await refusal(bytes.subarray(0, length)), `${length}`).toMatch(/^(ARROW|PARQUET)_UNREADABLE/)
    },
  )
})
