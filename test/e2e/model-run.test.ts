// `quesnay run` with model files, as a person types it: results as files, changes on the command line, faults with their place.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, startCommand } from '../support/command.ts'
import { type Columns, columnsOf, readColumns } from '../support/expected-output.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { lacksSharedData, sharedData } from '../support/shared-data.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-model-run-'))
const environment = { QUESNAY_DATA: join(directory, 'data') }
let server: ServerProcess

beforeAll(async () => {
  server = await startServer([], environment)
})
afterAll(async () => {
  await server?.interrupt()
  rmSync(directory, { recursive: true, force: true })
})

const quesnay = (...args: string[]) => startCommand(args, environment).ended
const typing = (input: string, ...args: string[]) => startCommand(args, environment, input).ended
const inDirectory = (name: string) => join(directory, name)

function written(name: string, text: string): string {
  writeFileSync(inDirectory(name), text)
  return inDirectory(name)
}

function succeeded({ code, out, err }: Ended): string {
  expect(err).toBe('')
  expect(code).toBe(0)
  return out
}

/** Runs a model to a CSV and reads it; units that do not fit are told beside it. */
async function csvOf(file: string, ...args: string[]): Promise<Columns> {
  const out = inDirectory(`out-${args.join('').replaceAll(/\W/g, '')}.csv`)
  const { code, err } = await quesnay('run', file, '--out', out, ...args)
  expect(err).toMatch(/^(WARNING UNIT_MISMATCH .*\n)*$/)
  expect(code).toBe(0)
  return columnsOf(readFileSync(out, 'utf8'))
}

/** A cup that cools: dT/dt = -(T - room) / characteristic time, from 180 towards 70. */
const teacup = (equation = '(Teacup_Temperature - Room_Temperature) / Characteristic_Time') => `<?xml version="1.0"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
  <header><name>Teacup</name><vendor>None</vendor><product version="1.0">None</product></header>
  <sim_specs time_units="minutes"><start>0</start><stop>30</stop><dt>0.125</dt></sim_specs>
  <model>
    <variables>
      <stock name="Teacup Temperature"><eqn>180</eqn><outflow>Heat_Loss_to_Room</outflow></stock>
      <flow name="Heat Loss to Room"><eqn>${equation}</eqn></flow>
      <aux name="Room Temperature"><eqn>70</eqn></aux>
      <aux name="Characteristic Time"><eqn>10</eqn></aux>
    </variables>
  </model>
</xmile>
`
const cup = written('teacup.xmile', teacup())

describe.skipIf(lacksSharedData('xmile'))('quesnay run of the corpus', () => {
  /** test/oracles/xmile.test.ts holds the values themselves to theirs; here they must be the right columns and rows. */
  const CLOSE = 1e-5

  it.each([
    ['teacup', 'teacup.xmile', 'output.csv'],
    ['SIR', 'SIR.xmile', 'output.csv'],
    ['subscript_individually_defined_1d_arrays', 'subscript_individually_defined_1d_arrays.xmile', 'output.csv'],
    ['special_characters_xmile', 'test_special_variable_names.xmile', 'output.tab'],
  ])('writes every column of %s: Time first, a column for each variable and element', async (folder, model, output) => {
    const expected = readColumns(sharedData('xmile', folder, output))
    const got = await csvOf(sharedData('xmile', folder, model))
    expect([...got.keys()][0]).toBe('time')
    expect([...got.keys()]).toEqual(expect.arrayContaining([...expected.keys()].filter((name) => name !== 'saveper')))
    for (const [name, values] of expected) {
      const column = got.get(name) ?? values
      expect(column).toHaveLength(values.length)
      const worst = Math.max(...values.map((value, i) => Math.abs(column[i]! - value) / (1 + Math.abs(value))))
      expect(worst, name).toBeLessThan(CLOSE)
    }
  })
})

describe('quesnay run MODEL', () => {
  it('prints where the variables end and how they got there, for one draw without a spread', async () => {
    const out = succeeded(await quesnay('run', cup))
    expect(out).toMatch(/^Teacup: 4 variables, 1 draw, 30 minutes\n/)
    expect(out).toMatch(/^variable at the end +unit +value$/m)
    expect(out).toMatch(/^Teacup Temperature .* 75\.4$/m)
    expect(out).toMatch(/[▁▂▃▄▅▆▇█]{20,}/)
    expect(out).toMatch(/verify with +quesnay run --verify \w+\n$/)
  })

  it('gives the same bits cut into shards, from the store, and verified', async () => {
    const args = ['run', cup, '--vary', 'Room Temperature=normal(70, 2)', '--draws', '300', '--json']
    const [whole, cut] = await Promise.all([quesnay(...args), quesnay(...args, '--shards', '4')])
    const first = JSON.parse(succeeded(whole)) as { id: string; resultHash: string; results: { draws: number } }
    expect(first.results.draws).toBe(300)
    expect((JSON.parse(succeeded(cut)) as typeof first).resultHash).toBe(first.resultHash)
    expect(succeeded(await quesnay('run', '--verify', first.id))).toContain('equal: verified')
  })

  it('sets variables, by any spelling of their names', async () => {
    const columns = await csvOf(cup, '--set', 'room_temperature=20', '--set', 'CHARACTERISTIC TIME=5')
    expect(columns.get('room_temperature')!.every((value) => value === 20)).toBe(true)
    // Euler: the distance to the room shrinks by 1 - 0.125 / 5 in each of 240 steps.
    expect(columns.get('teacup_temperature')!.at(-1)).toBeCloseTo(20 + 160 * (1 - 0.025) ** 240, 9)
  })

  it('takes another method, step, stop and spacing of what is saved', async () => {
    const columns = await csvOf(cup, '--method', 'rk4', '--dt', '1/4', '--stop', '10', '--save-every', '2')
    expect(columns.get('time')).toEqual([0, 2, 4, 6, 8, 10])
    // RK4 at 40 steps is exact to 1e-9 here; Euler is 0.5 away.
    expect(columns.get('teacup_temperature')!.at(-1)).toBeCloseTo(70 + 110 * Math.exp(-1), 6)
  })

  it('saves only the variables named', async () => {
    const columns = await csvOf(cup, '--variables', 'Heat Loss to Room, teacup_temperature')
    expect([...columns.keys()]).toEqual(['time', 'heat_loss_to_room', 'teacup_temperature'])
  })

  it('draws what is varied: mean, quantiles and deviation beside each other, the same for the same seed', async () => {
    const vary = ['--vary', 'room temperature=uniform(60, 80)', '--draws', '400']
    const [one, same, other] = [
      await csvOf(cup, ...vary, '--seed', '5'),
      await csvOf(cup, ...vary, '--seed', '5', '--shards', '3'),
      await csvOf(cup, ...vary, '--seed', '6'),
    ]
    expect(one).toEqual(same)
    expect(one).not.toEqual(other)
    const at = (name: string) => one.get(`teacup_temperature${name}`)!.at(-1)!
    expect(at('_(p05)')).toBeLessThan(at('_(p50)'))
    expect(at('_(p50)')).toBeLessThan(at('_(p95)'))
    // The final temperature is room (1 - s) + 180 s; a uniform number of width 20 has a deviation of 20 / sqrt(12).
    const share = (1 - 0.0125) ** 240
    expect(at('_(sd)')).toBeCloseTo((20 / Math.sqrt(12)) * (1 - share), 0)
    expect(at('')).toBeCloseTo(70 * (1 - share) + 180 * share, 0)
    expect(one.get('teacup_temperature_(sd)')![0]).toBe(0)
  })

  it('writes JSON and Arrow with the same bits as the CSV', async () => {
    const csv = await csvOf(cup)
    const [json, arrow] = [inDirectory('cup.json'), inDirectory('cup.arrow')]
    for (const out of [json, arrow]) succeeded(await quesnay('run', cup, '--out', out))
    const values = csv.get('teacup_temperature')
    const read = JSON.parse(readFileSync(json, 'utf8'))
    expect(read.variables['Teacup Temperature'].values).toEqual(values)
    expect(read).toMatchObject({ draws: 1, seed: '1', planHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const table = tableFromIPC(readFileSync(arrow))
    expect([...table.getChild('Teacup Temperature')!]).toEqual(values)
    expect([...table.getChild('Time')!]).toEqual(csv.get('time'))
    expect(table.schema.metadata.get('planHash')).toBe(read.planHash)
  })

  it('writes CSV and nothing else to standard output with --out -, from standard input too', async () => {
    const path = inDirectory('same.csv')
    succeeded(await quesnay('run', cup, '--out', path))
    const csv = readFileSync(path, 'utf8')
    expect(succeeded(await quesnay('run', cup, '--out', '-'))).toBe(csv)
    expect(succeeded(await typing(teacup(), 'run', '-', '--out', '-'))).toBe(csv)
  })

  it('prints nothing with --quiet, neither a summary nor what is worth knowing', async () => {
    expect(await quesnay('run', cup, '--draws', '2', '--quiet')).toEqual({ code: 0, out: '', err: '' })
    expect((await quesnay('run', cup, '--draws', '2')).err).toMatch(/^WARNING NOTHING_RANDOM/)
    expect(await quesnay('run', cup, '--quiet', '--out', inDirectory('quiet.csv'))).toEqual({
      code: 0,
      out: '',
      err: '',
    })
    expect(columnsOf(readFileSync(inDirectory('quiet.csv'), 'utf8')).size).toBe(5)
  })

  it('reads XMILE in UTF-16 and XMILE that is called YAML', async () => {
    const bytes = Buffer.from(`\ufeff${teacup()}`, 'utf16le')
    writeFileSync(inDirectory('wide.xmile'), bytes)
    for (const file of [inDirectory('wide.xmile'), written('cup.yaml', teacup())])
      expect(await csvOf(file)).toEqual(await csvOf(cup))
  })

  it('saves what is named twice once, an array and its element too', async () => {
    const names = ['--variables', 'heat loss to room,Heat_Loss_to_Room', '--variables', 'Teacup Temperature']
    expect([...(await csvOf(cup, ...names)).keys()]).toEqual(['time', 'heat_loss_to_room', 'teacup_temperature'])
  })

  it('takes files of several megabytes, and says where one is too long', async () => {
    const long = (characters: number) => teacup().replace('<model>', `<!-- ${'x'.repeat(characters)} --><model>`)
    succeeded(await quesnay('run', written('long.xmile', long(6_000_000)), '--stop', '1'))
    for (const characters of [9_000_000, 17_000_000]) {
      const { code, err } = await quesnay('run', written('longer.xmile', long(characters)))
      expect(code).toBe(1)
      expect(err).toMatch(/^quesnay: LIMIT_EXCEEDED: .+ \(.+\)\n$/)
    }
  })

  it('still runs scenario files, which take no changes to a model', async () => {
    const scenario = written('scenario.yaml', 'title: T\nbankId: us-health@1.0.0\ndraws: 32\nhorizonYears: 1\n')
    const out = inDirectory('scenario.csv')
    succeeded(await quesnay('run', scenario, '--out', out, '--variables', 'binge_drinking'))
    expect([...columnsOf(readFileSync(out, 'utf8')).keys()]).toEqual([
      ...['time', 'binge_drinking', 'binge_drinking_(p05)', 'binge_drinking_(p50)'],
      ...['binge_drinking_(p95)', 'binge_drinking_(sd)'],
    ])
    const { code, err } = await quesnay('run', scenario, '--set', 'a=1')
    expect(code).toBe(1)
    expect(err).toMatch(/^quesnay: BAD_INPUT: --set is for model files/)
  })
})

describe('quesnay run of a faulty model', () => {
  const faulty = written('faulty.xmile', teacup('(Teacup_Temperature - Romm_Temperature) / Characteristic_Time'))

  it('names line and column, shows the place with a caret, and suggests the name that was meant', async () => {
    const { code, err } = await quesnay('run', faulty)
    expect(code).toBe(1)
    const [first, line, caret] = err.split('\n')
    expect(first).toMatch(/^quesnay: MODEL_INVALID: .*faulty\.xmile:8:\d+: .*romm.temperature.*Room Temperature.*$/i)
    expect(line).toContain('8 | ')
    const shown = line!.slice(caret!.indexOf('^'))
    expect(shown).toMatch(/^Romm_Temperature/)
  })

  it('says the same in JSON for scripts', async () => {
    const { error } = JSON.parse((await quesnay('run', faulty, '--json')).err)
    expect(error).toMatchObject({ code: 'MODEL_INVALID', detail: { line: 8, column: expect.any(Number) } })
  })

  it.each([
    ['an unknown variable to set', ['--set', 'Rom Temperature=1'], /Room.Temperature/],
    ['an unknown variable to vary', ['--vary', 'Rom Temperature=normal(1, 2)'], /Room.Temperature/],
    ['an unknown variable to save', ['--variables', 'Rom Temperature'], /Room.Temperature/],
    ['a distribution that is none', ['--vary', 'Room Temperature=nomal(1, 2)'], /normal/],
    ['a value that is no number', ['--set', 'Room Temperature=warm'], /number/],
    ['a step of nothing', ['--dt', '0'], /dt/],
    ['a method that is none', ['--method', 'rk5'], /rk4/],
    ['a variable set twice', ['--set', 'Room Temperature=1', '--set', 'room_temperature=2'], /twice/],
    ['a variable set and varied', ['--set', 'Room Temperature=1', '--vary', 'room temperature=uniform(0, 1)'], /twice/],
    ['no variables to save', ['--variables', ','], /commas/],
    ['an output of no known form', ['--out', 'cup.xlsx'], /\.csv/],
    ['an output in a folder that is not there', ['--out', 'none/cup.csv'], /no such folder/],
    ['an output that is the model', ['--out', cup], /is what is to be run/],
    ['JSON and CSV on standard output', ['--out', '-', '--json'], /both print/],
    ['a number of draws that nobody can count', ['--draws', '1000000000'], /nine digits/],
    ['more values than can be kept', ['--dt', '0.00001'], /save/],
  ])('refuses %s in one line with a hint', async (_, args, says) => {
    const { code, out, err } = await quesnay('run', cup, ...args)
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toMatch(args.includes('--json') ? /^\{"error":.+\}\n$/ : /^quesnay: [A-Z_]+: .+ \(.+\)\n$/)
    expect(err).toMatch(says)
  })

  it('names variable, draw and time where the computation has no number to give', async () => {
    const sinking = written('sinking.xmile', teacup('LN(Room_Temperature - TIME * 10)'))
    const { code, err } = await quesnay('run', sinking)
    expect(code).toBe(1)
    expect(err).toMatch(
      /^quesnay: NOT_A_NUMBER: Heat Loss to Room is not a finite number in draw 1 at time 7 \(look for .*logarithm.*\)\n$/,
    )
  })

  it('shows where units do not fit', async () => {
    const mixed =
      'name: m\nvariables:\n  a: { constant: 1, unit: USD }\n  b: { constant: 1, unit: kg }\n  c: a + b\n  d: b + a\n'
    const { code, err } = await quesnay('run', written('mixed.yaml', mixed))
    expect(code).toBe(1)
    expect(err).toMatch(/^quesnay: MODEL_INVALID: .*mixed\.yaml:5:\d+: c: .*usd.*kg/)
    expect(err).toMatch(/^ +5 \| {3}c: a \+ b\n.*\^/m)
    expect(err).toMatch(/^.*mixed\.yaml:6:\d+: d: /m)
  })

  it('refuses an empty file, and bytes that are no text', async () => {
    writeFileSync(inDirectory('bytes.xmile'), Buffer.from([0x3c, 0xe4, 0x00, 0xff]))
    for (const [file, says] of [
      [written('empty.yaml', '\n'), /empty/],
      [written('empty.xmile', ''), /empty/],
      [inDirectory('bytes.xmile'), /not text/],
    ] as const) {
      const { code, err } = await quesnay('run', file)
      expect(code).toBe(1)
      expect(err).toMatch(/^quesnay: BAD_INPUT: .+ \(.+\)\n$/)
      expect(err).toMatch(says)
    }
  })
})

describe('quesnay model', () => {
  it('check says what a file holds without running it', async () => {
    const out = succeeded(await quesnay('model', 'check', cup))
    expect(out).toMatch(/^Teacup \(XMILE\): 4 variables, 4 saved values, time 0 to 30 by 0.125 minutes, EULER$/m)
    expect(out).toMatch(/^Heat Loss to Room +flow +/m)
    expect(out).toMatch(/it can be run\n$/)
  })

  it('check ends with an error where the file has a fault', async () => {
    const { code, out, err } = await quesnay('model', 'check', written('bad.xmile', teacup('1 +')))
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^quesnay: MODEL_INVALID: .*bad\.xmile:8/)
  })

  it('convert writes XMILE that runs to the same values', async () => {
    const copy = inDirectory('copy.xmile')
    succeeded(await quesnay('model', 'convert', cup, '--to', 'xmile', '--out', copy))
    expect(readFileSync(copy, 'utf8')).toMatch(/^<\?xml[\s\S]*<xmile/)
    expect(await csvOf(copy)).toEqual(await csvOf(cup, '--seed', '1'))
  })

  it('refuses a file that holds no model', async () => {
    const { code, err } = await quesnay('model', 'check', written('none.yaml', 'title: T'))
    expect(code).toBe(1)
    expect(err).toMatch(/^quesnay: BAD_INPUT: .*holds no model/)
  })
})
