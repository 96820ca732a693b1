// A law of the size and the kind of an income tax, made up: parameters by filing status, schedules, credits that phase in and out.
import { call, sum, type Term } from '../../../compute/model/build.ts'
import { lower } from '../../../compute/model/lowering/lower.ts'
import type { Expression, Variable } from '../../../compute/model/model.ts'
import type { PopulationSpec } from '../../../schema/jobs.ts'
import type { MicrosimQuestion } from './question.ts'
import { AMOUNTS, syntheticUnits } from './synthetic-units.ts'

const STATUSES = [1, 2, 3, 4, 5] as const
const BRACKETS = 7
/** Programmes: each with a threshold, a schedule and a credit of its own. */
const PROGRAMMES = 7

/** Collects the variables of one side of a comparison: the law as it is, or as a reform makes it. */
class Side {
  readonly variables: Variable[] = []
  readonly #inputs: Map<string, number>
  readonly name: string

  constructor(name: string, inputs: Map<string, number>) {
    this.name = name
    this.#inputs = inputs
  }

  parameter(id: string, value: number): string {
    const name = `${id} @ ${this.name}`
    this.#inputs.set(name, value)
    this.variables.push({ kind: 'input', name, unit: 'USD' })
    return name
  }

  rule(id: string, equation: Expression): string {
    const name = `${id} @ ${this.name}`
    this.variables.push({ kind: 'auxiliary', name, unit: 'USD', equation })
    return name
  }

  /** The parameter's value for the unit's status, as a subscript that is computed elaborates. */
  byStatus(id: string, value: number): string {
    const cells = STATUSES.map((s) => this.parameter(`${id}[${s}]`, s === 2 || s === 5 ? 2 * value : value))
    const place = call('round', 'filing_status')
    const chosen = STATUSES.reduceRight<Expression>(
      (otherwise, s, i) => call('select', call('eq', place, s), cells[i]!, otherwise),
      { op: 'number', value: 0 },
    )
    return this.rule(id, chosen)
  }
}

const excess = (x: Term, over: Term) => call('max', 0, call('sub', x, over))

function programme(side: Side, n: number, income: Term): { tax: string; credit: string } {
  const id = `programme ${n}`
  const base = side.rule(`${id} base`, excess(income, side.byStatus(`${id} deduction`, 9_000 + 900 * n)))
  const tops = Array.from({ length: BRACKETS - 1 }, (_, b) => side.byStatus(`${id} top ${b}`, 9_000 * (b + 1) ** 2))
  const rates = Array.from({ length: BRACKETS }, (_, b) => side.parameter(`${id} rate ${b}`, 0.02 + 0.01 * b))
  const steps = tops.map((top, b) => call('mul', call('sub', rates[b + 1]!, rates[b]!), excess(base, top)))
  const tax = side.rule(`${id} tax`, sum([call('mul', rates[0]!, base), ...steps]))
  const most = side.parameter(`${id} credit`, 400 + 50 * n)
  const phasedIn = call(
    'min',
    call('mul', most, 'children'),
    call('mul', side.parameter(`${id} phase in`, 0.1), income),
  )
  const start = side.byStatus(`${id} phase-out start`, 20_000 + 1_000 * n)
  const step = call('ceil', call('div', excess(income, start), side.parameter(`${id} step`, 1_000)))
  const less = call('mul', side.parameter(`${id} per step`, 50), step)
  const own = side.rule(`${id} before limit`, excess(phasedIn, less))
  const old = call('le', side.parameter(`${id} age`, 65), 'age_head')
  const credit = side.rule(
    `${id} credit after limit`,
    call('select', call('and', old, call('lt', 'children', 1)), 0, call('min', own, tax)),
  )
  return { tax, credit }
}

function law(name: string, inputs: Map<string, number>): Variable[] {
  const side = new Side(name, inputs)
  const wages = call('add', 'wages_head', 'wages_spouse')
  const shares = AMOUNTS.map(({ name: amount }, i) => {
    const part = call('mul', side.parameter(`share ${i}`, i % 3 === 0 ? 1 : 0.5), amount)
    return call('min', part, side.byStatus(`cap ${i}`, 30_000 + 1_000 * i))
  })
  const income = side.rule('income', sum([wages, ...shares]))
  const parts = Array.from({ length: PROGRAMMES }, (_, n) => programme(side, n, n === 0 ? income : income))
  side.rule('tax', sum(parts.map(({ tax }) => tax)))
  side.rule('credits', sum(parts.map(({ credit }) => credit)))
  side.rule('net', call('sub', income, call('sub', `tax @ ${name}`, `credits @ ${name}`)))
  return side.variables
}

const PEOPLE = 'people'
const sides = ['law', ...Array.from({ length: 8 }, (_, i) => `reform ${i + 1}`)]

/** @param reforms beside the law as it is, 1 to 8 */
export function syntheticQuestion(units: number, reforms = 1): MicrosimQuestion {
  const inputs = new Map<string, number>()
  const used = sides.slice(0, 1 + reforms)
  const changed = used.slice(1)
  const column = (name: string): Variable => ({ kind: 'column', name, unit: '1' })
  const rule = (name: string, equation: Expression): Variable => ({ kind: 'auxiliary', name, unit: '1', equation })
  const columns = syntheticUnits(units)
  const outputs = [
    ...['weight', 'state', PEOPLE],
    ...used.flatMap((side) => [`net @ ${side}`, `tax @ ${side}`, `credits @ ${side}`, ...programmesOf(side)]),
    ...changed.flatMap((side) => [`change @ ${side}`, `wins @ ${side}`, `loses @ ${side}`]),
  ]
  const plan = lower({
    name: 'synthetic law',
    tables: {},
    variables: [
      ...Object.keys(columns).map(column),
      ...used.flatMap((side) => law(side, inputs)),
      rule(PEOPLE, call('mul', 'weight', 'persons')),
      ...changed.flatMap((side) => [
        rule(`change @ ${side}`, call('sub', `net @ ${side}`, 'net @ law')),
        rule(`wins @ ${side}`, call('lt', 0.005, `change @ ${side}`)),
        rule(`loses @ ${side}`, call('lt', `change @ ${side}`, -0.005)),
      ]),
    ],
    outputs,
  })
  const sums = outputs.slice(3)
  const spec: PopulationSpec = {
    kind: 'POPULATION',
    weight: 'weight',
    sums,
    groups: ['state'],
    ranks: { by: 'net @ law', weight: PEOPLE, count: 10 },
    ranked: sums,
    distributions: used.map((side) => ({ income: `net @ ${side}`, weight: PEOPLE })),
    poverty: used.map((side) => ({
      income: `net @ ${side}`,
      weight: PEOPLE,
      line: { share: 0.6, of: 'net @ law', weight: PEOPLE },
    })),
    link: null,
  }
  return {
    name: `${reforms === 1 ? 'a reform' : `${reforms} reforms`} of the synthetic law`,
    plan,
    columns,
    inputs: (n) => {
      const values = Object.fromEntries(inputs)
      for (const [i, side] of changed.entries()) values[`programme 0 rate 1 @ ${side}`] = 0.03 + (i + n + 1) / 1000
      return values
    },
    spec,
  }
}

const programmesOf = (side: string) =>
  Array.from({ length: PROGRAMMES }, (_, n) => [
    `programme ${n} tax @ ${side}`,
    `programme ${n} credit after limit @ ${side}`,
  ]).flat()
