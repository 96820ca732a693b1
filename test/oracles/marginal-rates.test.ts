// Marginal rates on wages against an independent engine: 2 x 1,000 tax units, 2022 to 2026, a cent more for the head of each.
// Tax-Calculator 6.8.1 (CC0): mtr_* are the change of income tax, of payroll tax of both halves and of their sum, per wages (not per full compensation).
import { describe, expect, it } from 'vitest'
import { AS_IT_IS } from '../../subgraphs/parameters/rules/household/lanes.ts'
import { marginalRate, stepOf, stepped, subjectOf } from '../../subgraphs/parameters/rules/household/rates.ts'
import { lacksSharedData } from '../support/shared-data.ts'
import { readUnits, taxcalcNames, taxUnits, usRules } from '../support/tax-units.ts'

/** A change of a cent is known to some 1e-10 of an amount of 1e5. */
const TOLERANCE = 1e-4

const RATES = {
  'income tax': 'mtr_iitax_wages',
  'payroll tax': 'mtr_payroll_wages',
  'combined tax': 'mtr_combined_wages',
}

const cases = ['a', 'b'].flatMap((name) => [2022, 2023, 2024, 2025, 2026].map((year) => [name, year] as const))

describe.skipIf(lacksSharedData('parameters', 'a-in.csv.gz'))('marginal rates by a step of a cent', () => {
  const { inputs } = taxcalcNames()

  it.each(cases)('are those of every unit of class %s in %i', (name, year) => {
    const ruleSet = usRules()
    const step = stepOf(ruleSet, null, 0.01)
    const rows = readUnits(`${name}-in.csv.gz`)
    const units = rows.map((row) =>
      Object.fromEntries(
        Object.entries(inputs).flatMap(([theirs, ours]) => (theirs in row ? [[ours, row[theirs]!]] : [])),
      ),
    )
    const next = units.map((unit) => {
      const columns = Object.fromEntries(
        Object.entries(unit).map(([column, value]) => [column, Float64Array.of(value)]),
      )
      return { ...unit, ...stepped(step, AS_IT_IS, { count: 1, columns }) }
    })
    const [before, after] = [taxUnits(year, units), taxUnits(year, next)]
    const answers = new Map(readUnits(`${name}-${year}-out.csv.gz`).map((row) => [row['RECID']!, row]))
    expect(answers.size).toBe(1000)
    for (const [of, theirs] of Object.entries(RATES)) {
      const subject = subjectOf(ruleSet, of)
      const [low, high] = [before(of), after(of)]
      const wrong = rows.flatMap(({ RECID }, i) => {
        const earnings = next[i]![step.column.name]! - units[i]![step.column.name]!
        const ours = marginalRate(subject, high[i]! - low[i]!, earnings)!
        const answer = answers.get(RECID!)![theirs]!
        return Math.abs(ours - answer) < TOLERANCE ? [] : [{ RECID, ours, theirs: answer }]
      })
      expect(wrong, of).toEqual([])
    }
  })
})
