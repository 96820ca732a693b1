// `quesnay import population` as people use it: the example, a faulty file, a file of another format, and one longer than a request.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, httpClient } from '../../cli/client.ts'
import { packageFile } from '../../infra/paths.ts'
import { startCommand } from '../support/command.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-population-'))
const environment = { QUESNAY_DATA: join(directory, 'data') }
let server: ServerProcess

beforeAll(async () => {
  server = await startServer([], environment)
})
afterAll(async () => {
  await server?.interrupt()
  rmSync(directory, { recursive: true, force: true })
})

const importing = (...args: string[]) => startCommand(['import', 'population', ...args], environment).ended
const populations = async () =>
  (await ask<{ populations: { id: string }[] }>(httpClient(server.url), '{ populations { id } }')).populations.map(
    ({ id }) => id,
  )

/** Writes a file of the directory; returns its path. */
function written(name: string, content: string | Uint8Array): string {
  writeFileSync(join(directory, name), content)
  return join(directory, name)
}

describe('quesnay import population', () => {
  const example = (name: string) => packageFile('examples', 'populations', name)
  const about = written('about.yaml', 'id: small\ntitle: Small\nyear: 2024\npreset: taxcalc\n')

  it('imports the example as its first line says, and tells what it now has', async () => {
    const { code, out } = await importing(example('units.csv'), '--about', example('about.yaml'))
    expect(out).toMatch(/five-units: 5 units that stand for 6512\.25, version [0-9a-f]{64}\n\nimported\n$/)
    expect(code).toBe(0)
    const { population } = await ask<{ population: object }>(
      httpClient(server.url),
      '{ population(id: "five-units") { year licence columns(names: ["state", "filing status", "age[head]", "blind[head]"]) { name min max constant } } }',
    )
    expect(population).toEqual({
      year: 2026,
      licence: 'CC0-1.0',
      columns: [
        { name: 'age[head]', min: 22, max: 71, constant: null },
        { name: 'blind[head]', min: 0, max: 0, constant: 0 },
        { name: 'filing status', min: 1, max: 4, constant: null },
        { name: 'state', min: 6, max: 48, constant: null },
      ],
    })
  })

  it('names each fault by row and column, and changes nothing', async () => {
    const file = written('bad.csv', 'RECID,MARS,s006\n1,1,1\n1,8,x\n')
    const { code, out, err } = await importing(file, '--about', about)
    expect(code).toBe(1)
    expect(out).toMatch(/^ERROR UNIT_TWICE row:2:RECID: .+\(.+\)$/m)
    expect(out).toMatch(/^ERROR OUT_OF_RANGE row:2:MARS: .+\(.+\)$/m)
    expect(out).toMatch(/^ERROR NOT_A_NUMBER row:2:s006: .+\(.+\)$/m)
    expect(err).toMatch(/^quesnay: IMPORT_REJECTED: 3 faults, nothing was changed/)
    expect(await populations()).not.toContain('small')
  })

  it('checks a Parquet file on a dry run, and imports it with the YAML beside it', async () => {
    const columnData = [
      { name: 'MARS', data: [1, 2] },
      { name: 's006', data: [10, 20] },
    ]
    const file = written('small.parquet', new Uint8Array(parquetWriteBuffer({ columnData })))
    expect((await importing(file)).err).toContain('small.yaml')
    written('small.yaml', 'id: small\ntitle: Small\nyear: 2024\npreset: taxcalc\n')
    expect((await importing(file, '--dry-run')).out).toMatch(/checked, nothing was stored\n$/)
    expect(await populations()).not.toContain('small')
    const { out } = await importing(file, '--json', '--name', 'small@2')
    expect(JSON.parse(out)).toMatchObject({ imported: true, population: { id: 'small@2', units: 2, weightsTotal: 30 } })
    expect(await populations()).toContain('small@2')
  })

  it('sends a file that is longer than a request in parts', async () => {
    const rows = Array.from({ length: 2_000 }, (_, i) => `${i},1,${randomBytes(6_000).toString('base64')}`)
    const file = written('long.csv', ['RECID,s006,notes', ...rows].join('\n'))
    const { code, out, err } = await importing(file, '--about', about, '--name', 'long')
    expect(err).toBe('')
    expect(out).toContain('long: 2000 units that stand for 2000, version ')
    expect(code).toBe(0)
  })

  it.each([
    ['a file that is not there', [join(directory, 'none.csv')], 'BAD_INPUT'],
    [
      'an unknown member of what is said of it',
      [example('units.csv'), '--about', written('odd.yaml', 'id: x\ntitel: X\nyear: 2024\n')],
      'BAD_INPUT',
    ],
  ])('fails on %s with one line', async (_, args, code) => {
    const { err } = await importing(...args)
    expect(err).toMatch(new RegExp(`^quesnay: ${code}: .+\\n$`))
  })
})
