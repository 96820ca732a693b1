// The DataLoaders of one request: a list of banks, nodes or mechanisms costs one query, however it is reached.
import DataLoader from 'dataloader'
import type { Dispatch } from '../../compute/dispatch/port.ts'
import { canonicalJson } from '../../schema/hash.ts'
import type { ReadVersions } from '../shared/read-versions.ts'
import type { Finding } from '../shared/types.ts'
import { compileStored } from './compiled-models.ts'
import { COMPILER } from './rules/compile-bank.ts'
import { groupBy } from './rules/group-by.ts'
import type { BankRow, CitationRow, CompiledModelRow, MechanismRow, NodeRow, StudyRow } from './store/rows.ts'
import type { IdPage, MechanismFilter, MechanismsStore, NodeFilter, OwnerKind, PageArgs } from './store.ts'

interface MechanismPageKey {
  readonly kind: OwnerKind
  readonly owner: string
  readonly filter: MechanismFilter
  readonly page: PageArgs
}

interface NodePageKey {
  readonly owner: string
  readonly filter: NodeFilter
  readonly page: PageArgs
}

export interface MechanismsLoaders {
  readonly bank: DataLoader<string, BankRow | undefined>
  readonly node: DataLoader<string, NodeRow | undefined>
  readonly mechanism: DataLoader<string, MechanismRow | undefined>
  readonly study: DataLoader<string, StudyRow | undefined>
  readonly citationsOf: DataLoader<string, CitationRow[]>
  readonly findingsOf: DataLoader<string, readonly Finding[]>
  readonly mechanismPage: DataLoader<MechanismPageKey, IdPage, string>
  readonly nodePage: DataLoader<NodePageKey, IdPage, string>
  /** By bank id; rejects with NOT_FOUND or MODEL_INVALID. */
  readonly compiled: DataLoader<string, CompiledModelRow>
}

export function mechanismsLoaders(
  store: MechanismsStore,
  tenant: string,
  dispatch: Dispatch,
  versions: ReadVersions,
): MechanismsLoaders {
  const noted = <Row extends { readonly bankId: string }>(rows: Row[]): Row[] => {
    for (const { bankId } of rows) versions.noteId('bank', bankId)
    return rows
  }
  return {
    bank: byId(async (ids) => {
      const rows = await store.banks(tenant, ids)
      for (const { id } of rows) versions.noteId('bank', id)
      return rows
    }),
    node: byId(async (ids) => noted(await store.nodes(tenant, ids))),
    mechanism: byId(async (ids) => noted(await store.mechanisms(tenant, ids))),
    study: byId((ids) => store.studies(tenant, ids)),
    citationsOf: new DataLoader(async (ids) => {
      const groups = groupBy(await store.citations(tenant, ids), (row) => row.mechanismId)
      return ids.map((id) => groups.get(id) ?? [])
    }),
    findingsOf: new DataLoader(async (ids) => {
      const findings = await store.findings(tenant, ids)
      return ids.map((id) => findings.get(id) ?? [])
    }),
    mechanismPage: pages(({ kind, filter, page }, owners) => store.mechanismPages(tenant, kind, owners, filter, page)),
    nodePage: pages(({ filter, page }, owners) => store.nodePages(tenant, owners, filter, page)),
    compiled: new DataLoader(async (ids) => {
      const known = new Map((await store.compiledModels(tenant, ids, COMPILER)).map((row) => [row.bankId, row]))
      return Promise.all(
        ids.map((id) => known.get(id) ?? compileStored(store, dispatch, tenant, id).catch((error: Error) => error)),
      )
    }),
  }
}

function byId<Row extends { id: string }>(
  load: (ids: readonly string[]) => Promise<Row[]>,
): DataLoader<string, Row | undefined> {
  return new DataLoader(async (ids) => {
    const rows = new Map((await load(ids)).map((row) => [row.id, row]))
    return ids.map((id) => rows.get(id))
  })
}

/** Pages of equal arguments are read by one query for all their owners. */
function pages<Key extends { owner: string }>(
  load: (like: Key, owners: readonly string[]) => Promise<Map<string, IdPage>>,
): DataLoader<Key, IdPage, string> {
  const argumentsOf = ({ owner: _owner, ...rest }: Key) => canonicalJson(rest)
  return new DataLoader<Key, IdPage, string>(
    async (keys) => {
      const groups = groupBy(keys, argumentsOf)
      const found = new Map<string, Map<string, IdPage>>()
      await Promise.all(
        [...groups].map(async ([key, group]) => {
          found.set(key, await load(group[0]!, [...new Set(group.map(({ owner }) => owner))]))
        }),
      )
      return keys.map((key) => found.get(argumentsOf(key))!.get(key.owner)!)
    },
    { cacheKeyFn: canonicalJson },
  )
}
