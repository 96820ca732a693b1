// The 15 XMILE models of the system dynamics community's test suite against the outputs that come with them, and there and back.
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { elaborate } from '../../compute/model/elaborate/elaborate.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import { readXmile } from '../../compute/model/xmile/read-xmile.ts'
import { writeXmile } from '../../compute/model/xmile/write-xmile.ts'
import { columnsOf, nameKey } from '../support/expected-output.ts'
import { faultOf } from '../support/faults.ts'
import { newMachine, runBoth } from '../support/kernels.ts'
import { lacksSharedData, sharedData } from '../support/shared-data.ts'
import { withoutPlaces } from '../support/source-models.ts'

const CONTROL = 'the file has them in its sim_specs alone'
const CONTROLS = ['FINAL TIME', 'INITIAL TIME', 'SAVEPER', 'TIME STEP']

/** Columns of the expected output that a file has no variable for, and why; the output was made with another file of the model. */
const NOT_IN_FILE: Readonly<Record<string, readonly (readonly [columns: readonly string[], why: string])[]>> = {
  'test_rounding.xmile': [[CONTROLS, CONTROL]],
  'test_non_negative_stocks.xmile': [[CONTROLS, CONTROL]],
  'test_non_negative_stocks_behavior.xmile': [[CONTROLS, CONTROL]],
  'test_smooth_and_stock.xmile': [
    [['Input', 'Smoothed Input', 'Smoothing Time'], 'only the .mdl of the model has them'],
  ],
  'test_smooth_and_stock.stmx': [
    [['Input', 'Smoothed Input', 'Smoothing Time'], 'only the .mdl of the model has them'],
  ],
}

/** The most digits that a number of the file has. */
function digitsIn(text: string): number {
  const numbers = text.match(/\d+(?:\.\d+)?/g) ?? []
  return Math.max(...numbers.map((number) => number.replace('.', '').replace(/^0+/, '').length))
}

/** A converter wrote NOT behind its operand there, which is no XMILE; the .xmile beside it is right. */
const BROKEN = 'test_logicals.stmx'

/**
 * Files whose figures were computed in single precision, which drifts further from double precision than 1e-6: by this part of a
 * value. That this is all there is to it is shown below.
 */
const SINGLE_PRECISION: Readonly<Record<string, number>> = { SIR: 5e-6, teacup: 4e-6 }

/**
 * How far a value may be from what the file says: 1e-6 of it and 1e-8 where the file has six digits, and then half a unit of the
 * sixth, which is what printing took away; 1e-9 where it has more.
 */
function tolerance(wanted: number, digits: number, relative = 1e-6): number {
  if (digits > 6) return 1e-9 + 1e-9 * Math.abs(wanted)
  const printed = wanted === 0 ? 0 : 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(wanted))) - 5)
  return 1e-8 + relative * Math.abs(wanted) + printed
}

/** As C prints it: of two that are equally near, the even one. */
function sixDigits(x: number): number {
  const up = Number(x.toPrecision(6))
  const exact = x.toPrecision(40).replace(/e.*/, '').replace('.', '').replace(/^-?0*/, '')
  if (!/^\d{6}50*$/.test(exact) || Number(exact[5]) % 2 === 1) return up
  return Number(`${exact.slice(0, 6)}e${Math.floor(Math.log10(Math.abs(x))) - 5}`)
}

describe.skipIf(lacksSharedData('xmile'))('XMILE models of the community', () => {
  const machine = newMachine()
  const root = sharedData('xmile')
  const models = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())

  it('there are fifteen of them', () => {
    expect(models).toHaveLength(15)
  })

  for (const { name: folder } of models) {
    const files = readdirSync(sharedData('xmile', folder))
    const output = files.find((file) => file.startsWith('output.'))!
    const expectedText = readFileSync(sharedData('xmile', folder, output), 'utf8').replaceAll(/\r\n?/g, '\n')
    const expected = columnsOf(expectedText, output.endsWith('.tab') ? '\t' : ',')
    const digits = digitsIn(expectedText)

    for (const file of files.filter((one) => /\.(?:xmile|stmx)$/.test(one) && one !== BROKEN)) {
      const text = () => readFileSync(sharedData('xmile', folder, file), 'utf8')

      it(`${folder}/${file} gives every column of ${output} on the machine and in the interpreter`, async () => {
        const { model } = elaborate(readXmile(text()).source)
        const plan = lower(model)
        const { values } = await runBoth(machine, { plan }, { from: 0, to: 1 })
        const savedTimes = expected.get('time')!
        expect(values).toHaveLength(model.outputs.length * savedTimes.length)
        const missing = (NOT_IN_FILE[basename(file)] ?? []).flatMap(([columns]) => columns.map(nameKey))
        const outputs = new Map(model.outputs.map((name, i) => [nameKey(name), i]))
        expect(missing.filter((name) => outputs.has(name))).toEqual([])
        for (const [column, wanted] of expected) {
          if (column === 'time' || missing.includes(column)) continue
          const at = outputs.get(column)
          expect(at, `the column ${column}`).toBeDefined()
          const got = [...values.subarray(at! * savedTimes.length, (at! + 1) * savedTimes.length)]
          got.forEach((value, i) => {
            if (!(Math.abs(value - wanted[i]!) <= tolerance(wanted[i]!, digits, SINGLE_PRECISION[folder])))
              expect.fail(`${column} at ${savedTimes[i]}: ${value}, not ${wanted[i]}`)
          })
        }
      })

      it(`${folder}/${file} is the same source once written and read again`, () => {
        const { source } = readXmile(text())
        expect(withoutPlaces(readXmile(writeXmile(source)).source)).toEqual(withoutPlaces(source))
      })
    }
  }

  it('a file with NOT behind its operand is refused with the variable and the line', () => {
    const text = readFileSync(sharedData('xmile', 'logicals', BROKEN), 'utf8')
    expect(faultOf(() => readXmile(text))).toMatchObject({
      code: 'MODEL_INVALID',
      detail: { path: 'NOT output', line: 33 },
    })
  })

  it('the figures of the teacup are those of Euler in single precision, digit by digit', () => {
    const file = readFileSync(sharedData('xmile', 'teacup', 'output.csv'), 'utf8').replaceAll(/\r\n?/g, '\n')
    const { fround } = Math
    let temperature = 180
    for (const line of file.trim().split('\n').slice(1)) {
      const [, , loss, , shown] = line.split(',')
      const flow = fround(fround(temperature - 70) / 10)
      expect([sixDigits(flow), sixDigits(temperature)]).toEqual([Number(loss), Number(shown)])
      temperature = fround(temperature - fround(0.125 * flow))
    }
  })

  it('the figures of the epidemic are those of Euler in single precision, digit by digit', () => {
    const file = readFileSync(sharedData('xmile', 'SIR', 'output.csv'), 'utf8').replaceAll(/\r\n?/g, '\n')
    const { fround } = Math
    const dt = 1 / 32
    let [susceptible, infectious, recovered] = [1000, 5, 0]
    for (const line of file.trim().split('\n').slice(1)) {
      const [, , , ...shown] = line.split(',').map(Number)
      const contacts = fround(fround(fround(susceptible * infectious) / 1000) * fround(0.3))
      const recovering = fround(infectious / 5)
      const now = [infectious, recovered, recovering, contacts, susceptible, 1000]
      expect(now.map(sixDigits)).toEqual(shown)
      susceptible = fround(susceptible - fround(dt * contacts))
      infectious = fround(infectious + fround(dt * fround(contacts - recovering)))
      recovered = fround(recovered + fround(dt * recovering))
    }
  })
})
