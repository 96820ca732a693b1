// The graph a model becomes on its way to a plan: nodes shared where equal, constants folded, each with its binding time.
import { CODE, type OperationName } from '../layout/operations.ts'
import { meaningOf } from './arithmetic.ts'
import type { Table } from './model.ts'
import { bracket, lookup, prepareBracket, prepareLookup } from './tables.ts'

/** When a node's value is known: written in the plan, once per run, once per draw, at each step. */
export const BINDING = { constant: 0, run: 1, draw: 2, step: 3 } as const

export type LeafKind = 'number' | 'input' | 'series' | 'seriesAtStart' | 'column' | 'random' | 'time' | 'stock'

export interface Node {
  readonly id: number
  readonly binding: number
  /** Whether the value can differ from lane to lane. */
  readonly perLane: boolean
  /** Of an operation: its name, operands and table. */
  readonly op?: OperationName
  readonly args: readonly number[]
  readonly table?: string
  /** Of a leaf. */
  readonly leaf?: LeafKind
  readonly name?: string
  readonly value?: number
}

const LEAF_BINDING: Record<LeafKind, number> = {
  number: BINDING.constant,
  input: BINDING.run,
  series: BINDING.step,
  seriesAtStart: BINDING.run,
  column: BINDING.draw,
  random: BINDING.draw,
  time: BINDING.step,
  stock: BINDING.step,
}

const LANEWISE: ReadonlySet<LeafKind> = new Set<LeafKind>(['column', 'random', 'stock'])

const COMMUTES: ReadonlySet<OperationName> = new Set<OperationName>(['add', 'mul', 'min', 'max', 'eq', 'and', 'or'])

export class Graph {
  readonly nodes: Node[] = []
  readonly #known = new Map<string, number>()
  readonly #tables: Readonly<Record<string, Table>>

  constructor(tables: Readonly<Record<string, Table>>) {
    this.#tables = tables
  }

  /** A constant; -0 becomes 0, which JSON cannot tell apart. */
  number(value: number): number {
    return this.#node(`#${value + 0}`, {
      binding: BINDING.constant,
      perLane: false,
      args: [],
      leaf: 'number',
      value: value + 0,
    })
  }

  leaf(leaf: Exclude<LeafKind, 'number'>, name: string): number {
    return this.#node(`${leaf} ${name}`, {
      binding: LEAF_BINDING[leaf],
      perLane: LANEWISE.has(leaf),
      args: [],
      leaf,
      name,
    })
  }

  /** The operation over these nodes: an equal node where there is one, a number where all operands are and the value is finite. */
  operation(op: OperationName, ...args: number[]): number {
    const values = args.map((id) => this.nodes[id]!.value)
    const simple = this.#simplified(op, args, values)
    if (simple !== undefined) return simple
    if (values.every((value) => value !== undefined)) {
      const [a = 0, b = 0, c = 0, d = 0, e = 0] = values
      const value = meaningOf(CODE[op])!(a, b, c, d, e)
      if (Number.isFinite(value)) return this.number(value)
    }
    const flipped = COMMUTES.has(op) ? this.#known.get(`${op} ${args[1]} ${args[0]}`) : undefined
    return flipped ?? this.#node(`${op} ${args.join(' ')}`, { ...this.#fate(args), args, op })
  }

  lookup(op: 'lookup' | 'bracket', table: string, x: number): number {
    const { value } = this.nodes[x]!
    if (value !== undefined) {
      const points = this.#tables[table]!
      const result = op === 'lookup' ? lookup(value, prepareLookup(points)) : bracket(value, prepareBracket(points))
      if (Number.isFinite(result)) return this.number(result)
    }
    return this.#node(`${op} ${table} ${x}`, { ...this.#fate([x]), args: [x], op, table })
  }

  /** Identities that keep the value; x + 0 and 0 + x are x, also where x is -0. */
  #simplified(
    op: OperationName,
    [a, b]: readonly number[],
    [x, y]: readonly (number | undefined)[],
  ): number | undefined {
    if ((op === 'add' || op === 'sub') && y === 0) return a
    if (op === 'add' && x === 0) return b
    if ((op === 'mul' || op === 'div' || op === 'pow') && y === 1) return a
    if (op === 'mul' && x === 1) return b
    if (op === 'pow' && y === 2) return this.operation('mul', a!, a!)
    return undefined
  }

  #fate(args: readonly number[]): Pick<Node, 'binding' | 'perLane'> {
    const nodes = args.map((id) => this.nodes[id]!)
    return {
      binding: Math.max(BINDING.run, ...nodes.map((node) => node.binding)),
      perLane: nodes.some((node) => node.perLane),
    }
  }

  #node(key: string, node: Omit<Node, 'id'>): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const id = this.nodes.length
    this.nodes.push({ id, ...node })
    this.#known.set(key, id)
    return id
  }
}
