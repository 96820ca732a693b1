// A declared variable of a file with its equations: stocks with their conveyors and queues, flows, auxiliaries and tables.
import { canonicalName, type Formula } from '../formula/ast.ts'
import type { Equation, SourceConveyor, SourceFinding, SourceVariable } from '../source/source.ts'
import { type Declaration, type Declared, elementKey, type Graphs, isGraph } from './declare.ts'
import type { DrivenFlow } from './driven-flows.ts'
import { isBlank, readEquation } from './equation.ts'
import { invalid, type Place, unsupported } from './faults.ts'
import { hasPoints } from './graphical-function.ts'
import { type Dimensions, shownName } from './names.ts'
import { resolve, type Scope } from './resolve.ts'
import { child, childrenOf, flag, numberOf, textOf, type XmlElement } from './xml.ts'

/** What the variables of a file are read with. */
export interface Reading extends Declared {
  readonly dimensions: Dimensions
  /** As a scope has them. */
  readonly macros: ReadonlyMap<string, string>
  /** Canonical names of a macro's own, where its variables are read. */
  readonly locals: ReadonlySet<string>
  readonly truncates: boolean
  readonly isStrict: boolean
  /** By canonical name of the flow. */
  readonly driven: ReadonlyMap<string, DrivenFlow>
  /** By canonical name: equations of auxiliaries for the start (init_eqn); grows. Absent where they have no place. */
  readonly atStart?: Map<string, Equation>
  readonly unit: (written: string) => string
  readonly provenance: string
  readonly find: (finding: SourceFinding) => void
}

/** Tags of variables that would change numbers and are not had. */
const NOT_HAD = ['multiplier', 'leak_integers', 'oven', 'delay_aux', 'summing_converter']
const CONVEYOR_NOT_HAD = ['sample', 'arrest']

/** undefined for an input of a module that a table is connected to: its uses are the table's. */
export function readVariable(declaration: Declaration, reading: Reading): SourceVariable | undefined {
  const { element, name } = declaration
  const place = { path: name, line: element.line }
  for (const tag of NOT_HAD) if (child(element, tag)) throw unsupported(place, `<${tag}>`)
  if (child(element, 'event_poster'))
    reading.find({
      severity: 'INFO',
      code: 'EVENTS_IGNORED',
      path: name,
      message: 'its event posters, which pause or stop a run, are not read',
    })
  const source = reading.connections.get(canonicalName(name))
  if (source !== undefined) return connected(declaration, source, reading)
  if (declaration.kind === 'table') return table(declaration, reading)
  return declaration.kind === 'stock' ? stock(declaration, reading) : valued(declaration, declaration.kind, reading)
}

function scopeOf(declaration: Declaration, reading: Reading, line?: number): Scope {
  const { name, module } = declaration
  const { names, macros, locals, truncates, isStrict, find } = reading
  return {
    path: name,
    ...(line !== undefined && { line }),
    module,
    names,
    dimensions: reading.dimensions,
    self: canonicalName(name),
    macros,
    locals,
    truncates,
    isStrict,
    find,
  }
}

function common({ name, element, dimensions }: Declaration, reading: Reading) {
  const unit = textOf(element, 'units')
  const doc = textOf(element, 'doc')
  return {
    name,
    ...(unit !== undefined && { unit: reading.unit(unit) }),
    ...(doc !== undefined && { doc }),
    provenance: reading.provenance,
    ...(dimensions.length > 0 && { dimensions }),
    at: { line: element.line, column: 1 },
  }
}

function connected(declaration: Declaration, source: string, reading: Reading): SourceVariable | undefined {
  const target = reading.names.get(source)
  if (target?.kind === 'table') {
    reading.names.alias(declaration.name, source)
    return undefined
  }
  const dimensions = declaration.dimensions.length > 0 ? declaration.dimensions : (target?.dimensions ?? [])
  return {
    ...common({ ...declaration, dimensions }, reading),
    kind: declaration.kind === 'flow' ? 'flow' : 'auxiliary',
    equation: { kind: 'formula', formula: { kind: 'name', name: source } },
  }
}

function table(declaration: Declaration, reading: Reading): SourceVariable {
  return { ...common(declaration, reading), kind: 'table', graph: graphsOf(declaration, reading)! }
}

function valued(declaration: Declaration, kind: 'flow' | 'auxiliary', reading: Reading): SourceVariable {
  const { element, name, nonNegative } = declaration
  const graph = graphsOf(declaration, reading)
  const driven = kind === 'flow' ? reading.driven.get(canonicalName(name)) : undefined
  const leak = driven?.role === 'leak' && leakOf(declaration, driven, reading)
  if (hasStart(element)) {
    if (!reading.atStart || kind === 'flow')
      throw unsupported({ path: name, line: element.line }, 'an equation of its own for the initial value (init_eqn)')
    reading.atStart.set(canonicalName(name), equationOf(declaration, reading, START))
  }
  return {
    ...common(declaration, reading),
    kind,
    // What a conveyor or queue drives has no equation of its own (XMILE 1.0, 4.3).
    equation: driven ? { kind: 'formula', formula: { kind: 'number', value: 0 } } : equationOf(declaration, reading),
    ...(graph && { graph }),
    ...(kind === 'flow' && nonNegative && !driven && { nonNegative: true }),
    ...(leak && { leak }),
    ...(flag(element, 'overflow') && { overflow: true }),
  }
}

function stock(declaration: Declaration, reading: Reading): SourceVariable {
  const { element, name, nonNegative } = declaration
  const conveyor = child(element, 'conveyor')
  const queue = flag(element, 'queue')
  const initial = equationOf(declaration, reading, hasStart(element) ? START : undefined)
  return {
    ...common(declaration, reading),
    kind: 'stock',
    initial,
    inflows: flowsOf(declaration, 'inflow', reading),
    outflows: flowsOf(declaration, 'outflow', reading),
    ...(nonNegative && !conveyor && !queue && { nonNegative: true }),
    ...(conveyor && { conveyor: conveyorOf(conveyor, { path: name, line: conveyor.line }, declaration, reading) }),
    ...(queue && { queue: true }),
  }
}

/** As shown. */
function flowsOf(declaration: Declaration, tag: 'inflow' | 'outflow', reading: Reading): string[] {
  return childrenOf(declaration.element, tag).map((element) => {
    const written = shownName(element.text)
    const found = reading.names.find(declaration.module, canonicalName(written))
    const flow = found === undefined ? undefined : reading.names.get(found)
    const place = { path: declaration.name, line: element.line }
    if (!flow && reading.locals.has(canonicalName(written))) return written
    if (!flow) throw invalid(place, `its ${tag} ${written} is not declared`)
    if (flow.kind !== 'flow') throw invalid(place, `its ${tag} ${written} is no flow`)
    return flow.name
  })
}

function conveyorOf(element: XmlElement, place: Place, declaration: Declaration, reading: Reading): SourceConveyor {
  for (const tag of CONVEYOR_NOT_HAD)
    if (!isBlank(textOf(element, tag))) throw unsupported(place, `a conveyor with <${tag}>`)
  const formula = (tag: string) => {
    const one = child(element, tag)
    return one && resolve(readEquation(one, place), scopeOf(declaration, reading, one.line))
  }
  const length = formula('len')
  if (!length) throw invalid(place, 'its conveyor has no <len>')
  const capacity = formula('capacity')
  const inflowLimit = formula('in_limit')
  assertBatches(element, place, inflowLimit !== undefined, declaration, reading)
  return { length, ...(capacity && { capacity }), ...(inflowLimit && { inflowLimit }) }
}

/** A queue before a conveyor gives what there is room for, in parts and of several batches; a conveyor moves what enters in a step. */
function assertBatches(
  element: XmlElement,
  place: Place,
  limited: boolean,
  declaration: Declaration,
  reading: Reading,
): void {
  const is = (name: string) => element.attributes.get(name)?.trim().toLowerCase()
  const queued = flowsOf(declaration, 'inflow', reading).some(
    (flow) => reading.driven.get(canonicalName(flow))?.role === 'queue',
  )
  if (is('batch_integrity') === 'true')
    throw unsupported(place, 'a conveyor that keeps batches whole (batch_integrity)')
  if (is('discrete') === 'true' && (limited || !queued)) throw unsupported(place, 'a discrete conveyor')
  if (queued && is('one_at_a_time') !== 'false')
    throw unsupported(place, 'a conveyor that takes one batch of a queue at a time', 'write one_at_a_time="false"')
}

function leakOf(declaration: Declaration, driven: DrivenFlow, reading: Reading) {
  const { element, name } = declaration
  const own = child(element, 'leak')
  const written = own?.text.trim() ? own : child(element, 'eqn')
  if (!written)
    throw invalid({ path: name, line: element.line }, 'leaks from a conveyor, but has no <leak> with a fraction')
  const zone = (attribute: string) => {
    const text = element.attributes.get(attribute)
    if (text === undefined) return undefined
    const value = numberOf(text)
    if (!(value >= 0 && value <= 1))
      throw invalid({ path: name, line: element.line }, `${attribute} is '${text}', not a number from 0 to 1`)
    return value
  }
  const [from, to] = [zone('leak_start'), zone('leak_end')]
  return {
    share: resolve(readEquation(written, { path: name }), scopeOf(declaration, reading, written.line)),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(driven.exponential && { exponential: true }),
  }
}

/** Where the equation for the start stands, if a variable has one of its own. */
const START = ['init_eqn', 'init', 'eqn']

const hasStart = (element: XmlElement): boolean =>
  [element, ...childrenOf(element, 'element')].some((one) => child(one, 'init_eqn') || child(one, 'init'))

/** One equation for all, or one for each element: `<element>`s, and what they leave out from the variable's own equation. */
function equationOf(declaration: Declaration, reading: Reading, tags: readonly string[] = ['eqn']): Equation {
  const { element, name, dimensions } = declaration
  const equationIn = (one: XmlElement) => tags.map((tag) => child(one, tag)).find((found) => found !== undefined)
  const own = equationIn(element)
  const place = { path: name, line: element.line }
  const parts = childrenOf(element, 'element').filter((part) => equationIn(part) || !child(part, 'gf'))
  const read = (equation: XmlElement, of: string): Formula =>
    resolve(readEquation(equation, { path: of }), scopeOf(declaration, reading, equation.line))
  if (parts.length === 0) {
    const listed = own && listOf(own, dimensions, reading)
    if (listed) return listed
    if (own) return { kind: 'formula', formula: read(own, name) }
    if (child(element, 'mathml')) throw unsupported(place, 'an equation in MathML')
    const input = element.attributes.get('access') === 'input' ? 'is an input that nothing is connected to, and ' : ''
    throw invalid(place, `${input}has no equation; give it one`)
  }
  const formulas: Record<string, Formula> = {}
  for (const part of parts) {
    const key = elementKey(part, dimensions, reading.dimensions, name)
    if (Object.hasOwn(formulas, key)) throw invalid({ path: name, line: part.line }, `has two equations for ${key}`)
    const equation = equationIn(part) ?? own
    if (!equation) throw invalid({ path: name, line: part.line }, `has no equation for ${key}`)
    formulas[key] = read(equation, `${name}[${key}]`)
  }
  const missing = keysOf(dimensions, reading).filter((key) => !Object.hasOwn(formulas, key))
  if (missing.length > 0 && !own)
    throw invalid(place, `has no equation for ${missing.slice(0, 5).join('; ')}`, { missing })
  for (const key of missing) formulas[key] = read(own!, `${name}[${key}]`)
  return { kind: 'elements', formulas }
}

/** `1, 2, 3` of an array, row-major, as Vensim writes it: as many numbers as it has elements. */
function listOf(own: XmlElement, dimensions: readonly string[], reading: Reading): Equation | undefined {
  const numbers = own.text.split(/[,;]/).map(numberOf)
  if (dimensions.length === 0 || numbers.length < 2 || !numbers.every(Number.isFinite)) return undefined
  const keys = keysOf(dimensions, reading)
  if (keys.length !== numbers.length) return undefined
  const formulas = keys.map((key, i): [string, Formula] => [key, { kind: 'number', value: numbers[i]! }])
  return { kind: 'elements', formulas: Object.fromEntries(formulas) }
}

/** Its own, or that of a table it names: `<gf name="..."/>`. */
function graphsOf({ element, graph, module, name, dimensions }: Declaration, reading: Reading): Graphs | undefined {
  const gf = element.tag === 'gf' ? element : child(element, 'gf')
  if (!graph && gf && !hasPoints(gf)) {
    const wanted = gf.attributes.get('name')
    if (wanted === undefined)
      throw invalid({ path: name, line: gf.line }, 'its graphical function has neither points nor a name')
    const found = reading.names.find(module, canonicalName(shownName(wanted)))
    const named = reading.declarations.find((one) => canonicalName(one.name) === found)?.graph
    if (!named) throw invalid({ path: name, line: gf.line }, `there is no graphical function ${wanted}`)
    return named
  }
  if (!graph || isGraph(graph)) return graph
  const missing = keysOf(dimensions, reading).filter((key) => !Object.hasOwn(graph, key))
  if (missing.length > 0)
    throw invalid({ path: name, line: element.line }, `has no graphical function for ${missing.slice(0, 5).join('; ')}`)
  return graph
}

const keysOf = (dimensions: readonly string[], reading: Reading): string[] =>
  reading.dimensions.combinations(dimensions).map((elements) => elements.join(','))
