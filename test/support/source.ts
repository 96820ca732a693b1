// Short constructors for models as their author writes them, formulas as text.
import { parseFormula } from '../../compute/model/formula/parse-formula.ts'
import type { Equation, SourceModel, SourceTime, SourceVariable } from '../../compute/model/source/source.ts'

/** One formula for all, or one for each combination of elements, by `a,b`. */
export type Text = string | Readonly<Record<string, string>>

const equation = (text: Text): Equation =>
  typeof text === 'string'
    ? { kind: 'formula', formula: parseFormula(text) }
    : {
        kind: 'elements',
        formulas: Object.fromEntries(Object.entries(text).map(([key, one]) => [key, parseFormula(one)])),
      }

type Rest<V extends SourceVariable> = Partial<Omit<V, 'kind' | 'name' | 'equation' | 'initial'>>
type Rule = Extract<SourceVariable, { equation: Equation }>
type Stock = Extract<SourceVariable, { kind: 'stock' }>
type Table = Extract<SourceVariable, { kind: 'table' }>

export const aux = (name: string, text: Text, rest: Rest<Rule> = {}): SourceVariable => ({
  kind: 'auxiliary',
  name,
  equation: equation(text),
  ...rest,
})

/** Brackets as [threshold, rate or amount], numbers or formulas as text. */
export const schedule = (
  name: string,
  brackets: readonly (readonly [number | string, number | string])[],
  rest: { readonly unit?: string; readonly dimensions?: readonly string[] } = {},
): SourceVariable => ({
  kind: 'schedule',
  name,
  thresholds: brackets.map(([threshold]) => parseFormula(String(threshold))),
  values: brackets.map(([, value]) => parseFormula(String(value))),
  ...rest,
})

export const flow = (name: string, text: Text, rest: Rest<Rule> = {}): SourceVariable => ({
  kind: 'flow',
  name,
  equation: equation(text),
  ...rest,
})

export const stock = (name: string, initial: Text, rest: Rest<Stock> = {}): SourceVariable => ({
  kind: 'stock',
  name,
  initial: equation(initial),
  inflows: [],
  outflows: [],
  ...rest,
})

export const table = (name: string, xs: number[], ys: number[], rest: Rest<Table> = {}): SourceVariable => ({
  kind: 'table',
  name,
  graph: { type: 'continuous', xs, ys },
  ...rest,
})

/** A source of variables, in steps of 1 from 0 to 4 unless told otherwise. */
export const source = (
  variables: readonly SourceVariable[],
  { time, ...rest }: Partial<Omit<SourceModel, 'time'>> & { time?: Partial<SourceTime> | null } = {},
): SourceModel => ({
  name: 'test',
  dimensions: [],
  macros: [],
  unitFaults: 'finding',
  variables,
  ...(time === null ? {} : { time: { start: 0, stop: 4, dt: 1, method: 'euler', unit: 'year', ...time } }),
  ...rest,
})
