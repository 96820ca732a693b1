// The graph a model becomes on its way to a plan: nodes shared where equal, constants folded, each with its binding time and level.
import { CODE, type OperationName } from '../../layout/operations.ts'
import { meaningOf } from '../arithmetic.ts'
import type { Levels } from '../entities.ts'
import type { Table, TableFunction } from '../model.ts'
import { foldTable, tableText } from './fold-table.ts'

/**
 * When a node's value is known: written in the plan, once per run, once per draw, at each step, at each stage of a step.
 * `solve`: inside a solve block alone, which computes it as often as it needs.
 */
export const BINDING = { constant: 0, run: 1, draw: 2, step: 3, stage: 4, solve: 5 } as const

/**
 * `...AtStart`: the value at step 0, known before it. `inner`: an unknown as the equations of its own block see it;
 * `unknown`: as all others do, once it is solved.
 */
export type LeafKind =
  | 'number'
  | 'input'
  | 'series'
  | 'seriesAtStart'
  | 'column'
  | 'trajectory'
  | 'trajectoryAtStart'
  | 'uniform'
  | 'uniformEachStep'
  | 'uniformAtStart'
  | 'time'
  | 'stepTime'
  | 'stock'
  | 'register'
  | 'ring'
  | 'inner'
  | 'unknown'

export interface Node {
  readonly id: number
  readonly binding: number
  /** -1 where it is the same in all lanes, 0 per lane, 1.. per member. */
  readonly level: number
  /** Of an operation: its name, operands, and its table, relation or solve block. Of an unknown: the solve that gives it. */
  readonly op: OperationName | undefined
  readonly args: readonly number[]
  readonly index: string | undefined
  /** Of a leaf: its kind and name, and the value of a number. */
  readonly leaf: LeafKind | undefined
  readonly name: string | undefined
  readonly value: number | undefined
}

const NO_ARGUMENTS: readonly number[] = []
/** More nodes than any model has; two of them make one key below 2^53. */
const MAX_NODES = 2 ** 26

const LEAF_BINDING: Record<LeafKind, number> = {
  number: BINDING.constant,
  input: BINDING.run,
  series: BINDING.step,
  seriesAtStart: BINDING.run,
  column: BINDING.draw,
  trajectory: BINDING.step,
  trajectoryAtStart: BINDING.draw,
  uniform: BINDING.draw,
  uniformEachStep: BINDING.step,
  uniformAtStart: BINDING.draw,
  time: BINDING.stage,
  stepTime: BINDING.step,
  stock: BINDING.stage,
  register: BINDING.step,
  ring: BINDING.step,
  inner: BINDING.solve,
  unknown: BINDING.draw,
}

const OF_RUN: ReadonlySet<LeafKind> = new Set<LeafKind>([
  'number',
  'input',
  'series',
  'seriesAtStart',
  'time',
  'stepTime',
])

const COMMUTES: ReadonlySet<OperationName> = new Set<OperationName>(['add', 'mul', 'min', 'max', 'eq', 'and', 'or'])

export type MemberOperation = 'sumMembers' | 'minMembers' | 'maxMembers' | 'countMembers' | 'project'

export class Graph {
  readonly nodes: Node[] = []
  readonly levels: Levels
  /** Tables by their text, so that equal ones are one. */
  readonly tables = new Map<string, Table>()
  /** Numbers by value, other leaves by kind and name, operations with an index by that. */
  readonly #named = new Map<string | number, number>()
  /** Operations by their operands, for each name. */
  readonly #operations = new Map<OperationName, Map<number | string, number>>()
  readonly #staged: boolean
  readonly #share: boolean

  /**
   * @param staged whether a step has several stages; else all of it is bound at the step
   * @param share whether equal operations become one node; left out only to measure what that saves
   */
  constructor(levels: Levels, staged: boolean, share = true) {
    this.levels = levels
    this.#staged = staged
    this.#share = share
  }

  /** A constant; -0 becomes 0, which JSON cannot tell apart. */
  number(value: number): number {
    return this.#leaf(value + 0, 'number', undefined, value + 0, -1)
  }

  /** @param level of a column or a uniform, where not the lane's. */
  leaf(leaf: Exclude<LeafKind, 'number' | 'unknown'>, name: string, level = 0): number {
    // Where a step has one stage, time and the time at its start are one.
    const kind = leaf === 'stepTime' && !this.#staged ? 'time' : leaf
    const own = OF_RUN.has(kind) ? -1 : level
    return this.#leaf(`${kind} ${own} ${name}`, kind, name, undefined, own)
  }

  /** The solve block of this name over all that its equations read and its guesses. */
  solve(name: string, args: readonly number[]): number {
    return this.#add('solve', args, name, 0, BINDING.draw)
  }

  /** An unknown as a solve gives it. */
  unknown(name: string, solve: number): number {
    const id = this.nodes.length
    const { binding } = this.nodes[solve]!
    this.nodes.push(nodeOf(id, binding, 0, undefined, [solve], undefined, 'unknown', name, undefined))
    return id
  }

  /** The operation over these nodes: an equal node where there is one, a number where all operands are and the value is finite. */
  operation(op: OperationName, ...given: readonly number[]): number {
    const args = this.#levelled(given)
    const simple = this.#simplified(op, args) ?? this.#folded(op, args)
    if (simple !== undefined) return simple
    let known = this.#operations.get(op)
    if (!known) {
      known = new Map()
      this.#operations.set(op, known)
    }
    const key = keyOf(op, args)
    const equal = known.get(key)
    if (equal !== undefined && this.#share) return equal
    known.set(key, this.nodes.length)
    return this.#add(op, args, undefined)
  }

  lookup(op: TableFunction, table: Table, x: number): number {
    const { value } = this.nodes[x]!
    const result = value === undefined ? undefined : foldTable(op, table, value)
    if (result !== undefined && Number.isFinite(result)) return this.number(result)
    const text = tableText(table)
    this.tables.set(text, table)
    return this.#indexed(op, x, text)
  }

  /** Members to their groups, or a group's value to its members; what is the same in all lanes is spread before it is gathered. */
  members(op: MemberOperation, x: number, member: number, group: number): number {
    if (op === 'project') return this.#indexed(op, x, `${member} ${group}`, member)
    const own = this.nodes[x]!.level
    const spread = own === member ? x : this.members('project', x, member, own < 0 ? group : own)
    return this.#indexed(op, spread, `${member} ${group}`, group)
  }

  /** A value over all members of a level, where that is below the lanes. */
  spread(x: number, level: number): number {
    const own = this.nodes[x]!.level
    return level <= 0 || own === level ? x : this.members('project', x, level, Math.max(own, 0))
  }

  /** Operands of one level: those of a group are spread over the members that the others are of. */
  #levelled(args: readonly number[]): readonly number[] {
    if (this.levels.names.length === 1) return args
    let level = -1
    for (const id of args) level = Math.max(level, this.nodes[id]!.level)
    if (level <= 0) return args
    return args.map((id) => {
      const own = this.nodes[id]!.level
      return own < 0 || own === level ? id : this.members('project', id, level, own)
    })
  }

  /** Identities that keep the value; x + 0 and 0 + x are x, also where x is -0. */
  #simplified(op: OperationName, args: readonly number[]): number | undefined {
    const [a = 0, b, c] = args
    if (b === undefined) return undefined
    const x = this.nodes[a]!.value
    const y = this.nodes[b]!.value
    if ((op === 'add' || op === 'sub') && y === 0) return a
    if (op === 'add' && x === 0) return b
    if ((op === 'mul' || op === 'div' || op === 'pow') && y === 1) return a
    if (op === 'mul' && x === 1) return b
    if (op === 'pow' && y === 2) return this.operation('mul', a, a)
    if (op === 'select' && x !== undefined) return x !== 0 ? b : c
    return undefined
  }

  #folded(op: OperationName, args: readonly number[]): number | undefined {
    for (const id of args) if (this.nodes[id]!.value === undefined) return undefined
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = args.map((id) => this.nodes[id]!.value!)
    const value = meaningOf(CODE[op])?.(a, b, c, d, e)
    return value !== undefined && Number.isFinite(value) ? this.number(value) : undefined
  }

  #leaf(
    key: string | number,
    leaf: LeafKind,
    name: string | undefined,
    value: number | undefined,
    level: number,
  ): number {
    const known = this.#named.get(key)
    if (known !== undefined) return known
    const id = this.nodes.length
    const bound = LEAF_BINDING[leaf]
    const binding = bound === BINDING.stage && !this.#staged ? BINDING.step : bound
    this.nodes.push(nodeOf(id, binding, level, undefined, NO_ARGUMENTS, undefined, leaf, name, value))
    this.#named.set(key, id)
    return id
  }

  #indexed(op: OperationName, x: number, index: string, level?: number): number {
    const key = `${op} ${x} ${index}`
    const known = this.#named.get(key)
    if (known !== undefined) return known
    this.#named.set(key, this.nodes.length)
    return this.#add(op, [x], index, level)
  }

  #add(
    op: OperationName,
    args: readonly number[],
    index: string | undefined,
    given?: number,
    earliest: number = BINDING.run,
  ): number {
    const id = this.nodes.length
    if (id >= MAX_NODES) throw new RangeError(`a model of more than ${MAX_NODES} parts`)
    let binding = earliest
    let level = -1
    for (const operand of args) {
      const node = this.nodes[operand]!
      if (node.binding > binding) binding = node.binding
      if (node.level > level) level = node.level
    }
    // What is of lanes or members is never known before the draw.
    const own = given ?? level
    if (own >= 0 && binding < BINDING.draw) binding = BINDING.draw
    this.nodes.push(nodeOf(id, binding, own, op, args, index, undefined, undefined, undefined))
    return id
  }
}

/** All members in one order, so that the engine knows nodes by one shape. */
function nodeOf(
  id: number,
  binding: number,
  level: number,
  op: OperationName | undefined,
  args: readonly number[],
  index: string | undefined,
  leaf: LeafKind | undefined,
  name: string | undefined,
  value: number | undefined,
): Node {
  return { id, binding, level, op, args, index, leaf, name, value }
}

/** Equal for equal operands; of an operation that commutes, also for exchanged ones. */
function keyOf(op: OperationName, args: readonly number[]): number | string {
  if (args.length > 2) return args.join(' ')
  const [a = 0, b = 0] = args
  return COMMUTES.has(op) && b < a ? b * MAX_NODES + a : a * MAX_NODES + b
}
