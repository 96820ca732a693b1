// Operations of a plan from instructions: slots for nodes, and numbers for the tables, relations and solve blocks they name.
import { CODE, type OperationName } from '../../layout/operations.ts'
import type { Table } from '../model.ts'
import { type Operation, PHASES, type Plan } from '../plan.ts'
import type { Instructions } from './fuse.ts'
import type { Graph } from './graph.ts'
import type { Schedule } from './schedule.ts'
import type { SolveOrder } from './solve-nodes.ts'

export interface Emitted {
  readonly operations: Plan['operations']
  readonly bodies: readonly { readonly body: readonly Operation[]; readonly parts: readonly (readonly Operation[])[] }[]
  readonly tables: Plan['tables']
  readonly relations: Plan['relations']
}

const RELATES: ReadonlySet<OperationName> = new Set<OperationName>([
  'sumMembers',
  'minMembers',
  'maxMembers',
  'countMembers',
  'project',
])

/** @param solves names of the solve blocks in their order in the plan, and the order of what is inside each */
export function emit(
  graph: Graph,
  phases: Schedule,
  instructions: Instructions,
  slotOf: (id: number) => number,
  solves: readonly (SolveOrder & { readonly name: string })[],
): Emitted {
  const tables = new Map<string, number>()
  const relations = relationsOf(instructions)
  const solvePlace = new Map(solves.map(({ name }, place) => [name, place]))
  const indexOf = (op: OperationName, index: string): number => {
    if (op === 'solve') return solvePlace.get(index)!
    if (RELATES.has(op)) return relations.get(index)!
    if (!tables.has(index)) tables.set(index, tables.size)
    return tables.get(index)!
  }
  const operation = (id: number): Operation => {
    const { op, args, index } = instructions[id]!
    const written: [code: number, out: number, ...operands: number[]] = [CODE[op], slotOf(id)]
    // What a solve reads stands in its body; its own operands only say what comes before it.
    if (op !== 'solve') for (const operand of args) written.push(slotOf(operand))
    if (index !== undefined) written.push(indexOf(op, index))
    return written
  }
  const operations = Object.fromEntries(
    PHASES.map((phase) => [phase, phases[phase].map(operation)]),
  ) as unknown as Plan['operations']
  const bodies = solves.map(({ body, parts }) => ({
    body: body.map(operation),
    parts: parts.map((part) => part.map(operation)),
  }))
  return {
    operations,
    bodies,
    tables: [...tables.keys()].map((text) => unsignedTable(graph.tables.get(text)!)),
    relations: [...relations.keys()].map((pair) => {
      const [member = 0, group = 0] = pair.split(' ').map(Number)
      return { member, group }
    }),
  }
}

const unsignedTable = ({ xs, ys }: Table): Table => ({ xs: xs.map((x) => x + 0), ys: ys.map((y) => y + 0) })

/** Relations that are used, in order of member and group (levels have one digit). */
function relationsOf(instructions: Instructions): Map<string, number> {
  const used = new Set<string>()
  for (const each of instructions) if (each && RELATES.has(each.op)) used.add(each.index!)
  return new Map([...used].sort().map((pair, place) => [pair, place]))
}
