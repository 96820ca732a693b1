// The slice of US federal tax against an independent engine: 1,000 wage earners, 2022 to 2026, to the cent.
// Tax-Calculator 6.8.1 (CC0), exact law; its column names: c00100 AGI, c04800 taxable income, taxbc tax before credits, ptax_was FICA, ptax_amc additional Medicare.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { lower } from '../../compute/model/lowering/lower.ts'
import { interpret } from '../../compute/reference/interpret.ts'
import { packageFile } from '../../infra/paths.ts'
import { lawOn } from '../../subgraphs/parameters/rules/overlay.ts'
import { readTree } from '../../subgraphs/parameters/rules/read-tree.ts'
import {
  buildSlice,
  resultName,
  SIDES,
  SLICE_YEARS,
  sliceInputs,
} from '../../subgraphs/parameters/rules/us-federal-slice/model.ts'
import { lacksSharedData, sharedData } from '../support/shared-data.ts'

type Row = Readonly<Record<string, number>>

/** Half a cent: both engines keep fractions of cents. */
const CENT = 0.005

const COLUMNS: Readonly<Record<string, (row: Row) => number>> = {
  filing_status: (row) => row.MARS!,
  age_head: (row) => row.age_head!,
  age_spouse: (row) => row.age_spouse!,
  is_dependent: () => 0,
  wages_head: (row) => row.e00200p!,
  wages_spouse: (row) => row.e00200s!,
  weight: (row) => row.s006!,
}

const ANSWERS: Readonly<Record<string, string>> = {
  agi: 'c00100',
  standard_deduction: 'standard',
  senior_deduction: 'senior_deduction',
  taxable_income: 'c04800',
  income_tax_before_credits: 'taxbc',
  fica: 'ptax_was',
  additional_medicare: 'ptax_amc',
  payroll_tax: 'payrolltax',
}

const read = (name: string): Row[] =>
  parse(gunzipSync(readFileSync(sharedData('parameters', name))), {
    columns: true,
    cast: (text, { header }) => (header ? text : Number(text)),
  }) as Row[]

const years = Array.from({ length: SLICE_YEARS.last - SLICE_YEARS.first + 1 }, (_, i) => SLICE_YEARS.first + i)

describe.skipIf(lacksSharedData('parameters', 'a-in.csv.gz'))(
  'the slice of US federal tax on 1,000 wage earners',
  () => {
    const tree = readTree(readFileSync(packageFile('subgraphs', 'parameters', 'data', 'us-federal.yaml'), 'utf8'))
    const plan = lower(buildSlice())
    const units = read('a-in.csv.gz')
    const columns = Object.fromEntries(
      Object.entries(COLUMNS).map(([name, of]) => [name, Float64Array.from(units, of)]),
    )

    describe.each(years)('in %i', (year) => {
      const law = lawOn(tree, `${year}-01-01`)
      const range = { from: 0, to: units.length }
      const { values, status } = interpret({ plan, inputs: sliceInputs(law, law), series: {} }, columns, range, '0')
      const answers = new Map(read(`a-${year}-out.csv.gz`).map((row) => [row.RECID!, row]))
      const output = (name: string) => {
        const index = plan.outputs.findIndex((o) => o.name === name)
        return values.subarray(index * units.length, (index + 1) * units.length)
      }

      it.each(Object.entries(ANSWERS))('gives every unit the %s of column %s to the cent', (name, column) => {
        expect(status).toEqual({ kind: 'DONE' })
        expect(answers.size).toBe(1000)
        for (const side of SIDES) {
          const ours = output(resultName(name, side))
          const wrong = units.flatMap((unit, lane) => {
            const theirs = answers.get(unit.RECID!)![column]!
            return Math.abs(ours[lane]! - theirs) < CENT ? [] : [{ unit: unit.RECID, ours: ours[lane], theirs }]
          })
          expect(wrong).toEqual([])
        }
      })

      it('changes nothing where the reform is the law', () => {
        expect(output(resultName('net_tax', 'change')).every((change) => change === 0)).toBe(true)
      })
    })
  },
)

describe.skipIf(lacksSharedData('parameters', 'us-federal-2018-2026.json'))('the shipped parameters', () => {
  const tree = readTree(readFileSync(packageFile('subgraphs', 'parameters', 'data', 'us-federal.yaml'), 'utf8'))
  const origin = JSON.parse(readFileSync(sharedData('parameters', 'us-federal-2018-2026.json'), 'utf8')) as {
    params: Record<string, Record<string, number | boolean | number[]>>
  }

  it('hold every figure of the origin, each year from 2018 to 2026, under its name there', () => {
    const byOrigin = new Map(tree.parameters.filter((p) => p.origin !== null).map((p) => [p.origin!, p.id]))
    expect([...byOrigin.keys()].sort()).toEqual(Object.keys(origin.params).sort())
    for (const [name, byYear] of Object.entries(origin.params))
      for (const [year, figure] of Object.entries(byYear)) {
        const wanted = (Array.isArray(figure) ? figure : [figure]).map(Number)
        expect(lawOn(tree, `${year}-01-01`).get(byOrigin.get(name)!), `${name} ${year}`).toEqual(wanted)
      }
  })
})
