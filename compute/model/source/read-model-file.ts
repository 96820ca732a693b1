// Model files: YAML (and so also JSON) with the formulas of the formula language.

import { canonicalName, type Formula } from '../formula/ast.ts'
import { CONSTANTS } from '../formula/functions.ts'
import { names, optional, readVariable } from './read-variable.ts'
import type {
  ReadModel,
  SourceCorrelation,
  SourceDimension,
  SourceEntity,
  SourceIdentity,
  SourceMacro,
  SourceModel,
  SourceSolve,
  SourceTime,
  SourceVariable,
} from './source.ts'
import { readYaml, type YamlPart } from './yaml-part.ts'

const KEYS = [
  'name',
  'doc',
  'time',
  'dimensions',
  'entities',
  'variables',
  'macros',
  'correlations',
  'solve',
  'identities',
  'outputs',
] as const

/**
 * Reads a model file (docs/formula-language.md). Its units are checked: a fault in them is an error.
 * MODEL_INVALID with { path, line, column, suggestion } at the first fault, of a formula also { expected, text }.
 */
export function readModelFile(text: string): ReadModel {
  const root = readYaml(text)
  if (!root.isMap) throw root.fault('this is no model file', 'begin with name: and variables:')
  const fields = root.fields(KEYS)
  const { name, variables, dimensions, entities, macros, correlations, solve, identities } = fields
  if (!name) throw root.fault('name is missing', 'begin with name: ...')
  if (!variables) throw root.fault('variables are missing', 'write variables: with a line for each variable')
  const source: SourceModel = {
    name: name.text(),
    ...optional('doc', fields.doc?.text()),
    ...optional('time', fields.time && readTime(fields.time)),
    dimensions: (dimensions?.entries() ?? []).map(([key, part]) => readDimension(key, part)),
    ...optional('entities', entities && readEntities(entities)),
    variables: readVariables(variables),
    macros: (macros?.entries() ?? []).map(([key, part]) => readMacro(key, part)),
    ...optional('correlations', correlations?.list().map(readCorrelation)),
    ...optional(
      'solves',
      solve?.entries().map(([key, part]) => readSolve(key, part)),
    ),
    ...optional(
      'identities',
      identities?.entries().map(([key, part]) => readIdentity(key, part)),
    ),
    ...optional('outputs', fields.outputs && names(fields.outputs)),
    unitFaults: 'error',
  }
  return { source, findings: [] }
}

/** Auxiliaries that a stock names among its flows are flows. */
export function readVariables(part: YamlPart): SourceVariable[] {
  const read = part
    .entries((name) => name)
    .map(([name, value]) => {
      if (CONSTANTS.some((constant) => constant === canonicalName(name)))
        throw value.fault(`${name} is a name of the language`, 'choose another name', value.keyAt)
      return readVariable(name, value)
    })
  const flows = new Set(
    read.flatMap((v) => (v.kind === 'stock' ? [...v.inflows, ...v.outflows].map(canonicalName) : [])),
  )
  return read.map((v) => (v.kind === 'auxiliary' && flows.has(canonicalName(v.name)) ? { ...v, kind: 'flow' } : v))
}

function readTime(part: YamlPart): SourceTime {
  const { start, stop, dt, method, unit, saveEvery } = part.fields([
    'start',
    'stop',
    'dt',
    'method',
    'unit',
    'saveEvery',
  ])
  if (!stop || !unit)
    throw part.fault('time needs a stop and a unit', 'write time: { start: 0, stop: 10, dt: 1, unit: year }')
  const time = {
    start: start?.number() ?? 0,
    stop: stop.number(),
    dt: dt?.number() ?? 1,
    method: method?.oneOf(['euler', 'rk2', 'rk4']) ?? 'euler',
    unit: unit.text(),
    ...optional('saveEvery', saveEvery?.number()),
  } as const
  if (time.dt <= 0) throw dt!.fault('dt is above 0')
  if (time.stop < time.start) throw stop.fault('stop lies before start')
  if (time.saveEvery !== undefined && time.saveEvery <= 0) throw saveEvery!.fault('saveEvery is above 0')
  return time
}

/** A list of elements, a number of them, or { elements, maps: { other: [...] } }. */
function readDimension(name: string, part: YamlPart): SourceDimension {
  const fields = part.isMap ? part.fields(['elements', 'maps']) : { elements: part }
  if (!fields.elements) throw part.fault('elements are missing', 'write elements: [north, south]')
  const elements = fields.elements.isList
    ? fields.elements.list().map((item) => item.text())
    : Array.from({ length: size(fields.elements) }, (_, i) => String(i + 1))
  const seen = new Set<string>()
  for (const element of elements.map(canonicalName)) {
    if (seen.has(element)) throw fields.elements.fault(`the element ${element} is given twice`, 'remove one')
    seen.add(element)
  }
  const maps = fields.maps?.entries().map(([to, list]) => {
    const images = list.list().map((item) => item.text())
    if (images.length !== elements.length)
      throw list.fault(`expected ${elements.length} elements, one for each of ${name}`)
    return { to, elements: images }
  })
  return { name, elements, ...optional('maps', maps) }
}

const MAX_ELEMENTS = 100_000

function size(part: YamlPart): number {
  const count = part.number()
  if (Number.isInteger(count) && count >= 1 && count <= MAX_ELEMENTS) return count
  throw part.fault('expected elements, or how many there are', 'write [north, south], or 3')
}

/** Names in a list, or `person: { of: household }`. */
function readEntities(part: YamlPart): SourceEntity[] {
  if (!part.isMap) return names(part).map((name) => ({ name }))
  return part.entries().map(([name, value]) => ({
    name,
    ...optional('of', value.isEmpty ? undefined : value.fields(['of']).of?.text()),
  }))
}

/** parameters: [x, rate], or { x: , rate: 0.05 } where some have defaults. */
export function readMacro(name: string, part: YamlPart): SourceMacro {
  const { parameters, variables, result } = part.fields(['parameters', 'variables', 'result'])
  if (!parameters || !result) throw part.fault('a macro has parameters and a result')
  return {
    name,
    parameters: parameters.isMap
      ? parameters.entries().map(([parameter, value]) => ({
          name: parameter,
          ...optional('default', value.isEmpty ? undefined : value.formula()),
        }))
      : names(parameters).map((parameter) => ({ name: parameter })),
    variables: variables ? readVariables(variables) : [],
    result: result.formula(),
  }
}

/** A matrix, or one correlation that holds between all of the names. */
function readCorrelation(part: YamlPart): SourceCorrelation {
  const fields = part.fields(['names', 'matrix', 'correlation'])
  if (!fields.names || (fields.matrix === undefined) === (fields.correlation === undefined))
    throw part.fault('a correlation has names and a matrix', 'write { names: [a, b], correlation: 0.5 }')
  const among = names(fields.names)
  const rho = fields.correlation?.number()
  const matrix =
    rho === undefined
      ? fields.matrix!.list().map((row) => row.list().map((cell) => cell.number()))
      : among.map((_, i) => among.map((__, j) => (i === j ? 1 : rho)))
  if (matrix.length !== among.length || matrix.some((row) => row.length !== among.length))
    throw (fields.matrix ?? part).fault(`expected ${among.length} rows of ${among.length} numbers`)
  return { names: among, matrix }
}

function readSolve(name: string, part: YamlPart): SourceSolve {
  const fields = part.fields(['unknowns', 'method', 'tolerance', 'maxIterations', 'damping', 'guess'])
  if (!fields.unknowns) throw part.fault('unknowns are missing', 'write unknowns: [income, consumption]')
  return {
    name,
    unknowns: names(fields.unknowns),
    ...optional('method', fields.method?.oneOf<'newton' | 'gaussSeidel'>(['newton', 'gaussSeidel'])),
    ...optional('tolerance', fields.tolerance?.number()),
    ...optional('maxIterations', fields.maxIterations?.number()),
    ...optional('damping', fields.damping?.number()),
    ...optional('guess', fields.guess && guesses(fields.guess)),
  }
}

const guesses = (part: YamlPart): Record<string, Formula> =>
  Object.fromEntries(part.entries().map(([unknown, value]) => [unknown, value.formula()]))

/** "left = right", or { holds: "left = right", tolerance: 1e-9 }. */
function readIdentity(name: string, part: YamlPart): SourceIdentity {
  const fields = part.isMap ? part.fields(['holds', 'tolerance']) : { holds: part }
  const formula = fields.holds?.formula()
  if (formula?.kind !== 'binary' || formula.operator !== '=')
    throw part.fault('an identity has two sides', 'write "income = consumption + saving"')
  return { name, left: formula.left, right: formula.right, ...optional('tolerance', fields.tolerance?.number()) }
}
