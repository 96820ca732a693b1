// The DataLoaders of one request: a list of parameters, reforms or runs costs one query, however it is reached.
import DataLoader from 'dataloader'
import type { Dispatch, RunRecord } from '../../compute/dispatch/port.ts'
import type { ParametersStore, PopulationRunRow, ReformRow, StoredParameter, StoredTree, TreeRow } from './store.ts'

export interface ParametersLoaders {
  readonly parameter: DataLoader<string, StoredParameter | undefined>
  /** Without its parameters. */
  readonly treeRow: DataLoader<string, TreeRow | undefined>
  /** With all its parameters. */
  readonly tree: DataLoader<string, StoredTree | undefined>
  readonly reform: DataLoader<string, ReformRow | undefined>
  readonly run: DataLoader<string, RunRecord | undefined>
  /** What a run answers, by run id. */
  readonly question: DataLoader<string, PopulationRunRow | undefined>
  /** Runs that this request asked for, by question: a question reached twice is submitted once. */
  readonly asked: Map<string, Promise<RunRecord>>
}

export function parametersLoaders(store: ParametersStore, tenant: string, dispatch: Dispatch): ParametersLoaders {
  const byId = <Row extends { id: string }>(load: (ids: readonly string[]) => Promise<Row[]>) =>
    new DataLoader<string, Row | undefined>(async (ids) => {
      const rows = new Map((await load(ids)).map((row) => [row.id, row]))
      return ids.map((id) => rows.get(id))
    })
  return {
    parameter: byId((ids) => store.parametersById(tenant, ids)),
    treeRow: byId(() => store.trees(tenant)),
    tree: byId((ids) => store.fullTrees(tenant, ids)),
    reform: byId((ids) => store.reformsById(tenant, ids)),
    run: new DataLoader((ids) => dispatch.load(tenant, ids)),
    question: new DataLoader(async (ids) => {
      const rows = new Map((await store.runsById(tenant, ids)).map((row) => [row.runId, row]))
      return ids.map((id) => rows.get(id))
    }),
    asked: new Map(),
  }
}
