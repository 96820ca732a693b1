// Answers that are being read: one whose data changes meanwhile may hold it, or not, and is not kept.
import type { CacheChange } from '../../schema/cache-events.ts'

export interface Reading {
  /** Whether something that it may hold has changed since it began. */
  readonly spoiled: boolean
  end(): void
}

interface Open {
  readonly types: ReadonlySet<string>
  spoiled: boolean
  end(): void
}

export class Readings {
  readonly #ofTenant = new Map<string, Set<Open>>()

  /** @param types of all objects that the answer may hold */
  begin(tenant: string, types: ReadonlySet<string>): Reading {
    const readings = this.#ofTenant.get(tenant) ?? new Set()
    this.#ofTenant.set(tenant, readings)
    const end = () => {
      readings.delete(reading)
      if (readings.size === 0 && this.#ofTenant.get(tenant) === readings) this.#ofTenant.delete(tenant)
    }
    const reading: Open = { types, spoiled: false, end }
    readings.add(reading)
    return reading
  }

  note(tenant: string, { changed }: CacheChange): void {
    for (const reading of this.#ofTenant.get(tenant) ?? [])
      if (changed === 'all' || changed.some(({ type }) => reading.types.has(type))) reading.spoiled = true
  }

  spoilAll(): void {
    for (const tenant of this.#ofTenant.keys()) this.note(tenant, { changed: 'all' })
  }
}
