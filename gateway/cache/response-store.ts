// Answers that are kept, each with what it is made of, so that those can be dropped that a change concerns.
import { LRUCache } from 'lru-cache'
import type { CacheChange, ChangedObject } from '../../schema/cache-events.ts'

export interface StoredAnswer {
  readonly tenant: string
  readonly data: Record<string, unknown>
  /** `data` as JSON. */
  readonly text: string
  readonly extensions: Readonly<Record<string, unknown>> | undefined
  readonly scope: 'PUBLIC' | 'PRIVATE'
  /** In ms of the clock. */
  readonly storedAt: number
  readonly freshUntil: number
  /** Types of objects that it may hold; of those that it holds, `Type:id`; and types of which it would hold others, were there others. */
  readonly types: ReadonlySet<string>
  readonly objects: ReadonlySet<string>
  readonly open: ReadonlySet<string>
}

/** One answer may take this share of the room. */
const LARGEST = 1 / 16
/** For the parsed values beside the text, which take about as much again. */
const BYTES_PER_CHARACTER = 3
/** Of a place by which an answer is found. */
const PLACE_BYTES = 100

/** Bounded by bytes; the one used longest ago goes first. */
export class ResponseStore {
  readonly #answers: LRUCache<string, StoredAnswer>
  /** Keys of the answers that a change of each place concerns: a change looks at no others, however many there are. */
  readonly #at = new Map<string, Set<string>>()

  constructor(maxBytes: number) {
    this.#answers = new LRUCache({
      maxSize: maxBytes,
      maxEntrySize: Math.max(1, Math.floor(maxBytes * LARGEST)),
      sizeCalculation: (answer, key) =>
        (answer.text.length + key.length) * BYTES_PER_CHARACTER + placesOf(answer).length * PLACE_BYTES,
      dispose: (answer, key) => {
        for (const place of placesOf(answer)) this.#forget(place, key)
      },
    })
  }

  get(key: string): StoredAnswer | undefined {
    return this.#answers.get(key)
  }

  set(key: string, answer: StoredAnswer): void {
    this.#answers.set(key, answer)
    if (!this.#answers.has(key)) return
    for (const place of placesOf(answer)) {
      const keys = this.#at.get(place)
      if (keys) keys.add(key)
      else this.#at.set(place, new Set([key]))
    }
  }

  clear(): void {
    this.#answers.clear()
  }

  /** Drops every answer of the tenant that the change may concern; returns how many. */
  drop(tenant: string, { changed }: CacheChange): number {
    const places = changed === 'all' ? [tenant] : changed.flatMap((one) => concernedBy(tenant, one))
    const keys = new Set(places.flatMap((place) => [...(this.#at.get(place) ?? [])]))
    for (const key of keys) this.#answers.delete(key)
    return keys.size
  }

  #forget(place: string, key: string): void {
    const keys = this.#at.get(place)
    keys?.delete(key)
    if (keys?.size === 0) this.#at.delete(place)
  }
}

function placesOf({ tenant, types, objects, open }: StoredAnswer): string[] {
  const at = (kind: string, names: ReadonlySet<string>) => [...names].map((name) => `${tenant} ${kind} ${name}`)
  return [tenant, ...at('type', types), ...at('object', objects), ...at('open', open)]
}

/** By an id, answers that hold the object, and those that would hold others; without one, all that may hold the type. */
const concernedBy = (tenant: string, { type, id }: ChangedObject): string[] =>
  id === undefined ? [`${tenant} type ${type}`] : [`${tenant} object ${type}:${id}`, `${tenant} open ${type}`]
