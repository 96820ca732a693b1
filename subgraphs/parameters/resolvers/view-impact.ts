// From what the rules derive of a run to the graph's objects: units beside the numbers, figures that failed in their places.
import type { RunRecord } from '../../../compute/dispatch/port.ts'
import type { BudgetLine } from '../rules/impact/budget.ts'
import type { ReformImpact as Derived, Impact } from '../rules/impact/impact.ts'
import type { ImpactReading } from '../rules/impact/impact-plan.ts'
import { type Inequality, PROBABILITIES, TOPS } from '../rules/impact/inequality.ts'
import { programmeOf } from '../rules/impact/programme.ts'
import type { PopulationRunRow } from '../store/rows.ts'
import type { ProgrammeBudget } from '../types/budget.ts'
import type { PopulationImpact, ReformImpact } from '../types/impact.ts'
import type { IncomeDistribution } from '../types/inequality.ts'

/** The answer of a run. */
export function viewImpact(
  impact: Impact,
  reading: ImpactReading,
  row: PopulationRunRow,
  run: RunRecord,
): PopulationImpact {
  const unit = `${reading.currency}/year`
  const view = (derived: Derived, reformId: string | null) => viewReformImpact(derived, reformId, unit)
  const reforms = impact.reforms.map((reform, i) => view(reform, row.reformIds[i]!))
  const baseline = view(impact.unchanged, null)
  const { budget, byProgramme, deciles, winners, losers } = reforms[0] ?? baseline
  return {
    year: row.year,
    units: impact.units,
    households: impact.households,
    weightsTotal: impact.weight,
    personsTotal: impact.persons,
    baseline,
    reforms,
    conventions: reading.options,
    bundle: {
      ruleSet: row.ruleSetId,
      ruleSetHash: row.ruleSetHash,
      planHash: run.provenance.planHash,
      parameterSnapshot: run.provenance.parameterSnapshot,
      population: row.populationId,
      dataVersion: row.dataVersion,
      year: row.year,
      reforms: row.reformIds,
      options: reading.options,
      kernels: run.provenance.kernels,
      engineVersion: run.provenance.engineVersion,
    },
    ...{ budget, byProgramme, deciles, winners, losers },
    reformIds: row.reformIds,
    populationId: row.populationId,
  }
}

function viewReformImpact(derived: Derived, reformId: string | null, unit: string): ReformImpact {
  const line = (of: BudgetLine): ProgrammeBudget => ({ ...of, programme: programmeOf(of.name), unit })
  const { budget, deciles, poverty, inequality, behaviour, groups, ...rest } = derived
  return {
    ...rest,
    budget: line(budget.all),
    byProgramme: budget.byProgramme.map(line),
    deciles: { ...deciles, meanWages: deciles.meanEarnings, unit },
    poverty: poverty.map((measure) => ({ ...measure, unit })),
    inequality: {
      baseline: viewDistribution(inequality.baseline, unit),
      reform: viewDistribution(inequality.reform, unit),
    },
    behaviour: behaviour && { ...behaviour, unit },
    reformId,
    groupsBy: groups,
    moneyUnit: unit,
  }
}

const viewDistribution = (inequality: Inequality, unit: string): IncomeDistribution => ({
  ...inequality,
  topFractions: TOPS,
  probabilities: PROBABILITIES,
  unit,
})
