// From the equations of a model to nodes of a graph: the values of every variable at a step, and those at the start that are needed.
import { levelsOf } from '../entities.ts'
import type { Expression, Model, SolveBlock, Variable } from '../model.ts'
import { readsOf, variableReads } from '../references.ts'
import { type Block, blocksOf, orderWithBlocks } from './blocks.ts'
import { changingNames } from './changing.ts'
import { distributionNode } from './distributions.ts'
import { drawsOf } from './draws.ts'
import { type Context, expressionNode, kept } from './expression-node.ts'
import { Graph } from './graph.ts'
import { type IdentityNodes, identityNode } from './identity-node.ts'
import { usedEntities } from './live.ts'
import { topologicalOrder } from './order.ts'
import { isInside, outsideOf, refuseMembers, type SolveNodes } from './solve-nodes.ts'

export interface StateNodes {
  readonly name: string
  readonly leaf: number
  readonly initial: number
  /** A stock's flow, what a register takes over, what a ring takes in. */
  readonly next: number
  /** Of a ring: its length in steps. */
  readonly delay: number | undefined
}

export interface Translation {
  readonly graph: Graph
  /** The node of a variable's value at a step. */
  readonly nodeOf: ReadonlyMap<string, number>
  /** Stocks, registers and rings, by the node that they are read by. */
  readonly states: ReadonlyMap<number, StateNodes>
  /** By the name that the solve's node has as index. */
  readonly solves: ReadonlyMap<string, SolveNodes>
  readonly identities: readonly IdentityNodes[]
}

/** Nodes of a checked model that is cut to what is needed. The order of declaration makes no difference. */
export function translate(model: Model, share: boolean): Translation {
  const byName = new Map(model.variables.map((v) => [v.name, v]))
  const names = [...byName.keys()]
  const method = model.time?.method ?? 'euler'
  const graph = new Graph(levelsOf(model, usedEntities(model)), method !== 'euler', share)
  const { levels } = graph
  const solves = model.solves ?? []
  const changing = changingNames(model)
  const drawOf = drawsOf(model, graph)
  const solveNodes = new Map<string, SolveNodes>()

  // Values at the start, and of what never changes all values; then those at a step.
  const startNodes = new Map<string, number>()
  const stepNodes = new Map<string, number>()
  const start: Context = contextOf(startNodes, model.time?.start ?? 0, undefined)
  const step: Context = contextOf(stepNodes, undefined, start)

  const readsNow = (name: string) => variableReads(byName.get(name)!).now.now
  const readsAtStart = (name: string) => variableReads(byName.get(name)!).initial
  const guessReads = (solve: SolveBlock) => bothReads(Object.values(solve.guess ?? {}))
  const startBlocks = blocksOf(solves, readsAtStart, guessReads)
  const needed = neededAtStart()
  for (const name of ordered(needed, readsAtStart, startBlocks)) {
    if (!startNodes.has(name)) place(name, start, startNodes, startBlocks.get(name), true)
  }
  for (const name of names) if (!changing.has(name)) stepNodes.set(name, startNodes.get(name)!)
  const stepBlocks = blocksOf(solves, readsNow)
  for (const name of ordered(names, readsNow, stepBlocks)) {
    if (!stepNodes.has(name)) place(name, step, stepNodes, stepBlocks.get(name), false)
  }
  return { graph, nodeOf: stepNodes, states: stateNodes(), solves: solveNodes, identities: identityNodes() }

  function contextOf(
    nodes: ReadonlyMap<string, number>,
    now: number | undefined,
    atStart: Context | undefined,
  ): Context {
    const context = { graph, tables: model.tables, nodeOf: (name: string) => nodes.get(name)!, now }
    return atStart ? { ...context, start: atStart } : selfStarting(context)
  }

  /** Names whose values at the start are needed: what never changes, what states begin with, what `initial` reads, guesses. */
  function neededAtStart(): string[] {
    const open = names.filter((name) => !changing.has(name))
    for (const v of byName.values()) {
      const { now, next, initial } = variableReads(v)
      open.push(...now.start, ...next.start)
      if (v.kind === 'stock' || v.kind === 'previous' || v.kind === 'delay') open.push(...initial)
    }
    for (const { left, right } of model.identities ?? []) open.push(...readsOf([left, right]).start)
    for (const solve of solves) open.push(...guessReads(solve))
    const found = new Set<string>()
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (found.has(name)) continue
      found.add(name)
      const block = startBlocks.get(name)
      open.push(...(block ? [...block.reads, ...block.inner, ...block.solve.unknowns] : readsAtStart(name)))
    }
    return [...found].sort()
  }

  /** Sets the node of a variable in a context; of an unknown those of its whole block. */
  function place(
    name: string,
    context: Context,
    nodes: Map<string, number>,
    block: Block | undefined,
    atStart: boolean,
  ): void {
    if (!block) {
      nodes.set(name, variableNode(byName.get(name)!, context, atStart))
      return
    }
    const own = atStart && changing.has(name) ? `${block.solve.name} at the start` : block.solve.name
    const unknowns = solveBlock(block, own, context, atStart)
    for (const [unknown, id] of unknowns) nodes.set(unknown, id)
  }

  function variableNode(v: Variable, context: Context, atStart: boolean): number {
    const level = levels.levelOf(v.entity)
    switch (v.kind) {
      case 'constant':
        return graph.number(v.value)
      case 'auxiliary':
        return expressionNode(context, v.equation, level)
      case 'input':
        return graph.leaf('input', v.name)
      case 'column':
        return graph.leaf('column', v.name, level)
      case 'series':
        return graph.leaf(atStart ? 'seriesAtStart' : 'series', v.name)
      case 'trajectory':
        return graph.leaf(atStart ? 'trajectoryAtStart' : 'trajectory', v.name)
      case 'random':
        return distributionNode(graph, v.distribution, drawOf(v, atStart), (p) =>
          typeof p === 'number' ? graph.number(p) : expressionNode(context, p, level),
        )
      case 'stock':
        return atStart ? expressionNode(context, v.initial, level) : graph.leaf('stock', v.name, level)
      case 'previous':
        return atStart ? expressionNode(context, v.initial, level) : graph.leaf('register', v.name, level)
      case 'delay':
        return atStart ? expressionNode(context, v.initial, level) : graph.leaf('ring', v.name)
    }
  }

  /** The equations of a block's unknowns over inner nodes of them, then its solve, then the unknowns as others see them. */
  function solveBlock(block: Block, own: string, outside: Context, atStart: boolean): Map<string, number> {
    const { solve, inner } = block
    const nodes = new Map(solve.unknowns.map((name) => [name, graph.leaf('inner', `${own} ${name}`)]))
    const first = graph.nodes.length
    const within: Context = { ...outside, nodeOf: (name) => nodes.get(name) ?? outside.nodeOf(name) }
    const context = atStart ? selfStarting(within) : within
    const reads = atStart ? readsAtStart : readsNow
    for (const name of ordered([...inner].sort(), reads, new Map())) {
      nodes.set(name, variableNode(byName.get(name)!, context, atStart))
    }
    const unknowns = solve.unknowns.map((name) => {
      const { equation } = byName.get(name) as Extract<Variable, { kind: 'auxiliary' }>
      const next = expressionNode(context, equation, 0)
      const guess = solve.guess?.[name]
      return {
        inner: nodes.get(name)!,
        // An unknown by itself is copied: it is overwritten while the block is solved.
        next: graph.nodes[next]!.leaf === 'inner' ? graph.operation('copy', next) : next,
        guess: guess ? kept(graph, expressionNode(start, guess, 0)) : graph.number(0),
      }
    })
    refuseMembers(graph, solve, first)
    solveNodes.set(own, { name: own, solve, unknowns })
    const outer = outsideOf(unknowns, (id) => isInside(graph, id) && graph.nodes[id]!.args)
    const node = graph.solve(own, outer)
    return new Map(solve.unknowns.map((name) => [name, graph.unknown(`${own} ${name}`, node)]))
  }

  function stateNodes(): Map<number, StateNodes> {
    const states = new Map<number, StateNodes>()
    for (const [name, v] of byName) {
      if (v.kind !== 'stock' && v.kind !== 'previous' && v.kind !== 'delay') continue
      const level = levels.levelOf(v.entity)
      const given = v.kind === 'stock' ? v.flow : v.kind === 'previous' ? v.value : v.input
      const next = graph.spread(expressionNode(step, given, level), level)
      const leaf = stepNodes.get(name)!
      const initial = graph.spread(startNodes.get(name) ?? expressionNode(start, v.initial, level), level)
      const delay = v.kind === 'delay' ? kept(graph, expressionNode(start, v.steps, 0)) : undefined
      states.set(leaf, {
        name,
        leaf,
        initial: v.kind === 'delay' ? kept(graph, initial) : initial,
        // What is overwritten at the end of a step is copied where it goes by itself into another.
        next: OVERWRITTEN.has(graph.nodes[next]!.leaf ?? '') ? graph.operation('copy', next) : next,
        delay,
      })
    }
    return states
  }

  function identityNodes(): IdentityNodes[] {
    return (model.identities ?? []).map((identity) => identityNode(step, identity))
  }
}

const OVERWRITTEN: ReadonlySet<string> = new Set(['stock', 'register', 'ring'])

function selfStarting(context: Omit<Context, 'start'>): Context {
  const self = { ...context } as { -readonly [key in keyof Context]: Context[key] }
  self.start = self
  return self
}

function bothReads(expressions: readonly Expression[]): string[] {
  const { now, start } = readsOf(expressions)
  return [...now, ...start]
}

function ordered(
  names: readonly string[],
  readsOf: (name: string) => readonly string[],
  blocks: ReadonlyMap<string, Block>,
): readonly string[] {
  const ordering = blocks.size === 0 ? topologicalOrder(names, readsOf) : orderWithBlocks(names, readsOf, blocks)
  if ('cycle' in ordering) throw new Error('a checked model has no circles')
  return ordering.order
}
