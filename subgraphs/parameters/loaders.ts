// The DataLoaders of one request: a list of parameters, reforms or runs costs one query, however it is reached.
import DataLoader from 'dataloader'
import type { Dispatch, RunRecord } from '../../compute/dispatch/port.ts'
import type { ReadVersions } from '../shared/read-versions.ts'
import type { Finding } from '../shared/types.ts'
import type { ImpactReading } from './rules/impact/impact-plan.ts'
import type { Snapshot } from './rules/repository/snapshot.ts'
import type { ParameterNode, Scale } from './rules/tree.ts'
import type { Children, ChildrenQuery } from './store/nodes.ts'
import type { PopulationRow } from './store/population-rows.ts'
import type { TreePart } from './store/read-parameters.ts'
import type { StoredCommit } from './store/repository.ts'
import type { PopulationRunRow, ReformRow, TreeRow } from './store/rows.ts'
import type { ParametersStore, StoredParameter, StoredTree } from './store.ts'

type NodeKey = Pick<TreePart<ParameterNode>, 'treeId' | 'id'>
const nodeKey = ({ treeId, id }: NodeKey) => `${treeId} ${id}`

/** A run, and how its answer is read. */
export interface AskedPopulation {
  readonly run: RunRecord
  readonly reading: ImpactReading
  readonly findings: readonly Finding[]
}

export interface ParametersLoaders {
  readonly parameter: DataLoader<string, StoredParameter | undefined>
  /** Without its parameters. */
  readonly treeRow: DataLoader<string, TreeRow | undefined>
  /** With all its parameters. */
  readonly tree: DataLoader<string, StoredTree | undefined>
  /** Of a tree, by its id. */
  readonly scales: DataLoader<string, TreePart<Scale>[]>
  /** What is said of a node, by its id in the tree. */
  readonly nodeText: DataLoader<NodeKey, TreePart<ParameterNode> | undefined, string>
  readonly children: DataLoader<ChildrenQuery, Children, string>
  readonly reform: DataLoader<string, ReformRow | undefined>
  readonly commit: DataLoader<string, StoredCommit | undefined>
  /** Content of a commit, by its own hash. */
  readonly snapshot: DataLoader<string, Snapshot | undefined>
  /** Populations that are stored; shipped ones are once they are made. */
  readonly population: DataLoader<string, PopulationRow | undefined>
  readonly run: DataLoader<string, RunRecord | undefined>
  /** What a run answers, by run id. */
  readonly question: DataLoader<string, PopulationRunRow | undefined>
  /** The run that answers a question, by the question's hash. */
  readonly answer: DataLoader<string, PopulationRunRow | undefined>
  /** Runs that this request asked for, by question: a question reached twice is submitted once. */
  readonly asked: Map<string, Promise<AskedPopulation>>
}

export function parametersLoaders(
  store: ParametersStore,
  tenant: string,
  dispatch: Dispatch,
  versions: ReadVersions,
): ParametersLoaders {
  const batch = <Row>(load: (keys: readonly string[]) => Promise<Row[]>, keyOf: (row: Row) => string) =>
    new DataLoader<string, Row | undefined>(async (keys) => {
      const rows = new Map((await load(keys)).map((row) => [keyOf(row), row]))
      return keys.map((key) => rows.get(key))
    })
  const id = (row: { id: string }) => row.id
  const noted = <Row extends { readonly id: string; readonly snapshotHash: string }>(
    rows: Row[],
    ids: readonly string[],
  ): Row[] => {
    for (const row of rows) if (ids.includes(row.id)) versions.note(`law ${row.id}`, row.snapshotHash)
    return rows
  }
  return {
    parameter: batch((ids) => store.parametersById(tenant, ids), id),
    treeRow: batch(async (ids) => noted(await store.trees(tenant), ids), id),
    tree: batch(async (ids) => noted(await store.fullTrees(tenant, ids), ids), id),
    scales: new DataLoader(async (ids) => {
      const scales = await store.scales(tenant, ids)
      return ids.map((treeId) => scales.filter((scale) => scale.treeId === treeId))
    }),
    nodeText: new DataLoader(
      async (keys) => {
        const texts = new Map((await store.nodeTexts(tenant, keys)).map((text) => [nodeKey(text), text]))
        return keys.map((key) => texts.get(nodeKey(key)))
      },
      { cacheKeyFn: nodeKey },
    ),
    children: new DataLoader((queries) => store.children(tenant, queries), {
      cacheKeyFn: (query) => JSON.stringify(query),
    }),
    reform: batch((ids) => store.reformsById(tenant, ids), id),
    commit: batch(
      (hashes) => store.repository.commits(tenant, hashes),
      (row) => row.hash,
    ),
    snapshot: batch(
      (hashes) => store.repository.snapshots(tenant, hashes),
      (row) => row.hash,
    ),
    population: batch((ids) => store.populations.byId(tenant, ids), id),
    run: new DataLoader((ids) => dispatch.load(tenant, ids)),
    question: batch(
      (ids) => store.runsById(tenant, ids),
      (row) => row.runId,
    ),
    answer: batch(
      (hashes) => store.runsByQuestion(tenant, hashes),
      (row) => row.questionHash,
    ),
    asked: new Map(),
  }
}
