// Macros of a .mdl file.
import { canonicalName } from '../formula/ast.ts'
import { functionKind } from '../formula/functions.ts'
import type { SourceMacro, SourceVariable } from '../source/source.ts'
import { invalid, unsupported } from './faults.ts'
import { isRandom, named } from './formulas.ts'
import { withMacroOutputs } from './macro-outputs.ts'
import { parseDefinition, parseMacroHeader } from './parse-definition.ts'
import type { Macro, Names } from './scope.ts'
import { buildSection, equationsByKey, namesOf, type Surroundings } from './section.ts'
import type { MacroText } from './syntax.ts'
import { keyOf, shownName } from './tokens.ts'

export interface MacroHead extends Macro {
  readonly key: string
  readonly parameters: readonly string[]
  readonly text: MacroText
}

/** Names and arguments of all macros. MODEL_INVALID where two have one name. */
export function macroHeads(texts: readonly MacroText[]): Map<string, MacroHead> {
  const heads = new Map<string, MacroHead>()
  for (const text of texts) {
    const { name, inputs, outputs: given } = parseMacroHeader(text.header)
    const key = keyOf(name)
    if (heads.has(key)) throw invalid(shownName(name), text.header.at, 'is defined twice')
    // A macro goes before a function of its name, and functions of other names become that one too.
    const called = functionKind(key) ? `${key}_(macro)` : key
    const shown = shownName(name)
    const outputs = new Map(given.map((output) => [keyOf(output), canonicalName(outputName(shown, output))]))
    heads.set(key, { name: shown, key, called, inputs: inputs.length, parameters: inputs, outputs, text })
  }
  return heads
}

const outputName = (macro: string, output: string): string => `${macro} (${keyOf(output)})`

/** A macro with its variables: once for its result, the variable of its own name, and once for each of its other outputs. */
export function readMacro(
  { name, key, called, parameters, outputs, text }: MacroHead,
  model: Names,
  around: Surroundings,
): SourceMacro[] {
  const { at } = text.header
  const parsed = withMacroOutputs(
    text.body.flatMap((definition) => parseDefinition(definition) ?? []),
    around.macros,
  )
  const range = parsed.find(({ statement }) => statement.kind !== 'equation' || statement.subscripts.length > 0)
  if (range)
    throw unsupported(name, range.definition.at, 'a subscript in a macro', 'give the macro one element at a time')
  const own = namesOf(equationsByKey(parsed))
  const names = new Map([
    ...[...model.keys(), 'time'].map((outer) => [`${outer}$`, 'model'] as const),
    ...parameters.map((parameter) => [keyOf(parameter), 'parameter'] as const),
    ...own,
  ])
  const twice = parameters.find((parameter) => own.has(keyOf(parameter)))
  if (twice) throw invalid(name, at, `${shownName(twice)} is an argument and has an equation too`)
  if (!own.has(key)) throw invalid(name, at, `has no equation for its result; write ${name} = ...`)
  const built = buildSection(parsed, names, around)
  const active = built.find(({ atStart }) => atStart)
  if (active) throw unsupported(active.variable.name, active.variable.at, 'ACTIVE INITIAL in a macro')
  const macro = {
    name: called === key ? name : `${name} (macro)`,
    parameters: parameters.map((parameter) => ({ name: shownName(parameter) })),
    variables: built.map(({ variable }) => variable),
    result: named(canonicalName(name)),
  }
  const others = [...outputs.keys()].map((output) => {
    if (!own.has(output)) throw invalid(name, at, `has no equation for its output ${output}`)
    return { ...macro, name: outputName(name, output), result: named(output) }
  })
  if (others.length > 0 && macro.variables.some(isDrawn))
    throw unsupported(name, at, 'a macro with random numbers and more than one output', 'make a macro for each output')
  return [macro, ...others]
}

/** Each output has a use of the macro of its own, and so would have draws of its own. */
function isDrawn(variable: SourceVariable): boolean {
  const equations =
    variable.kind === 'stock' ? [variable.initial, variable.flow] : 'equation' in variable ? [variable.equation] : []
  return equations.some((equation) => equation?.kind === 'formula' && isRandom(equation.formula))
}
