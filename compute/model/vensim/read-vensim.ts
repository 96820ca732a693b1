// Vensim .mdl text to the source model.
import type { ReadModel, SourceFinding } from '../source/source.ts'
import { withActiveInitials } from './active-initial.ts'
import { timeOf } from './control.ts'
import { Dimensions } from './dimensions.ts'
import { LIBRARY_KEYS, libraryText } from './library.ts'
import { withMacroOutputs } from './macro-outputs.ts'
import { parseDefinition } from './parse-definition.ts'
import { type MacroHead, macroHeads, readMacro } from './read-macros.ts'
import { buildSection, equationsByKey, namesOf } from './section.ts'
import { headOf, splitFile, type VensimFile } from './split-file.ts'
import { Subscripts } from './subscripts.ts'

/**
 * A Vensim model (.mdl, UTF-8) as a source model, with what is worth telling.
 *
 * Names keep their spelling; all variables are auxiliaries, but INTEG is a stock with its net flow and a lookup a table. The
 * control variables make the time and are variables too. The sketch is passed over; of the settings the integration is taken.
 * Errors, each with { path, line, column }: MODEL_INVALID where the text is no model; CONSTRUCT_UNSUPPORTED with { construct,
 * suggestion } for what these models have not, data from files among it; LIMIT_EXCEEDED above 100 levels of nesting, 1,000 terms
 * in a row, 10,000 elements of a range or 100,000 of an array.
 */
export function readVensim(text: string): ReadModel {
  const file = splitFile(text)
  const findings: SourceFinding[] = []
  const written = file.definitions.flatMap((definition) => {
    const read = parseDefinition(definition)
    if (!read) findings.push(passedOver(headOf(definition.text)))
    return read ?? []
  })
  const macros = allMacros(file)
  const parsed = withMacroOutputs(written, macros)
  if (file.isAdaptive) findings.push(FIXED_STEP)
  const subscripts = new Subscripts(parsed)
  const dimensions = new Dimensions(subscripts)
  const names = namesOf(equationsByKey(parsed))
  const around = { subscripts, dimensions, macros, findings }
  const built = buildSection(parsed, names, around)
  const variables = withActiveInitials(built, macros)
  const source = {
    name: 'Vensim model',
    time: timeOf(variables, file),
    variables,
    macros: [...macros.values()].flatMap((head) => readMacro(head, names, around)),
    // Last: arrays without a fitting range have made dimensions of their own.
    dimensions: dimensions.all(),
    // Copies for ACTIVE INITIAL are no variables of the author's.
    ...(variables.length > built.length && {
      outputs: built.flatMap(({ variable }) => (variable.kind === 'table' ? [] : [variable.name])),
    }),
    unitFaults: 'finding' as const,
  }
  return { source, findings }
}

/** Those of the file, and those of Vensim's own that it uses. */
function allMacros({ macros, definitions }: VensimFile): Map<string, MacroHead> {
  const own = macroHeads(macros)
  const texts = [...definitions, ...macros.flatMap(({ body }) => body)]
  const used = LIBRARY_KEYS.filter((key) => {
    const name = new RegExp(`\\b${key.replaceAll('_', '[\\s_]+')}\\s*\\(`, 'i')
    return !own.has(key) && texts.some(({ text }) => name.test(text))
  })
  return new Map([...own, ...macroHeads(splitFile(libraryText(used)).macros)])
}

const FIXED_STEP: SourceFinding = {
  severity: 'INFO',
  code: 'FIXED_STEP',
  path: 'TIME STEP',
  message: 'Vensim would adapt the step of the integration; here it is always TIME STEP',
  suggestion: 'make TIME STEP smaller where the results depend on it',
}

const passedOver = (path: string): SourceFinding => ({
  severity: 'INFO',
  code: 'REALITY_CHECK_PASSED_OVER',
  path,
  message: 'a reality check is no part of a simulation',
})
