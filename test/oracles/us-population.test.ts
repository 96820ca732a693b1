// A run over a population against an independent engine: weighted sums of taxes of 1,000 units of two kinds, 2022 to 2026.
// Tax-Calculator 6.8.1 (CC0), exact law with full take-up; weights s006. Class a has wages alone, class b income of every kind.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PopulationResult } from '../../compute/dispatch/port.ts'
import { deriveImpact } from '../../subgraphs/parameters/rules/impact/impact.ts'
import { impactPlan } from '../../subgraphs/parameters/rules/impact/impact-plan.ts'
import { impactInputs } from '../../subgraphs/parameters/rules/impact/laws.ts'
import { readOptions } from '../../subgraphs/parameters/rules/impact/options.ts'
import { lawOn } from '../../subgraphs/parameters/rules/overlay.ts'
import { dayOf } from '../../subgraphs/parameters/rules/rule-set/rule-inputs.ts'
import { openFleet, type TestFleet } from '../support/fleet.ts'
import { lacksSharedData } from '../support/shared-data.ts'
import { type Row, readUnits, taxcalcNames, usRules, usTree } from '../support/tax-units.ts'

const YEARS = [2022, 2023, 2024, 2025, 2026]

/** Half a cent for each unit that the rows stand for: every unit agrees to that. */
const USD_PER_UNIT = 0.005

describe.skipIf(lacksSharedData('parameters', 'a-in.csv.gz'))('a run over a population', () => {
  let fleet: TestFleet
  beforeAll(async () => {
    fleet = await openFleet()
  })
  afterAll(() => fleet.close())

  const rules = usRules()
  const tree = usTree()
  const { inputs: names } = taxcalcNames()

  const read = new Map<string, readonly Row[]>()
  const rowsOf = (file: string) => {
    const rows = read.get(file) ?? readUnits(file)
    read.set(file, rows)
    return rows
  }

  async function run(kind: string, year: number) {
    const rows = rowsOf(`${kind}-in.csv.gz`)
    const ours = new Map(Object.entries(names).map(([theirs, name]) => [name, theirs]))
    const columns: Record<string, Float64Array> = {}
    const constants: Record<string, number> = {}
    for (const { name, default: usual } of rules.columns) {
      const theirs = ours.get(name)
      if (theirs !== undefined && theirs in rows[0]!) columns[name] = Float64Array.from(rows, (row) => row[theirs]!)
      else constants[name] = usual!
    }
    const plan = impactPlan(rules, [], readOptions({}, ['filing status'], 'options'), { constants, household: null })
    const { id } = await fleet.dispatch.submit({
      ...{ tenant: 'local', kind: 'POPULATION', subject: { type: 'Population', id: kind }, class: 'p0' },
      ...{ plan: plan.plan, result: plan.spec, columns, lanes: rows.length },
      inputs: impactInputs(rules, plan, lawOn(tree, dayOf(rules, year, 'year')), []),
    })
    const result = (await fleet.dispatch.settled('local', id)) as PopulationResult
    expect(result.failed).toEqual([])
    const { unchanged, weight } = deriveImpact(plan.reading, result)
    const sums = new Map(unchanged.budget.byProgramme.map(({ name, baseline }) => [name, baseline as number]))
    return { sum: (name: string) => sums.get(name)!, weight: weight as number, rows }
  }

  function weightedAnswer(kind: string, year: number, column: string, weights: ReadonlyMap<number, number>): number {
    return readUnits(`${kind}-${year}-out.csv.gz`).reduce(
      (sum, row) => sum + row[column]! * weights.get(row.RECID!)!,
      0,
    )
  }

  describe.each(['a', 'b'])('of class %s', (kind) => {
    it.each(YEARS)('sums income and payroll tax of %i to half a cent a unit', async (year) => {
      const { sum, weight, rows } = await run(kind, year)
      const weights = new Map(rows.map((row) => [row['RECID']!, row['s006']!]))
      const within = USD_PER_UNIT * weight
      const incomeTax =
        sum('income tax before child and earned income credits') - sum('child tax credit') - sum('earned income credit')
      expect(Math.abs(incomeTax - weightedAnswer(kind, year, 'iitax', weights))).toBeLessThan(within)
      expect(Math.abs(sum('payroll tax') - weightedAnswer(kind, year, 'payrolltax', weights))).toBeLessThan(within)
      expect(Math.abs(sum('earned income credit') - weightedAnswer(kind, year, 'eitc', weights))).toBeLessThan(within)
      // Sums of nothing would be equal too.
      expect(incomeTax).toBeGreaterThan(1000 * weight)
    })
  })
})
