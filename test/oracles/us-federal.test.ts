// The rules of the United States against an independent engine: 2 x 1,000 tax units, 2022 to 2026, every column to the cent.
// Tax-Calculator 6.8.1 (CC0), exact law and full take-up. Class a has wages alone, class b also business, property, pensions and benefits.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lawOn } from '../../subgraphs/parameters/rules/overlay.ts'
import { lacksSharedData, sharedData } from '../support/shared-data.ts'
import { type Row, readUnits, taxcalcNames, taxUnits, usRules, usTree } from '../support/tax-units.ts'

/** Half a cent: both engines keep fractions of cents. */
const CENT = 0.005

/** What `quesnay tax` writes; the answers have these and more. */
const ASKED = [
  ...['c00100', 'standard', 'c04800', 'taxbc', 'c09600', 'c07220', 'odc', 'c11070', 'eitc', 'niit', 'setax'],
  ...['ptax_was', 'ptax_amc', 'iitax', 'payrolltax', 'combined'],
]

const years = [2022, 2023, 2024, 2025, 2026]
const { inputs, outputs, totals } = taxcalcNames()

/** A row of the origin as the rules name its columns. */
const ours = (unit: Row): Row =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([theirs, name]) => (theirs in unit ? [[name, unit[theirs]!]] : [])),
  )

describe.skipIf(lacksSharedData('parameters', 'b-in.csv.gz')).each(['a', 'b'])(
  'the 1,000 tax units of class %s',
  (kind) => {
    const units = readUnits(`${kind}-in.csv.gz`)
    const rows = units.map(ours)

    it('have no column that the rules do not know', () => {
      const beside = ['RECID', ...Object.keys(totals)]
      expect(Object.keys(units[0]!).filter((name) => !(name in inputs) && !beside.includes(name))).toEqual([])
      for (const [sum, parts] of Object.entries(totals))
        if (sum in units[0]!)
          for (const unit of units) expect(unit[sum]).toBe(parts.reduce((total, part) => total + unit[part]!, 0))
    })

    describe.each(years)('in %i', (year) => {
      const answers = readUnits(`${kind}-${year}-out.csv.gz`)
      const compared = Object.keys(outputs).filter((name) => name in answers[0]!)
      let results: ReturnType<typeof taxUnits> | undefined
      const wrong = (column: string, of: (answer: Row) => boolean = () => true) => {
        results ??= taxUnits(year, rows)
        const result = results(outputs[column]!)
        return answers.flatMap((answer, i) =>
          !of(answer) || Math.abs(result[i]! - answer[column]!) < CENT
            ? []
            : [{ unit: answer['RECID'], ours: result[i], theirs: answer[column] }],
        )
      }

      it('are answered in the same order, in every column that is asked for', () => {
        expect(answers.map((answer) => answer['RECID'])).toEqual(units.map((unit) => unit['RECID']))
        expect(compared).toEqual(expect.arrayContaining(ASKED))
      })

      it.each(compared)('have the %s of the answer to the cent', (column) => {
        expect(wrong(column)).toEqual([])
      })

      if (kind === 'b')
        it('have the taxes of the answer to the cent where business income is deducted', () => {
          const deducts = (answer: Row) => answer['qbided']! > 0
          expect(answers.filter(deducts).length).toBeGreaterThan(100)
          for (const column of ['qbided', 'iitax', 'payrolltax', 'combined']) expect(wrong(column, deducts)).toEqual([])
        })
    })
  },
)

describe('the rules of the United States', () => {
  const { rules, columns } = usRules()

  it('say of each rule what it is, in which unit, and by which law', () => {
    for (const { name, label, unit, reference } of rules) {
      expect(label, name).not.toBe('')
      expect(unit, name).toMatch(/^(USD|fraction|person)$/)
      expect(reference, name).toMatch(/^(26 U\.S\.C\. |Canberra Group)/)
    }
  })

  it('have every name of the table of names', () => {
    const known = new Set([...rules.flatMap(({ elements }) => elements), ...columns.map(({ name }) => name)])
    const like = (name: string) => [...known].some((one) => one.toLowerCase() === name.toLowerCase())
    expect([...Object.values(inputs), ...Object.values(outputs)].filter((name) => !like(name))).toEqual([])
  })

  it('use every parameter and every column that they declare', () => {
    const formulas = rules.map(({ formula }) => formula.toLowerCase()).join('\n')
    const used = (name: string) => formulas.includes(name.toLowerCase().replace(/\[.*/, '').replaceAll(' ', '_'))
    const { parameters } = usRules()
    const scales = /^(income tax|capital gains|minimum tax) brackets /
    expect(parameters.map(({ name }) => name).filter((name) => !scales.test(name) && !used(name))).toEqual([])
  })
})

/** What the law gives to a joint return alone, which a surviving spouse does not file; the origin gives it to both. */
const CORRECTED: Readonly<Record<string, readonly string[]>> = {
  CTC_ps: ['2018', '2019', '2020', '2021', '2022', '2023', '2024', '2025', '2026'],
  ALD_BusinessLosses_c: ['2018', '2019', '2020', '2021', '2022', '2023', '2024', '2025', '2026'],
  PT_qbid_taxinc_thd: ['2018', '2019', '2020', '2021', '2022'],
  PT_qbid_taxinc_gap: ['2018', '2019', '2020', '2021', '2022', '2023', '2024', '2025', '2026'],
}
const SURVIVING_SPOUSE = 4

describe.skipIf(lacksSharedData('parameters', 'us-federal-2018-2026.json'))('the shipped parameters', () => {
  const tree = usTree()
  const origin = JSON.parse(readFileSync(sharedData('parameters', 'us-federal-2018-2026.json'), 'utf8')) as {
    params: Record<string, Record<string, number | boolean | number[]>>
  }

  it('hold every figure of the origin, each year from 2018 to 2026, under its name there', () => {
    const byOrigin = new Map(tree.parameters.filter((p) => p.origin !== null).map((p) => [p.origin!, p.id]))
    expect([...byOrigin.keys()].sort()).toEqual(Object.keys(origin.params).sort())
    for (const [name, byYear] of Object.entries(origin.params))
      for (const [year, figure] of Object.entries(byYear)) {
        const theirs = (Array.isArray(figure) ? figure : [figure]).map(Number)
        const corrected = CORRECTED[name]?.includes(year)
        const wanted = corrected ? theirs.with(SURVIVING_SPOUSE, theirs[0]!) : theirs
        if (corrected) expect(wanted, `${name} ${year}`).not.toEqual(theirs)
        expect(lawOn(tree, `${year}-01-01`).get(byOrigin.get(name)!), `${name} ${year}`).toEqual(wanted)
      }
  })
})
