// What a file declares, before its equations are read: the variables of the outermost model and of every module in it, by full name.
import { canonicalName } from '../formula/ast.ts'
import type { GraphicalFunction } from '../source/source.ts'
import { isBlank } from './equation.ts'
import { invalid, unsupported } from './faults.ts'
import { hasPoints, readGraph } from './graphical-function.ts'
import { type DeclaredVariable, type Dimensions, Names, shownName } from './names.ts'
import { child, childrenOf, flag, textOf, type XmlElement } from './xml.ts'

/** A graphical function, or one for each combination of elements of an array. */
export type Graphs = GraphicalFunction | Readonly<Record<string, GraphicalFunction>>

export interface Declaration extends DeclaredVariable {
  readonly element: XmlElement
  /** Canonical name of the module that it stands in; '' for the outermost model. */
  readonly module: string
  readonly graph?: Graphs
  readonly nonNegative: boolean
}

/** An input of a module takes the value of another variable. */
interface Connection {
  readonly to: string
  readonly from: string
  /** Canonical: the model that the module stands in, and the module. */
  readonly around: string
  readonly module: string
  readonly line: number
}

export interface Declared {
  readonly declarations: readonly Declaration[]
  readonly names: Names
  /** By canonical name of the input: the canonical name of what it takes. */
  readonly connections: ReadonlyMap<string, string>
}

/** More elements of one variable, or variables of all modules, are a mistake of the file and would exhaust the memory. */
const MAX_ELEMENTS = 1_000_000
const MAX_VARIABLES = 1_000_000

const KINDS = { stock: 'stock', flow: 'flow', aux: 'auxiliary', gf: 'table' } as const
const PRESENTATION = new Set(['group', 'macro', 'doc'])

/**
 * Declares the variables of a model and of the modules within, each module made from the model of its name (or `model_name`).
 * Errors: MODEL_INVALID for a name declared twice, a module without a model or within itself, a connection to nothing;
 * CONSTRUCT_UNSUPPORTED for models in other files, encrypted ones and unknown kinds of variables.
 */
export function declareModels(
  models: readonly XmlElement[],
  root: XmlElement,
  behavior: XmlElement | undefined,
  dimensions: Dimensions,
): Declared {
  const names = new Names()
  const declarations: Declaration[] = []
  const connections: Connection[] = []
  let count = 0
  const aliases: [name: string, holder: string][] = []
  const byName = new Map(models.map((model) => [canonicalName(model.attributes.get('name') ?? ''), model]))

  const walk = (model: XmlElement, shown: string, within: readonly XmlElement[]) => {
    const path = shown || 'model'
    if (model.attributes.has('resource')) throw unsupported({ path, line: model.line }, 'a model in another file')
    if (model.attributes.has('encryption-scheme')) throw unsupported({ path, line: model.line }, 'an encrypted model')
    const behaviors = [child(model, 'behavior'), behavior].filter((one) => one !== undefined)
    for (const element of variablesOf(model)) {
      if (++count > MAX_VARIABLES)
        throw invalid({ path, line: element.line }, `more than ${MAX_VARIABLES} variables and modules`)
      if (element.tag === 'module') module(element, shown, [...within, model])
      else if (Object.hasOwn(KINDS, element.tag)) declare(element, shown, behaviors)
      else if (!PRESENTATION.has(element.tag))
        throw unsupported({ path: element.attributes.get('name') ?? path, line: element.line }, `<${element.tag}>`)
    }
  }

  const declare = (element: XmlElement, shown: string, behaviors: readonly XmlElement[]) => {
    const own = shownName(element.attributes.get('name') ?? '')
    const path = own || `<${element.tag}>`
    if (!own) throw invalid({ path, line: element.line }, 'has no name')
    const name = shown ? `${shown}.${own}` : own
    const place = { path: name, line: element.line }
    const inherited = behaviors.map((one) => behaviorOf(one, element.tag)).find((one) => one !== undefined)
    const ownDimensions = dimensionsOf(element, dimensions, name)
    const graph = graphOf(element, ownDimensions, dimensions, name)
    const declaration: Declaration = {
      name,
      kind: graph && isTable(element) ? 'table' : KINDS[element.tag as keyof typeof KINDS],
      dimensions: ownDimensions,
      element,
      module: canonicalName(shown),
      ...(graph && { graph }),
      hasGraph: graph !== undefined || child(element, 'gf') !== undefined,
      nonNegative: flag(element, 'non_negative') ?? inherited ?? false,
    }
    if (!names.add(declaration)) throw invalid(place, 'the name is declared twice; rename one of the two')
    declarations.push(declaration)
    const called = child(element, 'gf')?.attributes.get('name')
    if (called && graph) aliases.push([shown ? `${shown}.${shownName(called)}` : shownName(called), name])
  }

  const module = (element: XmlElement, around: string, within: readonly XmlElement[]) => {
    const own = shownName(element.attributes.get('name') ?? '')
    const place = { path: own || '<module>', line: element.line }
    if (!own) throw invalid(place, 'has no name')
    if (element.attributes.has('resource')) throw unsupported(place, 'a module in another file')
    const reference = [...element.attributes].find(([name]) => /^(?:[^:]+:)?model(?:_name)?$/.test(name))?.[1] ?? own
    const model = byName.get(canonicalName(reference))
    if (!model) throw invalid(place, `there is no <model name="${reference}"> for this module`)
    if (within.includes(model)) throw invalid(place, 'the model holds itself as a module')
    const shown = around ? `${around}.${own}` : own
    for (const connect of element.children.filter(({ tag }) => tag === 'connect' || tag === 'connect2')) {
      const [to, from] = ['to', 'from'].map((name) => connect.attributes.get(name)?.trim())
      if (!to || !from) throw invalid({ path: shown, line: connect.line }, 'a <connect> needs to and from')
      connections.push({ to, from, around: canonicalName(around), module: canonicalName(shown), line: connect.line })
    }
    walk(model, shown, within)
  }

  walk(root, '', [])
  for (const [name, holder] of aliases) if (!names.get(canonicalName(name))) names.alias(name, holder)
  return { declarations, names, connections: connect(connections, names) }
}

/** A graphical function without an equation, or with the one that converters from Vensim write for none. */
function isTable(element: XmlElement): boolean {
  if (element.tag === 'gf') return true
  const equation = textOf(element, 'eqn')
  if (element.attributes.get('access') === 'input') return false
  return (
    (isBlank(equation) || equation?.replaceAll(/\s/g, '') === '0+0') &&
    !childrenOf(element, 'element').some((part) => child(part, 'eqn'))
  )
}

/** Older files have the variables in the model itself. */
export function variablesOf(model: XmlElement): readonly XmlElement[] {
  const variables = childrenOf(model, 'variables')
  if (variables.length > 0) return variables.flatMap(({ children }) => children)
  return model.children.filter(({ tag }) => tag === 'module' || Object.hasOwn(KINDS, tag))
}

/** XMILE 1.0, 2.6: what is set for the kind goes before what is set for all. */
function behaviorOf(behavior: XmlElement, tag: string): boolean | undefined {
  const kind = child(behavior, tag)
  const own = kind && flag(kind, 'non_negative')
  if (own !== undefined) return own
  return tag === 'stock' || tag === 'flow' ? flag(behavior, 'non_negative') : undefined
}

/** The dimensions of a variable, as shown where they are declared. */
function dimensionsOf(element: XmlElement, dimensions: Dimensions, path: string): readonly string[] {
  const listed = child(element, 'dimensions')?.children ?? childrenOf(element, 'dim')
  const own = listed
    .filter(({ tag }) => tag === 'dim')
    .map((dim) => {
      const name = dim.attributes.get('name') ?? dim.text.trim()
      const dimension = dimensions.get(shownName(name))
      if (!dimension) throw invalid({ path, line: dim.line }, `the dimension ${name} is not declared`)
      return dimension
    })
  const size = own.reduce((product, { elements }) => product * elements.length, 1)
  if (size > MAX_ELEMENTS) throw invalid({ path, line: element.line }, `has ${size} elements; at most ${MAX_ELEMENTS}`)
  return own.map(({ name }) => name)
}

/** The elements' canonical names, joined by commas, that the subscript of an `<element>` stands for. */
export function elementKey(element: XmlElement, own: readonly string[], dimensions: Dimensions, path: string): string {
  const subscript = element.attributes.get('subscript') ?? ''
  const parts = subscript.match(/"[^"]*"|[^,]+/g)?.map((part) => part.trim()) ?? []
  const keys = parts.map((part, i) => {
    const dimension = dimensions.get(own[i] ?? '')
    return dimension && dimensions.element(dimension, shownName(part))
  })
  if (parts.length !== own.length || keys.includes(undefined))
    throw invalid(
      { path, line: element.line },
      `'${subscript}' is no element of ${own.join(', ') || 'a variable without dimensions'}`,
    )
  return keys.join(',')
}

function graphOf(
  element: XmlElement,
  own: readonly string[],
  dimensions: Dimensions,
  path: string,
): Graphs | undefined {
  if (element.tag === 'gf') return readGraph(element, { path })
  const gf = child(element, 'gf')
  const one = gf && hasPoints(gf) ? readGraph(gf, { path }) : undefined
  const each = childrenOf(element, 'element').flatMap((part) => {
    const own_ = child(part, 'gf')
    return own_ ? [[elementKey(part, own, dimensions, path), readGraph(own_, { path })] as const] : []
  })
  return each.length > 0 ? Object.fromEntries(each) : one
}

/** Errors: MODEL_INVALID where an end of a connection is nothing, or an input has two. */
function connect(connections: readonly Connection[], names: Names): Map<string, string> {
  const found = new Map<string, string>()
  for (const { to, from, around, module, line } of connections) {
    const place = { path: module, line }
    const [target, source] = [canonicalName(to), canonicalName(from)]
    const places = target.includes('.') ? [around, module] : [module, around]
    const input = target.startsWith('.')
      ? names.find('', target)
      : places.map((one) => (one ? `${one}.${target}` : target)).find((one) => names.get(one))
    if (input === undefined) throw invalid(place, `<connect> to ${to}: there is no such variable`)
    const value = names.find(around, source)
    if (value === undefined) throw invalid(place, `<connect> from ${from}: there is no such variable`)
    const before = found.get(input)
    if (before !== undefined && before !== value)
      throw invalid(place, `${to} is connected twice: to ${before} and ${value}`)
    if (value !== input) found.set(input, value)
  }
  return found
}

/** True for one graph for all elements. */
export const isGraph = (graph: Graphs): graph is GraphicalFunction => Array.isArray((graph as GraphicalFunction).xs)
