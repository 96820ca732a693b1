// How often each tenant's data has changed, as far as this gateway knows: what was read before a change is not shared after it.

export class Generations {
  readonly #of = new Map<string, number>()
  #all = 0

  /** Rises with every change. */
  of(tenant: string): number {
    return (this.#of.get(tenant) ?? 0) + this.#all
  }

  rise(tenant: string): void {
    this.#of.set(tenant, (this.#of.get(tenant) ?? 0) + 1)
  }

  riseAll(): void {
    this.#all++
  }
}
