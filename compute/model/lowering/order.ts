// Topological order, and the cycle where there is none.

export type Ordering = { readonly order: readonly string[] } | { readonly cycle: readonly string[] }

/**
 * Names so that each stands behind what it depends on, else the first cycle in order of dependence (its first name again at the end).
 * Depth first over names in the order given; dependencies that are not among the names are ignored.
 */
export function topologicalOrder(
  names: readonly string[],
  dependenciesOf: (name: string) => readonly string[],
): Ordering {
  const known = new Set(names)
  const state = new Map<string, 'open' | 'done'>()
  const order: string[] = []
  for (const root of names) {
    const path: { name: string; rest: string[] }[] = []
    const enter = (name: string) => {
      state.set(name, 'open')
      path.push({ name, rest: dependenciesOf(name).filter((d) => known.has(d)) })
    }
    if (!state.has(root)) enter(root)
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.rest.shift()
      if (next === undefined) {
        state.set(top.name, 'done')
        order.push(top.name)
        path.pop()
      } else if (state.get(next) === 'open') {
        const names = path.map((p) => p.name)
        return { cycle: [...names.slice(names.indexOf(next)), next] }
      } else if (!state.has(next)) {
        enter(next)
      }
    }
  }
  return { order }
}
