// The macros of a file: functions of its own, with variables made anew for each use (XMILE 1.0, 3.6 and 4.8).
import { canonicalName } from '../formula/ast.ts'
import type { SourceMacro } from '../source/source.ts'
import { OWN_PREFIX } from './built-ins.ts'
import { declareModels } from './declare.ts'
import { drivenFlows } from './driven-flows.ts'
import { isBlank, readEquation, readEquationText } from './equation.ts'
import { invalid, unsupported } from './faults.ts'
import { shownName } from './names.ts'
import { macroName, resolve, type Scope } from './resolve.ts'
import { type Reading, readVariable } from './variables.ts'
import { child, childrenOf, textOf, type XmlElement } from './xml.ts'

/** Those of a file that are for us to read: not our own, and not the filter that says what non-negative is. */
export function macrosOf(root: XmlElement): readonly XmlElement[] {
  return childrenOf(root, 'macro').filter((macro) => {
    const name = canonicalName(macro.attributes.get('name') ?? '')
    if (macro.attributes.has('filter') && name === 'non_negative') return false
    return !name.startsWith(OWN_PREFIX)
  })
}

/** By the canonical names that they may be called by, alone and behind their namespace, that of the source. */
export function macroNames(macros: readonly XmlElement[]): Map<string, string> {
  return new Map(
    macros.flatMap(({ attributes }) => {
      const name = canonicalName(shownName(attributes.get('name') ?? ''))
      const space = attributes.get('namespace')
      const own = canonicalName(macroName(name))
      return [[name, own] as const, ...(space === undefined ? [] : [[`${canonicalName(space)}.${name}`, own] as const])]
    }),
  )
}

type ModelReading = Pick<Reading, 'dimensions' | 'macros' | 'truncates' | 'isStrict' | 'unit' | 'provenance' | 'find'>

/** Errors: MODEL_INVALID for a macro without a name or equation; CONSTRUCT_UNSUPPORTED for one with its own simulation, and filters. */
export function readMacro(macro: XmlElement, behavior: XmlElement | undefined, model: ModelReading): SourceMacro {
  const name = shownName(macro.attributes.get('name') ?? '')
  const place = { path: name || '<macro>', line: macro.line }
  if (!name) throw invalid(place, 'a macro has no name')
  if (macro.attributes.has('filter')) throw unsupported(place, 'a macro that filters (filter)')
  if (child(macro, 'sim_specs')) throw unsupported(place, 'a macro with simulation specifications of its own')
  const parameters = childrenOf(macro, 'parm').map((parm) => ({ name: shownName(parm.text), parm }))
  if (parameters.some((one) => !one.name)) throw invalid(place, 'a parameter has no name')
  const { declarations, names, connections } = declareModels(
    [],
    { ...macro, children: withoutParameters(childrenOf(macro, 'variables'), parameters), attributes: new Map() },
    behavior,
    model.dimensions,
  )
  const reading: Reading = {
    ...model,
    declarations,
    names,
    connections,
    locals: new Set(parameters.map((one) => canonicalName(one.name))),
    driven: drivenFlows(declarations, names),
  }
  const scope: Scope = { ...place, ...reading, module: '' }
  const equation = child(macro, 'eqn')
  if (!equation) throw invalid(place, 'a macro needs an equation')
  const named = names.get(canonicalName(equation.text))
  const result = named
    ? { kind: 'name' as const, name: canonicalName(named.name) }
    : resolve(readEquation(equation, place), scope)
  const variables = declarations.flatMap((declaration) => readVariable(declaration, reading) ?? [])
  return {
    name: macroName(name),
    parameters: parameters.map(({ name: parameter, parm }) => {
      const given = parm.attributes.get('default')
      if (given === undefined) return { name: parameter }
      return { name: parameter, default: resolve(readEquationText(given, place, parm.textAt), scope) }
    }),
    variables,
    result,
  }
}

/** Without the variables that have no equation and stand for a parameter, as converters from Vensim write them. */
function withoutParameters(
  variables: readonly XmlElement[],
  parameters: readonly { readonly name: string }[],
): XmlElement[] {
  const names = new Set(parameters.map(({ name }) => canonicalName(name)))
  const stands = (one: XmlElement) =>
    names.has(canonicalName(shownName(one.attributes.get('name') ?? ''))) && isBlank(textOf(one, 'eqn'))
  return variables.map((all) => ({ ...all, children: all.children.filter((one) => !stands(one)) }))
}
