// Joins nodes that recur (a product added to a sum, a mechanism's form added to a flow) into one operation of equal bits.
import { MAX_CHOICES, type OperationName } from '../../layout/operations.ts'
import { LANE_LEVEL } from '../levels.ts'
import type { Graph, Node } from './graph.ts'

/** Fewer choices are selected one after the other. */
const FEWEST_CHOICES = 3

/** What is run for a node: an operation over the values of other nodes, and of which table, relation or solve block. */
export interface Instruction {
  readonly op: OperationName
  readonly args: readonly number[]
  readonly index: string | undefined
}

/** By node id; undefined for leaves, for what nothing needs, and for what a fused one took in. */
export type Instructions = readonly (Instruction | undefined)[]

/** Instruction of every operation node reachable from the roots, by node id, with inner nodes of a fused one left out. */
export function fuse(graph: Graph, roots: readonly number[]): (Instruction | undefined)[] {
  const { nodes } = graph
  const uses = countUses(nodes, roots)
  const instructions = new Array<Instruction | undefined>(nodes.length).fill(undefined)
  const inner = new Uint8Array(nodes.length)

  /**
   * The node, where it is this operation, used once, and bound no earlier than the one that takes it in. What is inside a solve
   * block is bound there alone, so nothing is taken in across its border.
   */
  const take = (id: number, op: OperationName, binding: number): Node | undefined => {
    const node = nodes[id]!
    return node.op === op && uses[id] === 1 && node.binding === binding ? node : undefined
  }

  // From the last node to the first, so that the outermost form is found first.
  for (let id = nodes.length - 1; id >= 0; id--) {
    const node = nodes[id]!
    if (!node.op || !uses[id] || inner[id]) continue
    const match = matchSum(node) ?? matchForm(node) ?? matchChoice(node)
    for (const taken of match?.taken ?? []) inner[taken] = 1
    instructions[id] = match?.instruction ?? plain(node)
  }
  return instructions

  type Match = { instruction: Instruction; taken: number[] } | undefined

  function matchSum(node: Node): Match {
    const [a = 0, b = 0] = node.args
    if (node.op === 'add') return joined(node, a, b) ?? joined(node, b, a)
    if (node.op !== 'sub') return undefined
    const product = take(b, 'mul', node.binding)
    return product && { instruction: fused('subMul', [a, ...product.args]), taken: [b] }
  }

  /** sum + term, where the term is a form or a product. */
  function joined(node: Node, sum: number, term: number): Match {
    const inside = nodes[term]!
    if (!inside.op || uses[term] !== 1 || inside.binding !== node.binding || sum === term) return undefined
    const form = matchForm(inside)
    if (form) {
      const op = JOINED[form.instruction.op]
      return op && { instruction: fused(op, [sum, ...form.instruction.args]), taken: [term, ...form.taken] }
    }
    return inside.op === 'mul' ? { instruction: fused('addMul', [sum, ...inside.args]), taken: [term] } : undefined
  }

  /** A value by its number: what a subscript that is computed becomes. */
  function matchChoice(node: Node): Match {
    if (node.op !== 'select' || node.level !== LANE_LEVEL) return undefined
    const values: number[] = []
    const compared: number[] = []
    const taken: number[] = []
    let place: number | undefined
    let otherwise = node.id
    for (let link: Node | undefined = node; link && values.length < MAX_CHOICES; ) {
      const [condition = 0, value = 0, rest = 0]: readonly number[] = link.args
      const of = roundedPlace(condition, values.length + 1)
      if (of === undefined || (place !== undefined && place !== of)) break
      place = of
      values.push(value)
      compared.push(condition)
      if (link !== node) taken.push(link.id)
      otherwise = rest
      link = take(rest, 'select', node.binding)
    }
    if (place === undefined || values.length < FEWEST_CHOICES) return undefined
    const [x = 0] = nodes[place]!.args
    // Comparisons that no other choice makes go with their selections.
    uses[x]! += 1
    for (const condition of compared) release(condition)
    return { instruction: fused('choose', [x, otherwise, ...values]), taken }
  }

  /** The rounded number that a comparison holds against a place. */
  function roundedPlace(condition: number, number: number): number | undefined {
    const { op, args } = nodes[condition]!
    if (op !== 'eq') return undefined
    const [a = 0, b = 0] = args
    const place = nodes[a]!.value === number ? b : nodes[b]!.value === number ? a : undefined
    return place !== undefined && nodes[place]!.op === 'round' ? place : undefined
  }

  /** One use less; a node without any is not computed. */
  function release(id: number): void {
    uses[id]! -= 1
    if (uses[id] === 0) for (const operand of nodes[id]!.args) release(operand)
  }

  function matchForm(node: Node): Match {
    const [a = 0, b = 0] = node.args
    if (node.op === 'pmax' && nodes[b]!.value === 0) return excess(node, a)
    if (node.op === 'div') return sigmoid(node, a, b)
    if (node.op === 'min') return saturating(node, a, b) ?? saturating(node, b, a)
    if (node.op === 'mul') return product(node, a, b) ?? product(node, b, a)
    return undefined
  }

  function excess({ binding }: Node, difference: number): Match {
    const above = take(difference, 'sub', binding)
    return above && { instruction: fused('excess', above.args), taken: [above.id] }
  }

  function sigmoid({ binding }: Node, amplitude: number, below: number): Match {
    const sum = take(below, 'add', binding)
    if (!sum || nodes[sum.args[0]!]!.value !== 1) return undefined
    const exp = take(sum.args[1]!, 'exp', binding)
    const scaled = exp && take(exp.args[0]!, 'mul', binding)
    const distance = scaled && take(scaled.args[1]!, 'sub', binding)
    if (!exp || !scaled || !distance) return undefined
    const [midpoint = 0, source = 0] = distance.args
    return {
      instruction: fused('sigmoid', [amplitude, source, scaled.args[0]!, midpoint]),
      taken: [sum.id, exp.id, scaled.id, distance.id],
    }
  }

  function saturating({ binding }: Node, flow: number, room: number): Match {
    const product = take(flow, 'mul', binding)
    const rest = take(room, 'sub', binding)
    if (!product || !rest) return undefined
    const [ceiling = 0, target = 0] = rest.args
    return {
      instruction: fused('saturating', [...product.args, target, ceiling]),
      taken: [product.id, rest.id],
    }
  }

  function product(node: Node, coefficient: number, factor: number): Match {
    const log = take(factor, 'log1p', node.binding)
    if (log) return { instruction: fused('logarithmic', [coefficient, ...log.args]), taken: [log.id] }
    return threshold(node, coefficient, factor) ?? dampening(node, coefficient, factor)
  }

  function threshold({ binding }: Node, coefficient: number, factor: number): Match {
    const positive = take(factor, 'pmax', binding)
    if (!positive || nodes[positive.args[1]!]!.value !== 0) return undefined
    const above = take(positive.args[0]!, 'sub', binding)
    return above && { instruction: fused('threshold', [coefficient, ...above.args]), taken: [positive.id, above.id] }
  }

  function dampening({ binding }: Node, flow: number, room: number): Match {
    const product = take(flow, 'mul', binding)
    const rest = take(room, 'sub', binding)
    if (!product || !rest || nodes[rest.args[0]!]!.value !== 1) return undefined
    const share = take(rest.args[1]!, 'div', binding)
    return (
      share && {
        instruction: fused('dampening', [...product.args, ...share.args]),
        taken: [product.id, rest.id, share.id],
      }
    )
  }
}

const JOINED: Partial<Record<OperationName, OperationName>> = {
  sigmoid: 'addSigmoid',
  logarithmic: 'addLogarithmic',
  threshold: 'addThreshold',
  saturating: 'addSaturating',
  dampening: 'addDampening',
}

const plain = ({ op, args, index }: Node): Instruction => ({ op: op!, args, index })
const fused = (op: OperationName, args: readonly number[]): Instruction => ({ op, args, index: undefined })

/** How often each node is an operand of a reachable one; a root counts as a use. */
function countUses(nodes: readonly Node[], roots: readonly number[]): Uint32Array {
  const uses = new Uint32Array(nodes.length)
  for (const root of roots) uses[root]! += 1
  // Operands stand before the nodes that use them.
  for (let id = nodes.length - 1; id >= 0; id--) {
    if (uses[id]! > 0) for (const operand of nodes[id]!.args) uses[operand]! += 1
  }
  return uses
}
