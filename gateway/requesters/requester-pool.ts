// Requesters by name and URL, shared between the graph before and after a reload so that connections are kept.
import type { SubgraphRequester, SubgraphRequesters } from './requester.ts'

/** The requesters of one graph. */
export interface Lease {
  take(name: string, url: string | undefined): SubgraphRequester
  /** Closes the requesters that no other lease holds. */
  release(): Promise<void>
}

export class RequesterPool {
  readonly #open: SubgraphRequesters
  readonly #held = new Map<string, { readonly requester: SubgraphRequester; holders: number }>()

  constructor(open: SubgraphRequesters) {
    this.#open = open
  }

  lease(): Lease {
    const taken = new Set<string>()
    return {
      take: (name, url) => {
        const key = JSON.stringify([name, url ?? null])
        const entry = this.#held.get(key) ?? { requester: this.#open(name, url), holders: 0 }
        this.#held.set(key, entry)
        if (!taken.has(key)) entry.holders++
        taken.add(key)
        return entry.requester
      },
      release: async () => {
        for (const key of taken) {
          const entry = this.#held.get(key)
          if (!entry || --entry.holders > 0) continue
          this.#held.delete(key)
          await entry.requester.close()
        }
        taken.clear()
      },
    }
  }

  /** Closes all, whoever holds them. */
  async close(): Promise<void> {
    const entries = [...this.#held.values()]
    this.#held.clear()
    await Promise.all(entries.map(({ requester }) => requester.close()))
  }
}
