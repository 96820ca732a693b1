// The mechanisms subgraph: banks of causal mechanisms, and the models they compile to.
import { cacheControl } from '../shared/cache-control.ts'
import { changes } from '../shared/changes.ts'
import type { SubgraphDefinition } from '../shared/subgraph.ts'
import { type MechanismsLoaders, mechanismsLoaders } from './loaders.ts'
import { BankResolver, ImportPayloadResolver } from './resolvers/bank.ts'
import { type Context, requireBank, requireMechanism, requireNode } from './resolvers/context.ts'
import { EconomyResolver, ScenarioResolver } from './resolvers/foreign.ts'
import { CitationResolver, MechanismResolver, NodeResolver, StudyResolver } from './resolvers/mechanism.ts'
import { seedMechanisms } from './seed.ts'
import { MechanismsStore } from './store.ts'
import { Scenario } from './types/scenario.ts'
import { Economy } from './types/shared.ts'

type Reference = { id: string }

export const mechanisms: SubgraphDefinition<MechanismsStore, MechanismsLoaders> = {
  name: 'mechanisms',
  source: {
    directives: [cacheControl, changes],
    resolvers: [
      BankResolver,
      ImportPayloadResolver,
      MechanismResolver,
      CitationResolver,
      StudyResolver,
      NodeResolver,
      EconomyResolver,
      ScenarioResolver,
    ],
    types: [Economy, Scenario],
    references: {
      MechanismBank: ({ id }: Reference, context: Context) => requireBank(context, id, 'id'),
      Mechanism: ({ id }: Reference, context: Context) => requireMechanism(context, id, 'id'),
      Node: ({ id }: Reference, context: Context) => requireNode(context, id, 'id'),
      Study: async ({ id }: Reference, context: Context) => (await context.loaders.study.load(id)) ?? null,
      /** Mechanisms speak of economies by code only. */
      Economy: ({ id }: Reference) => ({ id }),
      /** The fields that the planner fetched for us are all that is needed. */
      Scenario: (scenario: Reference) => ({ ...scenario }),
    },
  },
  openStore: MechanismsStore.open,
  loaders: mechanismsLoaders,
  seed: (store, deps, tenant) => seedMechanisms(store, deps.clock, tenant),
}
