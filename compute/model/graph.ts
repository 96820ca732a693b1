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
  readonly op: OperationName | undefined
  readonly args: readonly number[]
  readonly table: string | undefined
  /** Of a leaf: its kind and name, and the value of a number. */
  readonly leaf: LeafKind | undefined
  readonly name: string | undefined
  readonly value: number | undefined
}

/** All members in one order, so that the engine knows nodes by one shape. */
const BLANK = { op: undefined, table: undefined, leaf: undefined, name: undefined, value: undefined }
const NO_ARGUMENTS: readonly number[] = []
/** More nodes than any model has; two of them make one key below 2^53. */
const MAX_NODES = 2 ** 26

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
  /** Leaves by kind and name, lookups by table and operand. */
  readonly #named = new Map<string, number>()
  /** Operations by their operands, for each name. */
  readonly #operations = new Map<OperationName, Map<number | string, number>>()
  readonly #tables: Readonly<Record<string, Table>>

  constructor(tables: Readonly<Record<string, Table>>) {
    this.#tables = tables
  }

  /** A constant; -0 becomes 0, which JSON cannot tell apart. */
  number(value: number): number {
    return this.#leaf(`#${value + 0}`, 'number', undefined, value + 0)
  }

  leaf(leaf: Exclude<LeafKind, 'number'>, name: string): number {
    return this.#leaf(`${leaf} ${name}`, leaf, name, undefined)
  }

  /** The operation over these nodes: an equal node where there is one, a number where all operands are and the value is finite. */
  operation(op: OperationName, ...args: readonly number[]): number {
    const simple = this.#simplified(op, args[0]!, args[1]) ?? this.#folded(op, args)
    if (simple !== undefined) return simple
    const known = this.#operations.get(op) ?? new Map<number | string, number>()
    this.#operations.set(op, known)
    const key = keyOf(op, args)
    const equal = known.get(key)
    if (equal !== undefined) return equal
    known.set(key, this.nodes.length)
    return this.#add(op, args, undefined)
  }

  lookup(op: 'lookup' | 'bracket', table: string, x: number): number {
    const { value } = this.nodes[x]!
    if (value !== undefined) {
      const points = this.#tables[table]!
      const result = op === 'lookup' ? lookup(value, prepareLookup(points)) : bracket(value, prepareBracket(points))
      if (Number.isFinite(result)) return this.number(result)
    }
    const key = `${op} ${x} ${table}`
    const known = this.#named.get(key)
    if (known !== undefined) return known
    this.#named.set(key, this.nodes.length)
    return this.#add(op, [x], table)
  }

  /** Identities that keep the value; x + 0 and 0 + x are x, also where x is -0. */
  #simplified(op: OperationName, a: number, b: number | undefined): number | undefined {
    if (b === undefined) return undefined
    const x = this.nodes[a]!.value
    const y = this.nodes[b]!.value
    if ((op === 'add' || op === 'sub') && y === 0) return a
    if (op === 'add' && x === 0) return b
    if ((op === 'mul' || op === 'div' || op === 'pow') && y === 1) return a
    if (op === 'mul' && x === 1) return b
    if (op === 'pow' && y === 2) return this.operation('mul', a, a)
    return undefined
  }

  #folded(op: OperationName, args: readonly number[]): number | undefined {
    for (const id of args) if (this.nodes[id]!.value === undefined) return undefined
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = args.map((id) => this.nodes[id]!.value!)
    const value = meaningOf(CODE[op])!(a, b, c, d, e)
    return Number.isFinite(value) ? this.number(value) : undefined
  }

  #leaf(key: string, leaf: LeafKind, name: string | undefined, value: number | undefined): number {
    const known = this.#named.get(key)
    if (known !== undefined) return known
    const id = this.nodes.length
    const fate = { binding: LEAF_BINDING[leaf], perLane: LANEWISE.has(leaf) }
    this.nodes.push({ id, ...fate, args: NO_ARGUMENTS, ...BLANK, leaf, name, value })
    this.#named.set(key, id)
    return id
  }

  #add(op: OperationName, args: readonly number[], table: string | undefined): number {
    const id = this.nodes.length
    if (id >= MAX_NODES) throw new RangeError(`a model of more than ${MAX_NODES} parts`)
    let binding: number = BINDING.run
    let perLane = false
    for (const operand of args) {
      const node = this.nodes[operand]!
      if (node.binding > binding) binding = node.binding
      perLane ||= node.perLane
    }
    this.nodes.push({ id, binding, perLane, args, ...BLANK, op, table })
    return id
  }
}

/** Equal for equal operands; of an operation that commutes, also for exchanged ones. */
function keyOf(op: OperationName, args: readonly number[]): number | string {
  if (args.length > 2) return args.join(' ')
  const [a = 0, b = 0] = args
  return COMMUTES.has(op) && b < a ? b * MAX_NODES + a : a * MAX_NODES + b
}
