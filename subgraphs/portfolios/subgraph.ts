// The portfolios subgraph: instruments and their prices, portfolios, their risk, and what a scenario does to them.
import { cacheControl } from '../shared/cache-control.ts'
import { changes } from '../shared/changes.ts'
import { classification } from '../shared/classification.ts'
import { dispatches } from '../shared/dispatches.ts'
import type { SubgraphDefinition } from '../shared/subgraph.ts'
import { type PortfoliosLoaders, portfoliosLoaders } from './loaders.ts'
import { type Context, requireInstrument, requirePortfolio } from './resolvers/context.ts'
import { EconomyResolver } from './resolvers/economy.ts'
import { InstrumentResolver } from './resolvers/instrument.ts'
import { PortfolioResolver, PositionResolver } from './resolvers/portfolio.ts'
import { RiskComponentResolver, RunResolver } from './resolvers/risk.ts'
import { AssumedFactorResolver, PositionImpactResolver, ScenarioResolver } from './resolvers/scenario.ts'
import { seedPortfolios } from './seed.ts'
import { PortfoliosStore } from './store.ts'
import { Economy, Scenario } from './types/scenario.ts'

type Reference = { id: string }

export const portfolios: SubgraphDefinition<PortfoliosStore, PortfoliosLoaders> = {
  name: 'portfolios',
  source: {
    directives: [dispatches, classification, cacheControl, changes],
    resolvers: [
      PortfolioResolver,
      PositionResolver,
      InstrumentResolver,
      RunResolver,
      RiskComponentResolver,
      ScenarioResolver,
      PositionImpactResolver,
      AssumedFactorResolver,
      EconomyResolver,
    ],
    types: [Scenario, Economy],
    references: {
      Portfolio: ({ id }: Reference, context: Context) => requirePortfolio(context, id, 'id'),
      Instrument: ({ id }: Reference, context: Context) => requireInstrument(context, id, 'id'),
      /** These live elsewhere: the fields that the planner fetched are all that is needed. */
      Run: (run: Reference) => ({ ...run }),
      Scenario: (scenario: Reference) => ({ ...scenario }),
      Economy: (economy: Reference) => ({ ...economy }),
    },
  },
  openStore: PortfoliosStore.open,
  loaders: portfoliosLoaders,
  seed: (store, deps, tenant) => seedPortfolios(store, deps.clock, tenant),
}
