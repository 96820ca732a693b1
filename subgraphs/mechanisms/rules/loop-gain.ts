// How much a disturbance grows when it has gone round the loops of a network: below 1 it dies out.

export interface Gain {
  readonly from: string
  readonly to: string
  /** Size of the response, 0 or more. */
  readonly gain: number
}

export interface Loop {
  readonly nodes: readonly string[]
  /** Spectral radius of the gains among these nodes. */
  readonly gain: number
}

/**
 * The groups of nodes that influence each other in a circle (strongly connected components), each with its spectral radius.
 * With dS/dt = D (G S - S), D diagonal and positive, every radius of |G| below 1 makes the network stable (D (|G| - I) is then
 * the negative of an M-matrix; Berman and Plemmons 1994, chapter 6). A network without circles gives none.
 */
export function loopsOf(gains: readonly Gain[]): Loop[] {
  return componentsOf(gains).map((nodes) => {
    const inside = new Set(nodes)
    return {
      nodes,
      gain: radiusOf(
        nodes,
        gains.filter(({ from, to }) => inside.has(from) && inside.has(to)),
      ),
    }
  })
}

const ITERATIONS = 500

/** Power iteration on I + G, which is primitive for a strongly connected G; 1 is taken off again. */
function radiusOf(nodes: readonly string[], gains: readonly Gain[]): number {
  let vector = new Map(nodes.map((node) => [node, 1]))
  let radius = 0
  for (let i = 0; i < ITERATIONS; i++) {
    const next = new Map(vector)
    for (const { from, to, gain } of gains) next.set(to, next.get(to)! + gain * vector.get(from)!)
    const largest = Math.max(...next.values())
    vector = new Map([...next].map(([node, value]) => [node, value / largest]))
    radius = largest - 1
  }
  return radius
}

/** Tarjan 1972, SIAM Journal on Computing 1, with an explicit stack; components of two and more nodes, in order of discovery. */
function componentsOf(gains: readonly Gain[]): string[][] {
  const next = new Map<string, string[]>()
  for (const { from, to } of gains) {
    if (!next.has(to)) next.set(to, [])
    next.set(from, [...(next.get(from) ?? []), to])
  }
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const closed = new Set<string>()
  const components: string[][] = []
  for (const root of next.keys()) {
    if (order.has(root)) continue
    const path = [{ node: root, edge: 0 }]
    while (path.length > 0) {
      const top = path.at(-1)!
      const { node } = top
      if (top.edge === 0) {
        order.set(node, order.size)
        low.set(node, order.get(node)!)
        open.push(node)
      }
      const target = next.get(node)![top.edge++]
      if (target !== undefined) {
        if (!order.has(target)) path.push({ node: target, edge: 0 })
        else if (!closed.has(target)) low.set(node, Math.min(low.get(node)!, order.get(target)!))
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent) low.set(parent.node, Math.min(low.get(parent.node)!, low.get(node)!))
      if (low.get(node) !== order.get(node)) continue
      const component = open.splice(open.indexOf(node))
      for (const member of component) closed.add(member)
      if (component.length > 1) components.push(component)
    }
  }
  return components
}
