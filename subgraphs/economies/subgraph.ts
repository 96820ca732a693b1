// The economies subgraph: economies, their figures, and how they move under a scenario.
import { cacheControl } from '../shared/cache-control.ts'
import { changes } from '../shared/changes.ts'
import type { SubgraphDefinition } from '../shared/subgraph.ts'
import { type EconomiesLoaders, economiesLoaders } from './loaders.ts'
import { type Context, requireDataset, viewDataset } from './resolvers/context.ts'
import { DatasetResolver, SeriesResolver } from './resolvers/dataset.ts'
import { EconomyResolver } from './resolvers/economy.ts'
import { ScenarioResolver } from './resolvers/scenario.ts'
import { seedEconomies } from './seed.ts'
import { EconomiesStore } from './store.ts'
import { Scenario } from './types/scenario.ts'

type Reference = { id: string }

export const economies: SubgraphDefinition<EconomiesStore, EconomiesLoaders> = {
  name: 'economies',
  source: {
    directives: [cacheControl, changes],
    resolvers: [EconomyResolver, DatasetResolver, SeriesResolver, ScenarioResolver],
    types: [Scenario],
    references: {
      /** null for an economy that another subgraph names and this one does not have. */
      Economy: async ({ id }: Reference, context: Context) => (await context.loaders.economy.load(id)) ?? null,
      Dataset: async ({ id }: Reference, context: Context) => viewDataset(await requireDataset(context, id, 'id')),
      Series: async ({ id }: Reference, context: Context) => (await context.loaders.series.load(id)) ?? null,
      /** The fields that the planner fetched for us are all that is needed. */
      Scenario: (scenario: Reference) => ({ ...scenario }),
    },
  },
  openStore: EconomiesStore.open,
  loaders: economiesLoaders,
  seed: (store, deps, tenant) => seedEconomies(store, deps.clock, tenant),
}
