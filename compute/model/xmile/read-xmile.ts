// XMILE 1.0 (OASIS, 2015) to the source of a model.
import { canonicalName } from '../formula/ast.ts'
import type { Equation, ReadModel, SourceFinding, SourceTime } from '../source/source.ts'
import { withActiveInitials } from '../vensim/active-initial.ts'
import { declareModels, variablesOf } from './declare.ts'
import { readDimensions } from './dimensions.ts'
import { drivenFlows } from './driven-flows.ts'
import { invalid, unsupported } from './faults.ts'
import { macroNames, macrosOf, readMacro } from './macros.ts'
import { shownName } from './names.ts'
import { readSimSpecs } from './sim-specs.ts'
import { readUnits } from './units.ts'
import { type Reading, readVariable } from './variables.ts'
import { child, childrenOf, parseXml, textOf, type XmlElement } from './xml.ts'

/**
 * Reads an XMILE file, also those of older isee programs (variables in the model itself) and converters from Vensim.
 *
 * Modules are flattened: a variable of a module is `module.variable`, and an input that is connected takes the value of the other end.
 * INT and MOD round down, as the standard has it; in files of Vensim and its converter towards zero, as there. Seeds of random
 * functions are not used and told as findings; views, styles and vendors' own tags are passed over.
 * Errors: MODEL_INVALID (not well-formed XML, no equation, unknown names of flows, dimensions or elements) and CONSTRUCT_UNSUPPORTED,
 * with { path: the variable or tag, line, construct }.
 */
export function readXmile(text: string): ReadModel {
  const root = parseXml(text)
  if (root.tag !== 'xmile')
    throw invalid({ path: `<${root.tag}>`, line: root.line }, 'the root of an XMILE file is <xmile>')
  const findings: SourceFinding[] = []
  const find = (finding: SourceFinding) => findings.push(finding)
  const header = child(root, 'header')
  if (header && child(header, 'includes')?.children.length)
    throw unsupported(
      { path: 'header', line: header.line },
      'including other files (<includes>)',
      'put it all in one file',
    )
  const arrays = header && child(header, 'options') && child(child(header, 'options')!, 'uses_arrays')
  const models = childrenOf(root, 'model')
  const model = outermost(models, find)
  const name = shownName((header && textOf(header, 'name')) ?? '') || 'model'
  const doc = header && textOf(header, 'caption')
  const time = timeOf(root, model, models, find)
  if (child(root, 'data'))
    find({
      severity: 'WARNING',
      code: 'DATA_NOT_IMPORTED',
      path: 'data',
      message: 'connections to data files are not read',
    })

  const dimensions = readDimensions(childrenOf(root, 'dimensions'))
  const behavior = child(root, 'behavior')
  const declared = declareModels(models, model, behavior, dimensions)
  const macros = macrosOf(root)
  const shared = {
    dimensions,
    macros: macroNames(macros),
    truncates: /vensim|ventana/i.test(`${header && textOf(header, 'vendor')} ${header && textOf(header, 'product')}`),
    isStrict: arrays?.attributes.get('invalid_index_value')?.toLowerCase() === 'nan',
    unit: readUnits(childrenOf(root, 'model_units')),
    provenance: `XMILE ${name}`,
    find,
  }
  const atStart = new Map<string, Equation>()
  const reading: Reading = {
    ...shared,
    ...declared,
    locals: new Set(),
    atStart,
    driven: drivenFlows(declared.declarations, declared.names),
  }
  const read = declared.declarations.flatMap((declaration) => readVariable(declaration, reading) ?? [])
  const variables = withActiveInitials(
    read.map((variable) => ({ variable, ...started(atStart.get(canonicalName(variable.name))) })),
    new Map(
      [...shared.macros.values()].map((macro) => [
        macro,
        { name: macro, called: macro, inputs: 0, outputs: new Map() },
      ]),
    ),
  )
  return {
    source: {
      name,
      ...(doc !== undefined && { doc }),
      time,
      dimensions: dimensions.all,
      variables,
      macros: macros.map((macro) => readMacro(macro, behavior, shared)),
      unitFaults: 'finding',
    },
    findings,
  }
}

const started = (equation: Equation | undefined) => (equation ? { atStart: equation } : {})

/** The model without a name; else the one that no module is made from. */
function outermost(models: readonly XmlElement[], find: (finding: SourceFinding) => void): XmlElement {
  const used = new Set(
    models.flatMap((model) =>
      variablesOf(model)
        .filter(({ tag }) => tag === 'module')
        .flatMap(({ attributes }) => [...attributes.values()].map((value) => shownName(value).toLowerCase())),
    ),
  )
  const nameOf = (model: XmlElement) => shownName(model.attributes.get('name') ?? '').toLowerCase()
  const free = models.filter((model) => !used.has(nameOf(model)))
  const root = models.find((model) => !nameOf(model)) ?? free[0] ?? models[0]
  if (!root) throw invalid({ path: 'xmile' }, 'the file has no <model>')
  for (const model of free)
    if (model !== root)
      find({
        severity: 'WARNING',
        code: 'MODEL_NOT_USED',
        path: nameOf(model),
        message: 'no module is made from this model; it is not read',
      })
  return root
}

/** The model's own specifications, or the file's. */
function timeOf(
  root: XmlElement,
  model: XmlElement,
  models: readonly XmlElement[],
  find: (finding: SourceFinding) => void,
): SourceTime {
  const specs = child(model, 'sim_specs') ?? child(root, 'sim_specs')
  if (!specs) throw invalid({ path: 'xmile', line: root.line }, 'the file has no <sim_specs>')
  const time = readSimSpecs(specs, find)
  for (const other of models) {
    const own = other === model ? undefined : child(other, 'sim_specs')
    if (!own) continue
    const { start, stop, dt, method } = readSimSpecs(own, find)
    if (start !== time.start || stop !== time.stop || dt !== time.dt || method !== time.method)
      throw unsupported(
        { path: other.attributes.get('name') ?? 'model', line: own.line },
        'a module with simulation specifications of its own',
      )
  }
  return time
}
