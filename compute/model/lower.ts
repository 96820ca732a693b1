// Lowers a typed model to the plan that the plan machine runs.
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { KERNEL_ABI } from '../layout/memory.ts'
import { CODE } from '../layout/operations.ts'
import { checkModel } from './check.ts'
import { fuse, type Instruction } from './fuse.ts'
import type { Graph, LeafKind } from './graph.ts'
import type { Distribution, Model, Variable } from './model.ts'
import type { Operation, Plan, PlanRandom } from './plan.ts'
import { type Phase, schedule } from './schedule.ts'
import { assignSlots } from './slots.ts'
import { type Translation, translate } from './translate.ts'

/**
 * The plan of a model: operations in order by binding time, constants folded, equal parts shared, what no output needs left out,
 * forms fused, slots reused. Canonical: the order in which variables are declared changes neither the plan nor its hash.
 * Errors: MODEL_INVALID, see checkModel.
 */
export function lower(model: Model): Plan {
  checkModel(model)
  const translation = translate(model)
  const { graph, nodeOf, stocks } = translation
  const outputs = model.outputs.map((name) => nodeOf.get(name)!)
  const living = livingStocks(translation, outputs).map((name) => {
    const { initial, flow } = stocks.get(name)!
    // A stock that is another's flow is copied: integration overwrites it.
    const isStock = graph.nodes[flow]!.leaf === 'stock'
    return { name, leaf: graph.leaf('stock', name), initial, flow: isStock ? graph.operation('copy', flow) : flow }
  })
  const roots = { initials: living.map((s) => s.initial), flows: living.map((s) => s.flow), saved: outputs }
  const pinned = [...roots.flows, ...outputs, ...roots.initials, ...living.map((s) => s.leaf)]
  const instructions = fuse(graph, pinned)
  const phases = schedule(graph, instructions, roots)
  const { slotOf, count } = assignSlots(phases, {
    instructionOf: (id) => instructions.get(id),
    isPerLane: (id) => graph.nodes[id]!.perLane,
    keyOf: (id) => seriesOf(graph, id),
    pinned: new Set(pinned),
  })
  const tables = new Map<string, number>()
  const operations = emit(phases, instructions, slotOf, tables)
  const leaves = leavesOf(graph, instructions, pinned)
  const variables = new Map(model.variables.map((v) => [v.name, v]))
  const named = (...kinds: LeafKind[]) => {
    const slots = new Map<string, number>()
    for (const id of leaves) if (kinds.includes(graph.nodes[id]!.leaf!)) slots.set(graph.nodes[id]!.name!, slotOf(id))
    return [...slots].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, slot]) => ({ name, slot }))
  }
  const defaulted = (row: { name: string; slot: number }) => {
    const v = variables.get(row.name) as Extract<Variable, { kind: 'input' | 'series' }>
    return { ...row, default: v.default === undefined ? null : v.default + 0 }
  }

  return {
    abi: KERNEL_ABI,
    slots: count,
    constants: leaves.flatMap((id) => {
      const { value } = graph.nodes[id]!
      return value === undefined ? [] : [{ slot: slotOf(id), value }]
    }),
    inputs: named('input').map(defaulted),
    series: named('series', 'seriesAtStart').map(defaulted),
    columns: named('column'),
    randoms: distinctStreams(
      named('random').map(({ name, slot }) => {
        const { distribution } = variables.get(name) as Extract<Variable, { kind: 'random' }>
        return { name, slot, ...numbersOf(distribution), stream: streamOf(name) }
      }),
    ),
    operations,
    tables: [...tables.keys()].map((name) => {
      const { xs, ys } = model.tables[name]!
      return { xs: xs.map((x) => x + 0), ys: ys.map((y) => y + 0) }
    }),
    stocks: living.map(({ name, leaf, initial, flow }) => {
      const { min, max } = variables.get(name) as Extract<Variable, { kind: 'stock' }>
      const bounds = { min: min === undefined ? null : min + 0, max: max === undefined ? null : max + 0 }
      return { slot: slotOf(leaf), initial: slotOf(initial), flow: slotOf(flow), ...bounds }
    }),
    time: model.time ? { ...model.time } : null,
    timeSlot: leaves.filter((id) => graph.nodes[id]!.leaf === 'time').map(slotOf)[0] ?? null,
    outputs: model.outputs.map((name, i) => ({ name, unit: variables.get(name)!.unit, slot: slotOf(outputs[i]!) })),
  }
}

/** Stocks that the outputs depend on, directly or through flows, by name. */
function livingStocks({ graph, stocks }: Translation, outputs: readonly number[]): string[] {
  const living = new Set<string>()
  const seen = new Set<number>()
  const open = [...outputs]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const node = graph.nodes[id]!
    open.push(...node.args)
    if (node.leaf !== 'stock') continue
    living.add(node.name!)
    open.push(stocks.get(node.name!)!.flow)
  }
  return [...living].sort()
}

/** Leaves that an instruction or a pinned value reads, each once, in order of id. */
function leavesOf(graph: Graph, instructions: ReadonlyMap<number, Instruction>, pinned: readonly number[]): number[] {
  const read = [...pinned, ...[...instructions.values()].flatMap((i) => i.args)]
  return [...new Set(read)].filter((id) => graph.nodes[id]!.leaf !== undefined).sort((a, b) => a - b)
}

/** A series and its value at the start share one slot. */
function seriesOf(graph: Graph, id: number): number {
  const { leaf, name } = graph.nodes[id]!
  return leaf === 'seriesAtStart' ? graph.leaf('series', name!) : id
}

function emit(
  phases: Readonly<Record<Phase, readonly number[]>>,
  instructions: ReadonlyMap<number, Instruction>,
  slotOf: (id: number) => number,
  tables: Map<string, number>,
): Plan['operations'] {
  const operation = (id: number): Operation => {
    const { op, args, table } = instructions.get(id)!
    const operands = args.map(slotOf)
    if (table !== undefined) {
      if (!tables.has(table)) tables.set(table, tables.size)
      operands.push(tables.get(table)!)
    }
    return [CODE[op], slotOf(id), ...operands]
  }
  const run = phases.run.map(operation)
  const draw = phases.draw.map(operation)
  const step = phases.step.map(operation)
  return { run, draw, step, save: phases.save.map(operation) }
}

/** Philox stream of a random parameter: the first 32 bits of the SHA-256 of its name. */
function streamOf(name: string): number {
  return Number.parseInt(sha256(name).slice(0, 8), 16)
}

function distinctStreams(randoms: readonly PlanRandom[]): readonly PlanRandom[] {
  const byStream = new Map<number, string>()
  for (const { name, stream } of randoms) {
    const other = byStream.get(stream)
    byStream.set(stream, name)
    if (other === undefined) continue
    const message = `${name} would draw the same numbers as ${other}; rename one of the two`
    throw new QuesnayError('MODEL_INVALID', `${name}: ${message}`, { path: name, message })
  }
  return randoms
}

/** The numbers of a distribution as PlanRandom names them; bounds that a distribution lacks are 0. */
function numbersOf(d: Distribution): Pick<PlanRandom, 'distribution' | 'a' | 'b' | 'min' | 'max'> {
  switch (d.kind) {
    case 'normal':
      return { distribution: 0, a: d.mean + 0, b: d.sd + 0, min: 0, max: 0 }
    case 'truncatedNormal':
      return { distribution: 1, a: d.mean + 0, b: d.sd + 0, min: d.min + 0, max: d.max + 0 }
    case 'logNormal':
      return { distribution: 2, a: d.mu + 0, b: d.sigma + 0, min: 0, max: 0 }
    case 'uniform':
      return { distribution: 3, a: 0, b: 0, min: d.min + 0, max: d.max + 0 }
  }
}
