// What `quesnay run` is asked to run: a model file, a scenario file, or a scenario that the graph has.
import { QuesnayError } from '../schema/errors.ts'
import { isModel, type ModelFile, modelFile } from './model-file.ts'
import { isThere, type Members, readText } from './read-input.ts'
import { parseMembers } from './read-yaml.ts'

export type Subject =
  | { readonly kind: 'model'; readonly file: ModelFile }
  | { readonly kind: 'scenario'; readonly members: Members }
  | { readonly kind: 'stored'; readonly id: string }

/** A file of this name, or standard input for "-", read and told apart; else the name is an id. Errors: BAD_INPUT, LIMIT_EXCEEDED. */
export function readSubject(subject: string): Subject {
  if (subject !== '-' && !isThere(subject)) {
    if (/[/\\]|\.(ya?ml|json|xmile|stmx|itmx|xml|mdl)$/i.test(subject))
      throw new QuesnayError('BAD_INPUT', `there is no ${subject}`, {
        path: subject,
        suggestion: 'check the file name',
      })
    return { kind: 'stored', id: subject }
  }
  const text = readText(subject)
  if (isModel(subject, text)) return { kind: 'model', file: modelFile(subject, text) }
  const hint = 'write the members of CreateScenarioInput, as examples/scenario.yaml does; or a model with `variables`'
  return { kind: 'scenario', members: parseMembers(text, subject, hint) }
}
