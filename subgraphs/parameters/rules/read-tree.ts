// Reads a file of parameters (the format is in data/README.md).
import { parse } from 'yaml'
import { QuesnayError } from '../../../schema/errors.ts'
import { ParameterVector, ScaleKind, ScaleStyle, VECTOR_CELLS } from '../../../schema/terms/tax.ts'
import { parseUnit } from '../../../schema/units.ts'
import { firstDay, lastDay } from './dates.ts'
import { byDays } from './history/timeline.ts'
import { limitsOf, valuesOf } from './scale.ts'
import type { DatedValue, Parameter, Scale, Source, Tree } from './tree.ts'
import { cellsOf, differingBy, faultsOfVector } from './vector.ts'

interface ValueText {
  from: string
  known?: string
  source?: string
  value: number | number[]
}

interface ParameterText {
  id: string
  label: string
  unit: string
  period?: string
  /** NONE, FILING_STATUS, CHILDREN, or a vector that the tree names. */
  by?: string
  origin?: string
  source?: Source
  references: string[]
  values: ValueText[]
}

interface TreeText extends Omit<Tree, 'parameters' | 'scales' | 'nodes'> {
  scales: { id: string; label: string; count: number }[]
  parameters: ParameterText[]
}

const ID = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$/

/** Reads the tree in a YAML text; IMPORT_REJECTED with every fault listed, each with its parameter. */
export function readTree(text: string): Tree {
  const file = parse(text) as TreeText
  const faults: { path: string; message: string }[] = []
  const parameters = file.parameters.map((parameter, i) => {
    const path = `parameters.${i} (${parameter.id})`
    try {
      return readParameter(parameter, file)
    } catch (error) {
      faults.push({ path, message: (error as Error).message })
      return undefined
    }
  })
  for (const [name, cells] of Object.entries(file.vectors ?? {}))
    for (const message of faultsOfVector(name, cells)) faults.push({ path: `vectors.${name}`, message })
  const seen = new Set<string>()
  for (const { id } of file.parameters) {
    if (seen.has(id)) faults.push({ path: id, message: 'the id stands twice' })
    seen.add(id)
  }
  const scales = file.scales.map(
    (scale): Scale => ({ ...scale, kind: ScaleKind.MARGINAL_RATE, style: ScaleStyle.TOPS }),
  )
  for (const scale of scales)
    for (const part of [...valuesOf(scale), ...limitsOf(scale)])
      if (!seen.has(part)) faults.push({ path: scale.id, message: `the scale lacks the parameter ${part}` })
  if (faults.length > 0)
    throw new QuesnayError(
      'IMPORT_REJECTED',
      `${faults.length} faults; the first: ${faults[0]?.path}: ${faults[0]?.message}`,
      {
        path: faults[0]?.path,
        faults,
      },
    )
  return {
    ...file,
    from: firstDay(file.from, 'from'),
    to: lastDay(file.to, 'to'),
    nodes: [],
    scales: scales.sort(byId),
    parameters: parameters.filter((p) => p !== undefined).sort(byId),
  }
}

function readParameter(text: ParameterText, { source, vectors, currency }: TreeText): Parameter {
  if (!ID.test(text.id)) throw new Error('the id is not lower-case words joined by dots')
  parseUnit(text.unit, 'unit')
  const differing = differingBy(text.by ?? ParameterVector.NONE, vectors)
  if (!differing)
    throw new Error(`by is none of ${[...Object.keys(VECTOR_CELLS), ...Object.keys(vectors ?? {})].join(', ')}`)
  const { length } = cellsOf(differing)
  const values = text.values.map((value) => readValue(value, length)).sort(byDays)
  if (values.length === 0) throw new Error('there is no value')
  for (const [i, value] of values.entries())
    if (i > 0 && byDays(values[i - 1]!, value) === 0)
      throw new Error(`two values from ${value.from} as known on ${value.known}`)
  return {
    id: text.id,
    label: text.label,
    kind: text.unit === 'boolean' ? 'BOOLEAN' : 'NUMBER',
    unit: text.unit,
    period: text.period ?? null,
    ...differing,
    references: text.references.map((title) => ({ title })),
    source: text.source ?? source,
    origin: text.origin ?? null,
    expected: expectedRange(text.unit, values, currency),
    values,
  }
}

function readValue(text: ValueText, length: number): DatedValue {
  const values = Array.isArray(text.value) ? text.value : [text.value]
  if (values.length !== length) throw new Error(`${values.length} values where ${length} are wanted, from ${text.from}`)
  if (!values.every(Number.isFinite)) throw new Error(`a value from ${text.from} is not a number`)
  const from = firstDay(text.from, 'from')
  const known = text.known === undefined ? from : firstDay(text.known, 'known')
  return { from, known, values, ...(text.source === undefined ? {} : { source: text.source }) }
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)

/** Rates and flags lie in 0 to 1; amounts and counts from 0 to ten times the greatest one shipped, at least 100,000 for money. */
export function expectedRange(unit: string, values: readonly DatedValue[], currency: string): [number, number] {
  if (unit === 'fraction' || unit === 'boolean') return [0, 1]
  const greatest = Math.max(...values.flatMap((v) => v.values))
  return [0, Math.max(10 * greatest, unit === currency ? 100_000 : 1)]
}
