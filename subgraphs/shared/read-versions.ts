// Which versions of what data a request has read: told to the gateway beside the answer, for the audit.

export class ReadVersions {
  readonly #read = new Map<string, Set<string>>()

  /** @param name what it is a version of, such as `dataset us-nipa`; several versions of one name are kept side by side */
  note(name: string, version: string): void {
    const known = this.#read.get(name)
    if (known) known.add(version)
    else this.#read.set(name, new Set([version]))
  }

  /** Notes what an id of the form name@version names. */
  noteId(kind: string, id: string): void {
    const at = id.indexOf('@')
    if (at > 0) this.note(`${kind} ${id.slice(0, at)}`, id.slice(at + 1))
  }

  /** By name, rising; undefined where nothing with a version was read. */
  said(): Record<string, string> | undefined {
    if (this.#read.size === 0) return undefined
    const names = [...this.#read.keys()].sort()
    return Object.fromEntries(names.map((name) => [name, [...this.#read.get(name)!].sort().join(', ')]))
  }
}
