// Arbitrary plans for property tests of the machine: every operation and construct, each slot written before it is read.
import fc from 'fast-check'
import { CODE, OPERATIONS, operationKind } from '../../compute/layout/operations.ts'
import { RUN_LEVEL } from '../../compute/model/levels.ts'
import type { Operation, Phase, Plan } from '../../compute/model/plan.ts'
import { planOf, STAGES } from './plans.ts'
import { numbers } from './random-numbers.ts'

/** Choices, made one after the other. */
class Choices {
  readonly #next: () => number

  constructor(seed: number) {
    this.#next = numbers(seed)
  }

  whole(min: number, max: number): number {
    return min + Math.floor(this.#next() * (max - min + 1))
  }

  of<T>(list: readonly T[]): T {
    return list[this.whole(0, list.length - 1)]!
  }

  chance(percent: number): boolean {
    return this.whole(1, 100) <= percent
  }

  times<T>(min: number, max: number, make: (i: number) => T): T[] {
    return Array.from({ length: this.whole(min, max) }, (_, i) => make(i))
  }
}

const NUMBERS = [0, -0, 1, -1, 2, 0.5, 0.1, -3.25, 7, 1e-3, 40, 1e6, 1e300, -1e-300]
const PLAIN = OPERATIONS.filter(({ index }) => index === null || index === 'table')
const REDUCTIONS = [CODE.sumMembers, CODE.minMembers, CODE.maxMembers, CODE.countMembers]
/** Those that go on for long are drawn more rarely. */
const SLOW: ReadonlySet<number> = new Set([CODE.gammaQuantile, CODE.betaQuantile, CODE.poissonQuantile])

const ENTITIES = [
  [],
  [{ name: 'person', of: 0, count: 'persons' }],
  [
    { name: 'unit', of: 0, count: 'units' },
    { name: 'person', of: 1, count: 'persons' },
  ],
]

export const anyPlan: fc.Arbitrary<Plan> = fc.nat().map((seed) => build(new Choices(seed)))

function build(choose: Choices): Plan {
  const levels = [{ name: 'lane', of: null, count: null }, ...choose.of(ENTITIES)]
  const last = levels.length - 1
  const relations = levels.flatMap((_, member) => Array.from({ length: member }, (_, group) => ({ member, group })))
  let slots = 0
  /** Slots that may be read, by level; of the run at 0. */
  const known: number[][] = [...levels, null].map(() => [])
  const levelOf = new Map<number, number>()
  const slot = (level: number): number => {
    levelOf.set(slots, level)
    return slots++
  }
  const give = (level: number): number => {
    const made = slot(level)
    known[level + 1]!.push(made)
    return made
  }
  const readable = (level: number) => [...known[0]!, ...(level === RUN_LEVEL ? [] : known[level + 1]!)]
  const anyLevel = () => choose.whole(0, last)

  const constants = choose.times(2, 4, () => ({ slot: give(RUN_LEVEL), value: choose.of(NUMBERS) }))
  const tables = choose.times(1, 2, () => {
    const ys = choose.times(1, 4, () => choose.of(NUMBERS.slice(0, 12)))
    return { xs: ys.map((_, i) => i * 1.5 - 2), ys }
  })
  const hasTime = choose.chance(80)
  const inputs = [{ name: 'input', slot: give(RUN_LEVEL), default: null }]
  const series = choose.chance(50) ? [{ name: 'series', slot: give(RUN_LEVEL), default: 2.5 }] : []
  const timeSlot = choose.chance(60) ? give(RUN_LEVEL) : null
  const stepTimeSlot = choose.chance(40) ? give(RUN_LEVEL) : null
  const columns = choose.times(1, 3, (i) => {
    const level = i === 0 ? 0 : anyLevel()
    return { name: `column${i}_${level}`, slot: give(level), level }
  })
  const trajectories = hasTime && choose.chance(40) ? [{ name: 'trajectory', slot: give(0) }] : []
  const uniforms = choose.times(0, 2, (stream) => {
    const level = anyLevel()
    return { name: `u${stream}`, slot: give(level), level, everyStep: choose.chance(50), stream }
  })

  const operations: Record<Phase, Operation[]> = { run: [], draw: [], step: [], stage: [], save: [] }
  /** Appends operations on what is known; what they write is known from then on. A slot of theirs may be written again. */
  const append = (list: Operation[], most: number, levelsAllowed: readonly number[]) => {
    const own: number[] = []
    for (let i = choose.whole(0, most); i > 0; i--) {
      const crossing = relations.length > 0 && levelsAllowed.length > 1 && choose.chance(25)
      const operation = crossing ? gathering() : plain(choose.of(levelsAllowed))
      const level = operation.level
      const again = own.filter((each) => levelOf.get(each) === level)
      const out = again.length > 0 && choose.chance(30) ? choose.of(again) : slot(level)
      list.push([operation.code, out, ...operation.operands])
      own.push(out)
      if (!known[level + 1]!.includes(out)) known[level + 1]!.push(out)
    }
  }
  const plain = (wanted: number) => {
    let kind = choose.of(PLAIN)
    // What takes any number of operands is not of members.
    if ((SLOW.has(kind.code) && choose.chance(80)) || (kind.variadic && wanted > 0)) kind = operationKind(CODE.add)!
    const more = kind.variadic ? choose.whole(0, 5) : 0
    const operands = Array.from({ length: kind.arity + more }, () => choose.of(readable(wanted)))
    const level = Math.max(RUN_LEVEL, ...operands.map((each) => levelOf.get(each)!))
    if (kind.index === 'table') operands.push(choose.whole(0, tables.length - 1))
    return { code: kind.code, operands, level }
  }
  const gathering = () => {
    const index = choose.whole(0, relations.length - 1)
    const { member, group } = relations[index]!
    const down = choose.chance(40)
    const operand = choose.of(readable(down ? group : member))
    return {
      code: down ? CODE.project : choose.of(REDUCTIONS),
      operands: [operand, index],
      level: down ? member : group,
    }
  }
  const all = [RUN_LEVEL, ...levels.keys()]
  const lanes = [RUN_LEVEL, 0]

  append(operations.run, 3, [RUN_LEVEL])
  append(operations.draw, 5, all)
  // The initial state is known once the draw phase is through; from here on its slots may be read.
  const initial = (level: number) => choose.of(readable(level))
  const guesses = choose.times(0, 2, () => choose.times(1, 3, () => ({ slot: slot(0), guess: initial(0) })))
  /** A state of members takes its level from its initial value. */
  const held = (wanted: number) => {
    const level = known[wanted + 1]!.length > 0 ? wanted : 0
    return { level, slot: slot(level), initial: level > 0 ? choose.of(known[level + 1]!) : initial(level) }
  }
  const stocks = hasTime ? choose.times(0, 3, () => held(anyLevel())) : []
  const registers = choose.times(0, 2, () => held(anyLevel()))
  const rings = choose.times(0, 2, () => ({ ...held(0), delay: choose.of(readable(0)), length: choose.whole(1, 5) }))
  for (const each of [...stocks, ...registers, ...rings]) known[each.level + 1]!.push(each.slot)

  append(operations.step, 5, all)
  const solved = choose.of([operations.step, operations.stage])
  const solves = guesses.map((unknowns, index) => {
    const phase = solved
    for (const unknown of unknowns) known[1]!.push(unknown.slot)
    const method = choose.of(['newton', 'gaussSeidel'] as const)
    const half = slot(RUN_LEVEL)
    constants.push({ slot: half, value: 0.25 })
    const next: number[] = []
    /** What one unknown is to be: mostly something that lets it settle. */
    const part = (): Operation[] => {
      const list: Operation[] = []
      append(list, 3, all)
      const source = choose.of(readable(0))
      const target = slot(Math.max(0, levelOf.get(source)!))
      const settled: Operation[] = [
        [CODE.sin, target, source],
        [CODE.mul, target, target, half],
        [CODE.add, target, target, unknowns[0]!.slot],
        [CODE.mul, target, target, half],
      ]
      list.push(...(choose.chance(95) ? settled : [[CODE.add, target, source, unknowns[0]!.slot] as const]))
      next.push(target)
      known[1]!.push(target)
      return list
    }
    const parts = unknowns.map(part)
    phase.push([CODE.solve, slot(RUN_LEVEL), index])
    return {
      name: `solve${index}`,
      method,
      tolerance: choose.of([1e-12, 1e-6, 0.01]),
      maxIterations: choose.of([1, 40, 40, 40]),
      damping: choose.of([1, 0.5]),
      unknowns: unknowns.map((unknown, i) => ({ ...unknown, next: next[i]! })),
      body: method === 'newton' ? parts.flat() : [],
      parts: method === 'newton' ? [] : parts,
    }
  })
  append(operations.stage, 5, all)
  const staged = new Set(stocks.map((each) => each.slot))
  const evaluated = (level: number, but: ReadonlySet<number> = new Set()) =>
    choose.of(readable(level).filter((each) => !but.has(each)))
  const flows = stocks.map(({ level }) => evaluated(level, staged))
  const nexts = registers.map(({ level }) => evaluated(level))
  const ringInputs = rings.map(() => evaluated(0))
  const identities = choose.times(0, 1, (i) => ({ name: `i${i}`, holds: evaluated(0), difference: evaluated(0) }))
  append(operations.save, 3, lanes)

  const steps = choose.whole(0, 7)
  const saveAt = Array.from({ length: steps + 1 }, (_, step) => step).filter(() => choose.chance(50))
  const method = choose.of(['euler', 'euler', 'rk2', 'rk4'] as const)
  const time = {
    start: choose.of([0, 2024]),
    dt: choose.of([0.25, 1, 0.1]),
    steps,
    stages: STAGES[method],
    saveEvery: choose.whole(1, 4),
    saveAt: saveAt.length > 0 && choose.chance(50) ? saveAt : null,
  }
  const bound = () => (choose.chance(30) ? choose.of([-5, 0, 5]) : null)
  return planOf({
    ...{ slots, constants, inputs, series, columns, trajectories, uniforms, tables, levels, relations, operations },
    stocks: stocks.map((s, i) => ({ slot: s.slot, initial: s.initial, flow: flows[i]!, min: bound(), max: bound() })),
    registers: registers.map((r, i) => ({ slot: r.slot, initial: r.initial, next: nexts[i]! })),
    rings: rings.map(({ level: _, ...ring }, i) => ({ ...ring, input: ringInputs[i]! })),
    ...{ solves, identities, timeSlot, stepTimeSlot },
    ...(hasTime ? { time } : {}),
    outputs: choose.times(1, 3, () => evaluated(0)),
  })
}
