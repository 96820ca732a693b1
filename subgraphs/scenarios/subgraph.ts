// The scenarios subgraph: scenarios, and the runs of every subgraph.
import { cacheControl } from '../shared/cache-control.ts'
import { changes } from '../shared/changes.ts'
import { classification } from '../shared/classification.ts'
import { dispatches } from '../shared/dispatches.ts'
import { eventSource } from '../shared/event-source.ts'
import type { SubgraphDefinition } from '../shared/subgraph.ts'
import { type ScenariosLoaders, scenariosLoaders } from './loaders.ts'
import { AuditResolver } from './resolvers/audit.ts'
import { type Context, requireRun, requireScenario, viewScenario } from './resolvers/context.ts'
import { DownloadResolver } from './resolvers/download.ts'
import { FleetResolver, ShardsResolver } from './resolvers/fleet.ts'
import { ReformResolver } from './resolvers/reform.ts'
import { RunResolver } from './resolvers/run.ts'
import { RunShardsResolver, ScenarioEstimateResolver } from './resolvers/run-shards.ts'
import { ScenarioResolver } from './resolvers/scenario.ts'
import { UploadedModelResolver } from './resolvers/uploaded-model.ts'
import { ScenariosStore } from './store.ts'

type Reference = { id: string }

export const scenarios: SubgraphDefinition<ScenariosStore, ScenariosLoaders> = {
  name: 'scenarios',
  source: {
    resolvers: [
      ScenarioResolver,
      UploadedModelResolver,
      RunResolver,
      RunShardsResolver,
      DownloadResolver,
      ScenarioEstimateResolver,
      ReformResolver,
      FleetResolver,
      ShardsResolver,
      AuditResolver,
    ],
    directives: [eventSource, dispatches, classification, cacheControl, changes],
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
