// quesnay tax as people use it: files of units in, files of answers out, against a server; and its answers against an independent engine.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, httpClient } from '../../cli/client.ts'
import { type Ended, startCommand } from '../support/command.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { lacksSharedData, sharedData } from '../support/shared-data.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-tax-'))
const environment = { QUESNAY_DATA: join(directory, 'data') }
let server: ServerProcess

beforeAll(async () => {
  server = await startServer([], environment)
})
afterAll(async () => {
  await server?.interrupt()
  rmSync(directory, { recursive: true, force: true })
})

const tax = (args: readonly string[], input?: string) => startCommand(['tax', ...args], environment, input).ended
const written = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(directory, name), content)
  return join(directory, name)
}

/** The one line that a command failed with. */
function failure({ code, out, err }: Ended): string {
  expect([code, out]).toEqual([1, ''])
  expect(err.trim().split('\n')).toHaveLength(1)
  return err.trim()
}

/** A single person of 60,000 and one of nothing, in 2024: 14,600 of deduction, 1,160 + 0.12 * 33,800 of tax, 15.3 per cent. */
const TWO = 'RECID,MARS,e00200p\n7,1,60000\n"8, b",1,\n'
const COLUMNS = ['--columns', 'c04800,iitax,payrolltax']

describe('quesnay tax', () => {
  it('writes the usual columns of each unit in cents, in the order of the file', async () => {
    const units = written('two.csv', TWO)
    const out = join(directory, 'two-answers.csv')
    const ended = await tax(['--year', '2024', '--in', units, '--out', out])
    expect(ended).toEqual({ code: 0, err: '', out: `${out}: 2 tax units, 2024, us-federal\n` })
    expect(readFileSync(out, 'utf8')).toBe(
      'RECID,c00100,standard,c04800,taxbc,c09600,c07220,odc,c11070,eitc,niit,setax,ptax_was,ptax_amc,iitax,payrolltax,combined\n' +
        '7,60000.00,14600.00,45400.00,5216.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,9180.00,0.00,5216.00,9180.00,14396.00\n' +
        '"8, b",0.00,14600.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00\n',
    )
    expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('reads standard input and writes to standard output, with the columns named', async () => {
    const { code, out, err } = await tax(['--year', '2024', '--in', '-', ...COLUMNS], TWO)
    expect([code, err]).toEqual([0, ''])
    expect(out).toBe('RECID,c04800,iitax,payrolltax\n7,45400.00,5216.00,9180.00\n"8, b",0.00,0.00,0.00\n')
  })

  it('reads a compressed file, by our own names, and counts units that have no number', async () => {
    const units = written('own.csv.gz', gzipSync('\ufeffWages[head],filing_status\n60000,1\n60000,2\n'))
    const args = ['--year', '2024', '--in', units, '--mapping', 'own', '--columns', 'Income Tax,taxable_income']
    const { code, out } = await tax(args)
    expect(code).toBe(0)
    expect(out).toBe('RECID,income tax,taxable income\n1,5216.00,45400.00\n2,3232.00,30800.00\n')
  })

  it('sums up for scripts, and writes every answer that there is', async () => {
    const out = join(directory, 'all.csv')
    const { code, out: said } = await tax([
      '--year',
      '2024',
      '--in',
      written('two.csv', TWO),
      '--out',
      out,
      '--all',
      '--json',
    ])
    expect(code).toBe(0)
    const summary = JSON.parse(said) as { columns: string[] }
    expect(summary).toMatchObject({ units: 2, year: 2024, ruleSet: 'us-federal', out })
    const [header = ''] = readFileSync(out, 'utf8').split('\n')
    expect(header).toBe(`RECID,${summary.columns.join(',')}`)
    expect(summary.columns).toEqual(expect.arrayContaining(['qbided', 'senior_deduction', 'c02500']))
  })

  it('applies a reform', async () => {
    await ask(
      httpClient(server.url),
      `mutation { createReform(input: { id: "no-second-bracket", title: "No second bracket", changes: [
         { parameter: "us.federal.income_tax.brackets.2.rate", from: "2024", value: 10, unit: "percent" }
       ] }) { reform { id } } }`,
    )
    const { out } = await tax(
      ['--year', '2024', '--in', '-', '--columns', 'iitax', '--reform', 'no-second-bracket'],
      TWO,
    )
    expect(out).toBe('RECID,iitax\n7,4540.00\n"8, b",0.00\n')
  })

  it('names the columns of which nothing is read, but for sums of others', async () => {
    const units = 'RECID,MARS,e00200p,e00200s,e00200,colour,e99999\n1,1,60000,0,60000,red,5\n'
    const { code, err } = await tax(['--year', '2024', '--in', '-', ...COLUMNS], units)
    expect(code).toBe(0)
    expect(err).toBe('WARNING CSV_COLUMN_UNKNOWN standard input: nothing is read of colour, e99999\n')
  })

  it('asks for long files in parts, and gives them back in order', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `${i},1,${i}`)
    const { code, out } = await tax(
      ['--year', '2024', '--in', '-', '--columns', 'ptax_was'],
      `RECID,MARS,e00200p\n${lines.join('\n')}\n`,
    )
    expect(code).toBe(0)
    const rows = out.trim().split('\n').slice(1)
    expect(rows).toHaveLength(20_000)
    for (const i of [0, 8191, 8192, 19_999]) expect(rows[i]).toBe(`${i},${(0.153 * i).toFixed(2)}`)
  })

  it('writes the names of the columns alone where there are no units', async () => {
    const { code, out } = await tax(['--year', '2024', '--in', '-', ...COLUMNS], 'RECID,MARS\n')
    expect([code, out]).toEqual([0, 'RECID,c04800,iitax,payrolltax\n'])
  })

  it('ends where the reader has seen enough', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i},1,${i}`)
    const units = written('long.csv', `RECID,MARS,e00200p\n${lines.join('\n')}\n`)
    const { child, ended } = startCommand(['tax', '--year', '2024', '--in', units], environment)
    child.stdout!.once('data', () => child.stdout!.destroy())
    expect(await ended).toMatchObject({ code: 0, err: '' })
  })
})

describe('a fault', () => {
  const said = async (units: string, ...args: string[]) =>
    failure(await tax(['--year', '2024', '--in', '-', ...COLUMNS, ...args], units))

  it.each([
    ['a word for a number', 'RECID,MARS,e00200p\n1,1,5\n2,1,many\n', /line 3: e00200p is "many", which is no number/],
    [
      'a status that there is not',
      'RECID,MARS\n1,1\n\n2,6\n',
      /line 4, column MARS: filing status is 6, which is above 5/,
    ],
    ['wages below nothing', 'RECID,e00200p\n1,-5\n', /line 2, column e00200p: wages\[head\] is -5/],
    ['a field too few', 'RECID,MARS,e00200p\n1,1\n', /line 2 has 2 fields, the first line 3/],
    ['a quote that is not closed', 'RECID,MARS\n1,"1\n', /line 2/],
    ['no column that is known', 'a,b\n1,2\n', /no column of the file is known/],
    ['a column twice', 'MARS,MARS\n1,1\n', /MARS and MARS are both filing status/],
    ['a sum whose parts are not there', 'MARS,e00200\n1,1\n', /e00200 is the sum of e00200p and e00200s/],
    ['nothing at all', '', /standard input is empty/],
  ])('of the file is %s', async (_, units, message) => {
    const line = await said(units)
    expect(line).toMatch(/^quesnay: BAD_INPUT: /)
    expect(line).toMatch(message)
  })

  it.each([
    [['--columns', 'iitaxx'], /NOT_FOUND.*"iitaxx".*did you mean "iitax"/],
    [['--mapping', 'taxcal'], /NOT_FOUND.*did you mean "taxcalc"/],
    [['--rule-set', 'us-federel'], /NOT_FOUND.*did you mean "us-federal"/],
    [['--reform', 'none'], /NOT_FOUND.*no reform "none"/],
    [['--year', '1999'], /BAD_INPUT.*2022 to 2026, not for 1999/],
    [['--json'], /BAD_INPUT.*both print/],
    [['--out', join(directory, 'none', 'x.csv')], /BAD_INPUT.*no such folder/],
    [['--in', join(directory, 'none.csv')], /BAD_INPUT.*there is no/],
  ])('of the options is %s', async (args, message) => {
    expect(await said(TWO, ...args)).toMatch(message)
  })

  it('is to write over what is read, or to say no year', async () => {
    const units = written('same.csv', TWO)
    expect(failure(await tax(['--year', '2024', '--in', units, '--out', units]))).toMatch(/is what is read/)
    expect(failure(await tax(['--in', units]))).toMatch(/--year/)
  })

  it('leaves the answers of before, and none by half', async () => {
    const out = written('before.csv', 'kept')
    const args = ['--year', '2024', '--in', '-', '--out', out]
    expect(failure(await tax(args, 'RECID,MARS\n1,1\n2,x\n'))).toMatch(/line 3/)
    expect(readFileSync(out, 'utf8')).toBe('kept')
    expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

describe.skipIf(lacksSharedData('parameters', 'a-in.csv.gz'))('the answers of an independent engine', () => {
  type Row = Readonly<Record<string, string>>
  const rows = (text: string | Buffer) =>
    new Map((parse(text, { columns: true }) as Row[]).map((row) => [Number(row['RECID']), row]))
  const units = (name: string) => sharedData('parameters', `${name}-in.csv.gz`)
  const years = [2022, 2023, 2024, 2025, 2026]
  /** Half a cent and what rounding to cents adds. */
  const CENT = 0.0051

  /** Shares of units whose column is as theirs, within a tolerance. */
  async function agreement(
    name: string,
    year: number,
    columns: readonly string[],
    within: number,
    counts = (_: Row) => true,
  ) {
    const { code, out } = await tax(['--year', String(year), '--in', units(name)])
    expect(code).toBe(0)
    const [ours, theirs] = [
      rows(out),
      rows(gunzipSync(readFileSync(sharedData('parameters', `${name}-${year}-out.csv.gz`)))),
    ]
    expect(ours.size).toBe(1000)
    const counted = [...theirs].filter(([, row]) => counts(row))
    return columns.map((column) => {
      const equal = counted.filter(
        ([id, row]) => Math.abs(Number(ours.get(id)![column]) - Number(row[column])) <= within,
      )
      return equal.length / counted.length
    })
  }

  it.each(years)('to wage earners in %i are met to the cent', async (year) => {
    for (const share of await agreement('a', year, ['iitax', 'payrolltax', 'combined'], CENT))
      expect(share).toBeGreaterThanOrEqual(0.999)
  })

  it.each(years)(
    'to units of all incomes in %i are met within a dollar, those with a business deduction too',
    async (year) => {
      for (const share of await agreement('b', year, ['iitax', 'payrolltax'], 1))
        expect(share).toBeGreaterThanOrEqual(0.995)
      const businesses = (row: Row) => Number(row['qbided']) > 0
      for (const share of await agreement('b', year, ['iitax', 'payrolltax'], 1, businesses))
        expect(share).toBeGreaterThanOrEqual(0.995)
    },
  )
})
