// The bindings a worker has read, by content; the least recently used go first when they grow too large.
import { LRUCache } from 'lru-cache'
import type { Sql } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import type { LaneRange } from '../../schema/jobs.ts'
import { asFloats, loadBlob, loadColumnSlice } from '../dispatch/blobs.ts'
import { type Members, membersOf, neededColumns } from '../model/members.ts'
import type { PlanBinding } from '../model/plan.ts'

/** What a shard needs of a binding's columns. */
export interface ShardColumns {
  /** Of each column and trajectory, the part of the shard's lanes. */
  readonly columns: Record<string, Float64Array<ArrayBuffer>>
  /** By level: the absolute number of the shard's first row. */
  readonly firstRows: readonly number[]
}

export class BindingCache {
  readonly #sql: Sql
  readonly #cache: LRUCache<string, PlanBinding>
  /** Where the members of each lane begin, of bindings that have members: kept as long as the binding is. */
  readonly #members = new WeakMap<PlanBinding, Promise<Members>>()

  /** @param maxBytes of the canonical JSON of all bindings kept. */
  constructor(sql: Sql, maxBytes: number) {
    this.#sql = sql
    this.#cache = new LRUCache({ maxSize: maxBytes })
  }

  /** The binding of this hash; kept per tenant, so that none reads what only another has stored. NOT_FOUND; INTERNAL where its bytes have another hash. */
  async load(tenant: string, hash: string): Promise<PlanBinding> {
    const key = `${tenant}/${hash}`
    const known = this.#cache.get(key)
    if (known) return known
    const bytes = await loadBlob(this.#sql, tenant, hash)
    if (sha256(bytes) !== hash)
      throw new QuesnayError('INTERNAL', `the stored parameters ${hash} are damaged`, { hash })
    const binding = JSON.parse(new TextDecoder().decode(bytes)) as PlanBinding
    this.#cache.set(key, binding, { size: Math.max(1, bytes.byteLength) })
    return binding
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
    const slices = [
      ...neededColumns(plan).map(({ name, level }) => ({ name, ...rows[level]! })),
      ...plan.trajectories.map(({ name }) => ({ name, from: range.from * steps, to: range.to * steps })),
    ]
    const columns: Record<string, Float64Array<ArrayBuffer>> = {}
    for (const { name, from, to } of slices) {
      columns[name] = await loadColumnSlice(this.#sql, tenant, binding.columns[name]!, from, to)
    }
    return { columns, firstRows: rows.map(({ from }) => from) }
  }

  /** Reads the columns that count members whole, once for a binding. */
  #membersOf(tenant: string, binding: PlanBinding): Promise<Members> {
    const known = this.#members.get(binding)
    if (known) return known
    const read = async () => {
      const counts: Record<string, Float64Array> = {}
      for (const { count } of binding.plan.levels) {
        if (count !== null) counts[count] = asFloats(await loadBlob(this.#sql, tenant, binding.columns[count]!))
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
