// The bindings a worker has read, by content, with their plans; the least recently used go first when they grow too large.
import { LRUCache } from 'lru-cache'
import type { Bytes } from '../../infra/store/port.ts'
import type { LaneRange, PopulationSpec } from '../../schema/jobs.ts'
import { asFloats, loadBlob, loadColumnSlice } from '../dispatch/blobs.ts'
import { loadJson, type StoredParams } from '../dispatch/params.ts'
import { type Members, membersOf, neededColumns } from '../model/members.ts'
import { type Plan, type PlanBinding, planHash } from '../model/plan.ts'
import type { ColumnCache } from './columns/column-cache.ts'
import type { PackedColumn } from './columns/packed.ts'

/** A binding and the hash of its plan, by which threads know that. */
export interface LoadedBinding {
  readonly binding: PlanBinding
  readonly planHash: string
}

/** What a shard needs of a binding's columns. */
export interface ShardColumns {
  /** Of each column and trajectory, the part of the shard's lanes. */
  readonly columns: Record<string, Float64Array<ArrayBuffer>>
  /** By level: the absolute number of the shard's first row. */
  readonly firstRows: readonly number[]
  /** By level: how many rows the shard has. */
  readonly rows: readonly number[]
}

export class BindingCache {
  readonly #store: Bytes
  readonly #columns: ColumnCache
  /** Plans, bindings and specs: plain data. */
  readonly #cache: LRUCache<string, object>
  /** Where the members of each lane begin, of bindings that have members: kept as long as the binding is. */
  readonly #members = new WeakMap<PlanBinding, Promise<Members>>()

  /** @param maxBytes of the canonical JSON of all bindings and plans kept. */
  constructor(store: Bytes, columns: ColumnCache, maxBytes: number) {
    this.#store = store
    this.#columns = columns
    this.#cache = new LRUCache({ maxSize: maxBytes })
  }

  /** The binding of this hash; kept per tenant, so that none reads what only another has stored. Errors: as loadJson. */
  async load(tenant: string, hash: string): Promise<LoadedBinding> {
    const known = this.#cache.get(`bound/${tenant}/${hash}`) as LoadedBinding | undefined
    if (known) return known
    const { value, bytes } = await loadJson<StoredParams>(this.#store, tenant, hash)
    const plan = typeof value.plan === 'string' ? await this.#json<Plan>(tenant, value.plan) : value.plan
    const binding = { ...value, plan }
    const loaded = { binding, planHash: typeof value.plan === 'string' ? value.plan : planHash(plan) }
    this.#cache.set(`bound/${tenant}/${hash}`, loaded, { size: Math.max(1, bytes) })
    return loaded
  }

  /** What is asked of a population. Errors: as loadJson. */
  loadSpec(tenant: string, hash: string): Promise<PopulationSpec> {
    return this.#json<PopulationSpec>(tenant, hash)
  }

  async #json<T extends object>(tenant: string, hash: string): Promise<T> {
    const key = `json/${tenant}/${hash}`
    const known = this.#cache.get(key) as T | undefined
    if (known) return known
    const { value, bytes } = await loadJson<T>(this.#store, tenant, hash)
    this.#cache.set(key, value, { size: Math.max(1, bytes) })
    return value
  }

  /** The columns of all lanes, of a plan without members and time. Errors: as ColumnCache.load. */
  async wholeColumns(tenant: string, { plan, columns }: PlanBinding): Promise<Record<string, PackedColumn>> {
    const named = plan.columns.map(
      async ({ name }) => [name, await this.#columns.load(tenant, columns[name]!)] as const,
    )
    return Object.fromEntries(await Promise.all(named))
  }

  /** The lanes of a shard, of each column, with their members, and of each trajectory. BAD_INPUT: see membersOf. */
  async columns(tenant: string, binding: PlanBinding, range: LaneRange): Promise<ShardColumns> {
    const { plan } = binding
    const rows = plan.levels.map(() => range)
    if (plan.levels.length > 1) {
      const members = await this.#membersOf(tenant, binding)
      for (const [level, begins] of members.ofLanes.entries()) {
        if (level > 0) rows[level] = { from: begins[range.from]!, to: begins[range.to]! }
      }
    }
    const steps = (plan.time?.steps ?? 0) + 1
    const columns: Record<string, Float64Array<ArrayBuffer>> = {}
    for (const { name, level } of neededColumns(plan)) {
      const { from, to } = rows[level]!
      const hash = binding.columns[name]!
      columns[name] = await loadColumnSlice(this.#store, tenant, hash, from, to)
    }
    for (const { name } of plan.trajectories) {
      const [from, to] = [range.from * steps, range.to * steps]
      columns[name] = await loadColumnSlice(this.#store, tenant, binding.columns[name]!, from, to)
    }
    return { columns, firstRows: rows.map(({ from }) => from), rows: rows.map(({ from, to }) => to - from) }
  }

  /** Reads the columns that count members whole, once for a binding. */
  #membersOf(tenant: string, binding: PlanBinding): Promise<Members> {
    const known = this.#members.get(binding)
    if (known) return known
    const read = async () => {
      const counts: Record<string, Float64Array> = {}
      for (const { count } of binding.plan.levels) {
        if (count !== null) counts[count] = asFloats(await loadBlob(this.#store, tenant, binding.columns[count]!))
      }
      const first = binding.plan.levels.find(({ of }) => of === 0)!
      return membersOf(binding.plan, counts[first.count!]!.length, counts)
    }
    const members = read()
    this.#members.set(binding, members)
    members.catch(() => this.#members.delete(binding))
    return members
  }
}
