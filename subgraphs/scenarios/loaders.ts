// The DataLoaders of one request: a list of scenarios or runs costs one query, however it is reached.
import DataLoader from 'dataloader'
import type { Dispatch, RunRecord } from '../../compute/dispatch/port.ts'
import type { ShardRecord } from '../../compute/dispatch/run-shards.ts'
import type { ScenarioRow } from './store/rows.ts'
import type { ScenariosStore } from './store.ts'

export interface ScenariosLoaders {
  readonly scenario: DataLoader<string, ScenarioRow | undefined>
  readonly scenarioOfRun: DataLoader<string, ScenarioRow | undefined>
  readonly scenariosOfReform: DataLoader<string, ScenarioRow[]>
  readonly run: DataLoader<string, RunRecord | undefined>
  readonly shardsOfRun: DataLoader<string, readonly ShardRecord[]>
}

export function scenariosLoaders(store: ScenariosStore, tenant: string, dispatch: Dispatch): ScenariosLoaders {
  return {
    scenario: new DataLoader(async (ids) => {
      const rows = new Map((await store.byIds(tenant, ids)).map((row) => [row.id, row]))
      return ids.map((id) => rows.get(id))
    }),
    scenarioOfRun: new DataLoader(async (ids) => {
      const rows = await store.byRunIds(tenant, ids)
      return ids.map((id) => rows.get(id))
    }),
    scenariosOfReform: new DataLoader(async (ids) => {
      const rows = await store.byReforms(tenant, ids)
      return ids.map((id) => rows.get(id) ?? [])
    }),
    run: new DataLoader((ids) => dispatch.load(tenant, ids)),
    shardsOfRun: new DataLoader((ids) => dispatch.shards(tenant, ids)),
  }
}
