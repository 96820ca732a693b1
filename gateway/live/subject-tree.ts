// Who listens to what: patterns of subjects as a tree of their tokens, so that an event finds its listeners however many there are.

interface Node<T> {
  readonly next: Map<string, Node<T>>
  /** Listeners whose pattern ends here. */
  readonly here: Set<T>
}

const newNode = <T>(): Node<T> => ({ next: new Map(), here: new Set() })

/** `*` stands for one token, a trailing `>` for one or more, as in NATS. */
export class SubjectTree<T> {
  readonly #root = newNode<T>()
  #size = 0

  /** Listeners, each counted once for each of its patterns. */
  get size(): number {
    return this.#size
  }

  add(pattern: string, listener: T): void {
    let node = this.#root
    for (const token of pattern.split('.')) {
      const next = node.next.get(token) ?? newNode<T>()
      node.next.set(token, next)
      node = next
    }
    if (node.here.has(listener)) return
    node.here.add(listener)
    this.#size++
  }

  /** Does nothing for a listener that is not there. */
  remove(pattern: string, listener: T): void {
    const path: [Node<T>, string][] = []
    let node = this.#root
    for (const token of pattern.split('.')) {
      const next = node.next.get(token)
      if (!next) return
      path.push([node, token])
      node = next
    }
    if (!node.here.delete(listener)) return
    this.#size--
    for (const [above, token] of path.reverse()) {
      const below = above.next.get(token)!
      if (below.here.size > 0 || below.next.size > 0) return
      above.next.delete(token)
    }
  }

  all(): T[] {
    const found: T[] = []
    const walk = (node: Node<T>) => {
      found.push(...node.here)
      for (const next of node.next.values()) walk(next)
    }
    walk(this.#root)
    return found
  }

  /** Listeners of which a pattern matches the subject. */
  matching(subject: string): T[] {
    const tokens = subject.split('.')
    const found: T[] = []
    const walk = (node: Node<T>, at: number) => {
      if (at === tokens.length) {
        found.push(...node.here)
        return
      }
      const rest = node.next.get('>')
      if (rest) found.push(...rest.here)
      const same = node.next.get(tokens[at]!)
      if (same) walk(same, at + 1)
      const any = node.next.get('*')
      if (any) walk(any, at + 1)
    }
    walk(this.#root, 0)
    return found
  }
}
