// The parameters subgraph: the law as figures by date, reforms of it, and what they do to a population.
import { cacheControl } from '../shared/cache-control.ts'
import { changes } from '../shared/changes.ts'
import { classification } from '../shared/classification.ts'
import { dispatches } from '../shared/dispatches.ts'
import { eventSource } from '../shared/event-source.ts'
import type { SubgraphDefinition } from '../shared/subgraph.ts'
import { type ParametersLoaders, parametersLoaders } from './loaders.ts'
import { CalculationResolver, ResultColumnResolver } from './resolvers/calculation.ts'
import { CommitResolver } from './resolvers/commit.ts'
import { ParameterSpanResolver, TreeComparisonResolver } from './resolvers/comparison.ts'
import { type Context, viewReform } from './resolvers/context.ts'
import { CliffResolver, CurveResolver, HouseholdCliffsResolver } from './resolvers/curve.ts'
import { LawDiffResolver, ParameterDifferenceResolver } from './resolvers/difference.ts'
import { HouseholdResolver } from './resolvers/household.ts'
import { PopulationImpactResolver, ReformImpactResolver, RunResolver } from './resolvers/impact.ts'
import { ParameterExportResolver, ParameterImportResolver } from './resolvers/import.ts'
import { IndexationResolver } from './resolvers/indexation.ts'
import { findPopulation } from './resolvers/load-population.ts'
import { MergeConflictResolver, MergeResolver } from './resolvers/merge.ts'
import { ParameterNodeResolver } from './resolvers/node.ts'
import { ParameterResolver } from './resolvers/parameter.ts'
import { ParameterChangedResolver } from './resolvers/parameter-changed.ts'
import { PopulationResolver } from './resolvers/population-data.ts'
import { ParameterChangeResolver, ReformResolver } from './resolvers/reform.ts'
import {
  ReformBranchResolver,
  ReformCommitResolver,
  ReformTagResolver,
  TreeRepositoryResolver,
  viewCommit,
} from './resolvers/repository.ts'
import { findRuleSet, RuleSetResolver, RuleVariableResolver } from './resolvers/rule-set.ts'
import { RunPopulationResolver } from './resolvers/run-population.ts'
import { BracketScaleResolver } from './resolvers/scale.ts'
import { ScenarioResolver } from './resolvers/scenario.ts'
import { HouseholdTraceResolver, TraceParameterResolver } from './resolvers/trace.ts'
import { ParameterTreeResolver } from './resolvers/tree.ts'
import { UploadResolver } from './resolvers/upload.ts'
import { WriteResolver } from './resolvers/write.ts'
import { ruleSetIds } from './rules/rule-set/shipped.ts'
import { seedParameters } from './seed.ts'
import { ParametersStore } from './store.ts'
import { Scenario } from './types/scenario.ts'

type Reference = { id: string }

export const parameters: SubgraphDefinition<ParametersStore, ParametersLoaders> = {
  name: 'parameters',
  source: {
    resolvers: [
      ParameterResolver,
      IndexationResolver,
      ParameterTreeResolver,
      ParameterNodeResolver,
      BracketScaleResolver,
      ReformResolver,
      ParameterChangeResolver,
      TreeRepositoryResolver,
      ReformBranchResolver,
      ReformTagResolver,
      ReformCommitResolver,
      CommitResolver,
      MergeResolver,
      MergeConflictResolver,
      WriteResolver,
      LawDiffResolver,
      ParameterDifferenceResolver,
      PopulationResolver,
      UploadResolver,
      RuleSetResolver,
      RuleVariableResolver,
      CalculationResolver,
      ResultColumnResolver,
      HouseholdResolver,
      HouseholdTraceResolver,
      HouseholdCliffsResolver,
      CurveResolver,
      CliffResolver,
      TraceParameterResolver,
      RunResolver,
      RunPopulationResolver,
      PopulationImpactResolver,
      ReformImpactResolver,
      ScenarioResolver,
      ParameterImportResolver,
      ParameterExportResolver,
      TreeComparisonResolver,
      ParameterSpanResolver,
      ParameterChangedResolver,
    ],
    types: [Scenario],
    directives: [eventSource, dispatches, classification, cacheControl, changes],
    references: {
      Parameter: ({ id }: Reference, { loaders }: Context) => loaders.parameter.load(id),
      ParameterTree: ({ id }: Reference, { loaders }: Context) => loaders.treeRow.load(id),
      Reform: async ({ id }: Reference, { loaders }: Context) => {
        const row = await loaders.reform.load(id)
        return row ? viewReform(row) : null
      },
      ReformCommit: async ({ id }: Reference, { loaders }: Context) => {
        const commit = await loaders.commit.load(id)
        return commit ? viewCommit(commit) : null
      },
      RuleSet: ({ id }: Reference) => (ruleSetIds().includes(id) ? findRuleSet(id, 'id') : null),
      Population: async ({ id }: Reference, context: Context) => (await findPopulation(context, id)) ?? null,
      /** Keeps the fields of other subgraphs that came with the representation. */
      Run: (run: Reference) => ({ ...run }),
      Scenario: (scenario: Reference) => ({ ...scenario }),
    },
  },
  openStore: ParametersStore.open,
  loaders: parametersLoaders,
  seed: seedParameters,
}
