// Lowers a typed model to the plan that the plan machine runs.
import { QuesnayError } from '../../../schema/errors.ts'
import { sha256 } from '../../../schema/hash.ts'
import { KERNEL_ABI } from '../../layout/memory.ts'
import { checkModel } from '../check/check.ts'
import type { Method, Model, TimeSpec, Variable } from '../model.ts'
import type { Plan, PlanTime, PlanUniform } from '../plan.ts'
import { emit } from './emit.ts'
import { fuse, type Instructions } from './fuse.ts'
import type { Graph, LeafKind, Node } from './graph.ts'
import { livingPart } from './live.ts'
import { neededBy } from './needed.ts'
import { schedule } from './schedule.ts'
import { assignSlots } from './slots.ts'
import { isInside, orderOf, outsideOf } from './solve-nodes.ts'
import { type StateNodes, translate } from './translate.ts'

export interface LowerOptions {
  /** Whether equal parts are computed once; false only to measure what that saves. */
  readonly share?: boolean
}

/**
 * The plan of a model: operations in order by binding time, constants folded, equal parts shared, what neither an output nor an
 * identity needs left out, forms fused, slots reused. Canonical: the order of declarations changes neither the plan nor its hash.
 * Errors: MODEL_INVALID, see checkModel; CONSTRUCT_UNSUPPORTED for a solve block whose circle goes through members.
 */
export function lower(whole: Model, { share = true }: LowerOptions = {}): Plan {
  checkModel(whole)
  const model = livingPart(whole)
  const translation = translate(model, share)
  const { graph, nodeOf, identities } = translation
  const outputs = model.outputs.map((name) => nodeOf.get(name)!)
  const checked = identities.flatMap((i) => [i.holds, i.difference])
  const { states, solves } = neededBy(translation, [...outputs, ...checked])
  const initials = states.flatMap((s) => [s.initial, ...(s.delay === undefined ? [] : [s.delay])])
  const always = [...states.map((s) => s.next), ...checked, ...solves.map((s) => s.id)]
  const inside = solves.flatMap((s) => s.unknowns.flatMap((u) => [u.inner, u.next, u.guess]))
  const pinned = [...always, ...outputs, ...initials, ...states.map((s) => s.leaf), ...inside]

  const instructions = fuse(graph, pinned)
  for (const { id, unknowns, name } of solves) {
    // What is read once forms are fused.
    const args = outsideOf(unknowns, (inner) => isInside(graph, inner) && (instructions[inner]?.args ?? []))
    instructions[id] = { op: 'solve', args, index: name }
  }
  const phases = schedule(graph, instructions, { always, saved: outputs, initials })
  const bodies = solves.map((s) => ({ name: s.name, ...orderOf(graph, s, instructions) }))
  const { slotOf, count } = assignSlots(phases, {
    instructions,
    levelOf: (id) => graph.nodes[id]!.level,
    keyOf: (id) => slotKey(graph, graph.nodes[id]!),
    pinned,
    bodies: bodies.map((b) => b.body),
  })
  const emitted = emit(graph, phases, instructions, slotOf, bodies)
  const leaves = leavesOf(graph, instructions, pinned)
  const rows = leafRows(leaves, slotOf)
  const variables = new Map(model.variables.map((v) => [v.name, v]))
  const defaulted = ({ name, slot }: Row) => {
    const v = variables.get(name) as Extract<Variable, { kind: 'input' | 'series' }>
    return { name, slot, default: v.default === undefined ? null : v.default + 0 }
  }
  const ofKind = (kind: Variable['kind']) =>
    states.flatMap((s) => {
      const v = variables.get(s.name)!
      return v.kind === kind ? [{ v, slot: slotOf(s.leaf), initial: slotOf(s.initial), next: slotOf(s.next), s }] : []
    })
  const slotOfLeaf = (kind: LeafKind) => rows(kind)[0]?.slot ?? null

  return {
    abi: KERNEL_ABI,
    slots: count,
    constants: leaves.flatMap(({ id, value }) => (value === undefined ? [] : [{ slot: slotOf(id), value }])),
    inputs: rows('input').map(defaulted),
    series: rows('series', 'seriesAtStart').map(defaulted),
    columns: rows('column').map(({ name, slot, level }) => ({ name, slot, level })),
    trajectories: rows('trajectory', 'trajectoryAtStart').map(({ name, slot }) => ({ name, slot })),
    uniforms: distinctStreams([
      ...rows('uniform').map((row) => uniformOf(row, false)),
      ...rows('uniformEachStep', 'uniformAtStart').map((row) => uniformOf(row, true)),
    ]),
    tables: emitted.tables,
    levels: graph.levels.names.map((name, i) => {
      const of = graph.levels.of[i]!
      return { name, of: of < 0 ? null : of, count: of < 0 ? null : `count(${name})` }
    }),
    relations: emitted.relations,
    operations: emitted.operations,
    stocks: ofKind('stock').map(({ v, slot, initial, next }) => {
      const { min, max } = v as Extract<Variable, { kind: 'stock' }>
      return {
        slot,
        initial,
        flow: next,
        min: min === undefined ? null : min + 0,
        max: max === undefined ? null : max + 0,
      }
    }),
    registers: ofKind('previous').map(({ slot, initial, next }) => ({ slot, initial, next })),
    rings: ofKind('delay').map(({ slot, initial, next, s }) => ({
      slot,
      initial,
      input: next,
      delay: slotOf(s.delay!),
      length: ringLength(graph, s, model.time!),
    })),
    solves: solves.map(({ name, solve, unknowns }, i) => ({
      name,
      method: solve.method,
      tolerance: solve.tolerance,
      maxIterations: solve.maxIterations,
      damping: solve.damping,
      unknowns: unknowns.map((u) => ({ slot: slotOf(u.inner), next: slotOf(u.next), guess: slotOf(u.guess) })),
      ...emitted.bodies[i]!,
    })),
    identities: identities.map(({ name, holds, difference }) => ({
      name,
      holds: slotOf(holds),
      difference: slotOf(difference),
    })),
    time: model.time ? planTime(model.time) : null,
    timeSlot: slotOfLeaf('time'),
    stepTimeSlot: slotOfLeaf('stepTime'),
    outputs: model.outputs.map((name, i) => ({ name, unit: variables.get(name)!.unit, slot: slotOf(outputs[i]!) })),
    unchecked: model.variables.flatMap((v) => (v.unchecked ? [v.name] : [])),
  }
}

interface Row {
  readonly name: string
  readonly slot: number
  readonly level: number
}

/** Leaves by kind: rows of name, slot and level, in order of names. */
function leafRows(leaves: readonly Node[], slotOf: (id: number) => number): (...kinds: LeafKind[]) => Row[] {
  const byKind = new Map<LeafKind, Node[]>()
  for (const node of leaves) {
    const same = byKind.get(node.leaf!)
    if (same) same.push(node)
    else byKind.set(node.leaf!, [node])
  }
  return (...kinds) => {
    const rows = new Map<string, Row>()
    for (const kind of kinds) {
      for (const { id, name, level } of byKind.get(kind) ?? []) {
        rows.set(`${name} ${level}`, { name: name!, slot: slotOf(id), level })
      }
    }
    return [...rows.values()].sort((a, b) => (a.name === b.name ? a.level - b.level : a.name < b.name ? -1 : 1))
  }
}

/** Leaves that an instruction or a pinned value reads, each once, in order of id. */
function leavesOf(graph: Graph, instructions: Instructions, pinned: readonly number[]): Node[] {
  const read = new Uint8Array(graph.nodes.length)
  for (const id of pinned) read[id] = 1
  for (const each of instructions) if (each) for (const id of each.args) read[id] = 1
  return graph.nodes.filter((node) => node.leaf !== undefined && read[node.id] === 1)
}

/** The first values of a series share its slot; an unknown has one inside and outside of its block; solves share one, which nothing reads. */
function slotKey(graph: Graph, { id, leaf, name, op, level }: Node): number {
  if (op === 'solve') return graph.leaf('inner', '')
  if (leaf === undefined) return id
  if (leaf === 'unknown') return graph.leaf('inner', name!)
  const lasting = LASTING[leaf]
  return lasting ? graph.leaf(lasting, name!, level) : id
}

const LASTING: Partial<Record<LeafKind, 'series' | 'trajectory' | 'uniformEachStep'>> = {
  seriesAtStart: 'series',
  trajectoryAtStart: 'trajectory',
  uniformAtStart: 'uniformEachStep',
}

/** Of a constant delay its steps, else all that a run may need. */
function ringLength(graph: Graph, { delay }: StateNodes, { steps }: TimeSpec): number {
  const { value } = graph.nodes[delay!]!
  return value === undefined ? steps + 1 : Math.min(steps + 1, Math.max(1, Math.floor(value + 0.5)))
}

/** Euler; Heun's method; the classical Runge-Kutta method (Butcher 2016, 232 and 235). */
const STAGES: Readonly<Record<Method, PlanTime['stages']>> = {
  euler: [{ c: 0, a: 0, b: 1 }],
  rk2: [
    { c: 0, a: 0, b: 1 / 2 },
    { c: 1, a: 1, b: 1 / 2 },
  ],
  rk4: [
    { c: 0, a: 0, b: 1 / 6 },
    { c: 1 / 2, a: 1 / 2, b: 1 / 3 },
    { c: 1 / 2, a: 1 / 2, b: 1 / 3 },
    { c: 1, a: 1, b: 1 / 6 },
  ],
}

function planTime({ start, dt, steps, method = 'euler', saveEvery, saveAt, unit }: TimeSpec): PlanTime {
  const saved = saveAt ? { saveEvery: 1, saveAt: saveAt.map((step) => step + 0) } : { saveEvery, saveAt: null }
  return { start: start + 0, dt, steps: steps + 0, stages: STAGES[method], ...saved, unit }
}

function uniformOf({ name, slot, level }: Row, everyStep: boolean): PlanUniform {
  return { name, slot, level, everyStep, stream: streamOf(name) }
}

/** Philox stream of a random parameter: the first 32 bits of the SHA-256 of its name. */
function streamOf(name: string): number {
  return Number.parseInt(sha256(name).slice(0, 8), 16)
}

function distinctStreams(uniforms: readonly PlanUniform[]): readonly PlanUniform[] {
  const byStream = new Map<number, string>()
  for (const { name, stream } of uniforms) {
    const other = byStream.get(stream)
    byStream.set(stream, name)
    if (other === undefined || other === name) continue
    const message = `${name} would draw the same numbers as ${other}; rename one of the two`
    throw new QuesnayError('MODEL_INVALID', `${name}: ${message}`, { path: name, message })
  }
  return uniforms
}
