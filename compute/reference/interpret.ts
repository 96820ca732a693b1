// The interpreter of a plan: one lane after the other in plain TypeScript. The plan machine equals it bit for bit.
import type { LaneRange } from '../../schema/jobs.ts'
import { CODE } from '../layout/operations.ts'
import { meaningOf } from '../model/arithmetic.ts'
import { columnValues, inputValue, seriesValues } from '../model/binding.ts'
import { pmax, pmin } from '../model/math/extrema.ts'
import { uniform } from '../model/math/philox.ts'
import { type Operation, type Plan, type PlanBinding, savedTimes } from '../model/plan.ts'
import { prepareRandom, randomValue } from '../model/random.ts'
import { seedWords } from '../model/seed.ts'
import { bracket, lookup, prepareBracket, prepareLookup } from '../model/tables.ts'

export interface NotFinite {
  readonly outputIndex: number
  readonly timeIndex: number
  readonly lane: number
}

export interface Interpretation {
  /** values[(output * times + time) * lanes + (lane - range.from)]; NaN is the canonical one. */
  readonly values: Float64Array<ArrayBuffer>
  /** The first value that is NaN or infinite, by (time, output, lane); null where all are finite. */
  readonly notFinite: NotFinite | null
}

/** Runs a binding over a range of lanes. Columns are slices of the range. Errors: BAD_INPUT, as the machine's. */
export function interpret(
  binding: Pick<PlanBinding, 'plan' | 'inputs' | 'series'>,
  columns: Readonly<Record<string, Float64Array>>,
  range: LaneRange,
  seed: string,
): Interpretation {
  const { plan } = binding
  const steps = plan.time?.steps ?? 0
  const lanes = range.to - range.from
  const times = savedTimes(plan).length
  const key = seedWords(seed)
  const inputs = plan.inputs.map((input) => ({ slot: input.slot, value: inputValue(input, binding.inputs) }))
  const series = plan.series.map((s) => ({ slot: s.slot, values: seriesValues(s, steps, binding.series) }))
  const rows = plan.columns.map((c) => ({ slot: c.slot, values: columnValues(c, lanes, columns) }))
  const randoms = plan.randoms.map((r) => ({ slot: r.slot, stream: r.stream, prepared: prepareRandom(r) }))
  const run = {
    run: compile(plan, plan.operations.run),
    draw: compile(plan, plan.operations.draw),
    step: compile(plan, plan.operations.step),
    save: compile(plan, plan.operations.save),
  }
  const values = new Float64Array(plan.outputs.length * times * lanes)
  const slots = new Float64Array(plan.slots)
  let notFinite: NotFinite | null = null

  const setStep = (step: number) => {
    if (plan.time && plan.timeSlot !== null) slots[plan.timeSlot] = plan.time.start + step * plan.time.dt
    for (const s of series) slots[s.slot] = s.values[step]!
  }
  const save = (lane: number, timeIndex: number) => {
    plan.outputs.forEach(({ slot }, outputIndex) => {
      const value = slots[slot]!
      values[(outputIndex * times + timeIndex) * lanes + lane] = Number.isNaN(value) ? Number.NaN : value
      if (Number.isFinite(value)) return
      const fault = { outputIndex, timeIndex, lane: range.from + lane }
      if (!notFinite || before(fault, notFinite)) notFinite = fault
    })
  }

  for (const { slot, value } of [...plan.constants, ...inputs]) slots[slot] = value
  setStep(0)
  run.run(slots)
  for (let lane = 0; lane < lanes; lane++) {
    setStep(0)
    for (const { slot, values } of rows) slots[slot] = values[lane]!
    for (const r of randoms) slots[r.slot] = randomValue(r.prepared, uniform(range.from + lane, r.stream, key))
    run.draw(slots)
    for (const stock of plan.stocks) slots[stock.slot] = slots[stock.initial]!
    if (!plan.time) {
      save(lane, 0)
      continue
    }
    const { dt, saveEvery } = plan.time
    for (let step = 0; step <= steps; step++) {
      setStep(step)
      run.step(slots)
      if (step % saveEvery === 0 || step === steps) {
        run.save(slots)
        save(lane, Math.ceil(step / saveEvery))
      }
      if (step === steps) break
      for (const { slot, flow, min, max } of plan.stocks) {
        const next = slots[slot]! + dt * slots[flow]!
        const above = min === null ? next : pmax(next, min)
        slots[slot] = max === null ? above : pmin(above, max)
      }
    }
  }
  return { values, notFinite }
}

const before = (a: NotFinite, b: NotFinite) =>
  a.timeIndex !== b.timeIndex ? a.timeIndex < b.timeIndex : a.outputIndex < b.outputIndex

/** The operations as one function over the slots of a lane. */
function compile(plan: Plan, operations: readonly Operation[]): (slots: Float64Array) => void {
  const compiled = operations.map((operation) => compileOne(plan, operation))
  return (slots) => {
    for (const one of compiled) one(slots)
  }
}

function compileOne(
  plan: Plan,
  [code, out, a = 0, b = 0, c = 0, d = 0, e = 0]: Operation,
): (slots: Float64Array) => void {
  if (code === CODE.lookup) {
    const table = prepareLookup(plan.tables[b]!)
    return (s) => {
      s[out] = lookup(s[a]!, table)
    }
  }
  if (code === CODE.bracket) {
    const table = prepareBracket(plan.tables[b]!)
    return (s) => {
      s[out] = bracket(s[a]!, table)
    }
  }
  const meaning = meaningOf(code)
  if (!meaning) throw new Error(`no operation has the code ${code}`)
  return (s) => {
    s[out] = meaning(s[a]!, s[b]!, s[c]!, s[d]!, s[e]!)
  }
}
