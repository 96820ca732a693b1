// What is read again and again: whole trees, and the law on a day. Both by content, so that neither is ever stale.
import { LRUCache } from 'lru-cache'
import type { Metrics } from '../../../infra/metrics.ts'
import { lawOn, type ParameterValues, type ReformChange, reformedOn } from '../rules/overlay.ts'
import type { StoredTree } from './stored-tree.ts'

/** Parameters of the trees that are kept: one imported tree of the largest kind known (55,704), and the shipped ones. */
const MAX_TREE_PARAMETERS = 70_000
/** Parameters of the laws that are kept: about a tenth of a kilobyte each. */
const MAX_LAW_PARAMETERS = 400_000

export interface LawQuestion {
  readonly date: string
  /** Absent: all that is known now. */
  readonly knownAt?: string | undefined
  /** Absent: the law as it is. Its hash stands for its changes. */
  readonly reform?: { readonly snapshotHash: string; readonly changes: readonly ReformChange[] } | undefined
}

/** A tree at one of its writes. */
export interface Revision {
  readonly id: string
  readonly revision: string
}

type Loaded = readonly { readonly revision: string; readonly tree: StoredTree }[]
type Load = (ids: readonly string[]) => Promise<Loaded>

export class LawCache {
  readonly #reads: Metrics['cacheReads'] | undefined
  readonly #trees = new LRUCache<string, StoredTree>({
    maxSize: MAX_TREE_PARAMETERS,
    sizeCalculation: (tree) => tree.parameters.length + 1,
  })
  readonly #laws = new LRUCache<string, ParameterValues>({
    maxSize: MAX_LAW_PARAMETERS,
    sizeCalculation: (law) => law.size + 1,
  })

  readonly #loading = new Map<string, Promise<Loaded>>()

  constructor(reads?: Metrics['cacheReads']) {
    this.#reads = reads
  }

  /**
   * The trees of the revisions or later ones, in their order, from memory where they are there. Whoever asks for one that is being loaded waits
   * for that; `load` gives those it finds, with the revision that each is of.
   */
  async trees(tenant: string, wanted: readonly Revision[], load: Load): Promise<StoredTree[]> {
    const keyOf = ({ id, revision }: Revision) => JSON.stringify([tenant, id, revision])
    const missing = wanted.filter((each) => !this.#trees.has(keyOf(each)) && !this.#loading.has(keyOf(each)))
    const loaded = missing.length > 0 ? load(missing.map(({ id }) => id)) : Promise.resolve([])
    for (const each of missing) this.#loading.set(keyOf(each), loaded)
    for (const each of wanted) this.#count('tree', this.#trees.has(keyOf(each)))
    try {
      return (
        await Promise.all(wanted.map((each) => this.#trees.get(keyOf(each)) ?? this.#awaited(keyOf(each), each)))
      ).filter((tree) => tree !== undefined)
    } finally {
      for (const { tree, revision } of await loaded.catch(() => []))
        this.#trees.set(keyOf({ id: tree.id, revision }), tree)
      for (const each of missing) this.#loading.delete(keyOf(each))
    }
  }

  async #awaited(key: string, { id }: Revision): Promise<StoredTree | undefined> {
    return (await this.#loading.get(key))?.find(({ tree }) => tree.id === id)?.tree
  }

  /** Every parameter with numbers on the day, as known on a day, with the changes of a reform. */
  law(tenant: string, tree: StoredTree, { date, knownAt, reform }: LawQuestion): ParameterValues {
    const key = JSON.stringify([tenant, tree.snapshotHash, date, knownAt ?? null, reform?.snapshotHash ?? null])
    const known = this.#laws.get(key)
    this.#count('law', known !== undefined)
    if (known) return known
    const law = reform
      ? reformedOn(this.law(tenant, tree, { date, knownAt }), reform.changes, date)
      : lawOn(tree, date, knownAt)
    this.#laws.set(key, law)
    return law
  }

  #count(cache: 'tree' | 'law', hit: boolean): void {
    this.#reads?.inc({ cache, outcome: hit ? 'hit' : 'miss' })
  }
}
