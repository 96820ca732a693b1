// The source of a model to XMILE 1.0 (OASIS, 2015).
import { canonicalName } from '../formula/ast.ts'
import type { SourceMacro, SourceModel, SourceVariable } from '../source/source.ts'
import { OWN_MACROS, OWN_PREFIX } from './built-ins.ts'
import { unsupported } from './faults.ts'
import { Dimensions } from './names.ts'
import { writeFormula } from './write-formula.ts'
import { nameText, number, type VariableWriting, writeVariable } from './write-variable.ts'
import { type Part, tag, xmlText } from './write-xml.ts'

const NAMESPACE = 'http://docs.oasis-open.org/xmile/ns/XMILE/v1.0'
const ISEE_NAMESPACE = 'http://iseesystems.com/XMILE'

/**
 * Writes a source as XMILE; read again it is the same source (but for places, provenance, and which variables are saved).
 *
 * Functions that XMILE lacks are calls of macros of ours (`quesnay.int`), which the file holds. A stock's net flow becomes a flow, an
 * input an auxiliary with its default, a random parameter the initial value of a random function.
 * Errors: CONSTRUCT_UNSUPPORTED, naming the variable and construct, for all that XMILE cannot say: models without time, entities,
 * solve blocks, identities, correlations, schedules, series, mapped dimensions, and functions without a macro.
 */
export function writeXmile(source: SourceModel): string {
  assertWritable(source)
  const { name, doc, time, dimensions, variables, macros } = source
  const used = new Set<string>()
  const macroNames = new Set(macros.map((macro) => canonicalName(macro.name)))
  const writing = (own: readonly SourceVariable[]): VariableWriting => {
    const taken = new Set(own.map((variable) => canonicalName(variable.name)))
    return {
      variables: new Map([...variables, ...own].map((variable) => [canonicalName(variable.name), variable])),
      macros: macroNames,
      used,
      dimensions: new Dimensions(dimensions),
      driven: drivenBy(own),
      freeName: (wanted) => {
        let free = wanted
        for (let i = 2; taken.has(canonicalName(free)); i++) free = `${wanted} ${i}`
        taken.add(canonicalName(free))
        return free
      },
    }
  }
  const model = tag('model', {}, tag('variables', {}, ...all(variables, writing(variables))))
  const macroParts = macros.map((macro) => macroPart(macro, writing(macro.variables)))
  const ownMacros = [...used].sort().map(ownMacroPart)
  const saved = time!.saveEvery
  const root = tag(
    'xmile',
    { version: '1.0', xmlns: NAMESPACE, ...(saved !== undefined && { 'xmlns:isee': ISEE_NAMESPACE }) },
    tag(
      'header',
      {},
      tag('vendor', {}, 'Quesnay'),
      tag('product', { version: '1.0', lang: 'en' }, 'Quesnay'),
      optionsPart(source, macroParts.length + ownMacros.length > 0),
      tag('name', {}, name),
      ...(doc === undefined ? [] : [tag('caption', {}, doc)]),
    ),
    tag(
      'sim_specs',
      {
        method: time!.method,
        ...(time!.unit && { time_units: time!.unit }),
        ...(saved !== undefined && { 'isee:save_interval': number(saved) }),
      },
      ...(['start', 'stop', 'dt'] as const).map((one) => tag(one, {}, number(time![one]))),
    ),
    ...(dimensions.length > 0 ? [tag('dimensions', {}, ...dimensions.map(dimensionPart))] : []),
    model,
    ...macroParts,
    ...ownMacros,
  )
  return xmlText(root)
}

const all = (variables: readonly SourceVariable[], writing: VariableWriting): Part[] =>
  variables.flatMap((variable) => writeVariable(variable, writing))

function assertWritable(source: SourceModel): void {
  const place = { path: source.name }
  if (!source.time) throw unsupported(place, 'a model without time in XMILE')
  if ((source.entities?.length ?? 0) > 1) throw unsupported({ path: source.entities![1]!.name }, 'an entity in XMILE')
  const { solves = [], identities = [], correlations = [], dimensions } = source
  for (const { name } of solves) throw unsupported({ path: name }, 'a solve block in XMILE')
  for (const { name } of identities) throw unsupported({ path: name }, 'an identity in XMILE')
  for (const { names } of correlations) throw unsupported({ path: names.join(', ') }, 'a correlation in XMILE')
  for (const { name, maps } of dimensions)
    if (maps?.length) throw unsupported({ path: name }, 'a mapped dimension in XMILE')
}

/** Outflows of conveyors and queues. */
function drivenBy(variables: readonly SourceVariable[]): Set<string> {
  const stocks = variables.filter((one) => one.kind === 'stock')
  return new Set(stocks.filter((one) => one.conveyor || one.queue).flatMap((one) => one.outflows.map(canonicalName)))
}

function optionsPart(source: SourceModel, macros: boolean): Part {
  const { variables } = source
  const dimensions = Math.max(0, ...variables.map((variable) => variable.dimensions?.length ?? 0))
  const has = (test: (variable: SourceVariable) => unknown) => variables.some(test)
  return tag(
    'options',
    {},
    ...(has((one) => one.kind === 'stock' && one.conveyor)
      ? [tag('uses_conveyors', { leak: String(has((one) => one.kind === 'flow' && one.leak)) })]
      : []),
    ...(has((one) => one.kind === 'stock' && one.queue)
      ? [tag('uses_queues', { overflow: String(has((one) => one.kind === 'flow' && one.overflow)) })]
      : []),
    ...(dimensions > 0 ? [tag('uses_arrays', { maximum_dimensions: String(dimensions) })] : []),
    ...(macros ? [tag('uses_macros', { recursive_macros: 'false', option_filters: 'false' })] : []),
  )
}

function dimensionPart({ name, elements }: SourceModel['dimensions'][number]): Part {
  const numbered = elements.every((element, i) => element === String(i + 1))
  if (numbered) return tag('dim', { name: nameText(name), size: String(elements.length) })
  return tag('dim', { name: nameText(name) }, ...elements.map((element) => tag('elem', { name: nameText(element) })))
}

function macroPart({ name, parameters, variables, result }: SourceMacro, writing: VariableWriting): Part {
  const place = { path: name }
  return tag(
    'macro',
    { name: nameText(name) },
    ...parameters.map((parameter) =>
      tag(
        'parm',
        parameter.default ? { default: writeFormula(parameter.default, place, writing) } : {},
        nameText(parameter.name),
      ),
    ),
    tag('eqn', {}, writeFormula(result, place, writing)),
    ...(variables.length > 0 ? [tag('variables', {}, ...all(variables, writing))] : []),
  )
}

function ownMacroPart(name: string): Part {
  const { parameters, equation } = OWN_MACROS[name]!
  return tag(
    'macro',
    { name: `${OWN_PREFIX}${name}` },
    ...parameters.map((one) => tag('parm', {}, one)),
    tag('eqn', {}, equation),
  )
}
