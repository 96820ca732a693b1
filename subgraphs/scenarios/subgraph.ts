// The scenarios subgraph: scenarios, and the runs of every subgraph.
import type { SubgraphDefinition } from '../shared/subgraph.ts'
import { eventSource } from './event-source.ts'
import { type ScenariosLoaders, scenariosLoaders } from './loaders.ts'
import { type Context, requireRun, requireScenario, viewScenario } from './resolvers/context.ts'
import { ReformResolver } from './resolvers/reform.ts'
import { RunResolver } from './resolvers/run.ts'
import { ScenarioResolver } from './resolvers/scenario.ts'
import { UploadedModelResolver } from './resolvers/uploaded-model.ts'
import { ScenariosStore } from './store.ts'

type Reference = { id: string }

export const scenarios: SubgraphDefinition<ScenariosStore, ScenariosLoaders> = {
  name: 'scenarios',
  source: {
    resolvers: [ScenarioResolver, UploadedModelResolver, RunResolver, ReformResolver],
    directives: [eventSource],
    references: {
      Reform: (reform: Reference) => reform,
      Run: (run: Reference, context: Context) => requireRun(context, run.id, 'id'),
      /** Keeps the fields of other subgraphs that came with the representation. */
      Scenario: async (scenario: Reference, context: Context) => ({
        ...scenario,
        ...viewScenario(await requireScenario(context, scenario.id, 'id')),
      }),
    },
  },
  openStore: ScenariosStore.open,
  loaders: scenariosLoaders,
  /** Nothing is shipped: scenarios are made by people. */
  seed: async () => {},
}
