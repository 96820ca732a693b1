// What an upload must hold to, beside what its file says: ids, sizes, and how much would be saved.
import { MAX_ENSEMBLE_CELLS as MAX_CELLS, MAX_ENSEMBLE_ROWS as MAX_ROWS } from '../../../compute/dispatch/submission.ts'
import type { Model, TimeSpec } from '../../../compute/model/model.ts'
import type { Plan } from '../../../compute/model/plan.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { MAX_MODEL_TEXT } from '../../../schema/terms/model.ts'
import { assertSlug } from '../../../schema/terms/slug.ts'
import { MAX_YAML_DEPTH, nestsTooDeeply } from '../../../schema/yaml-depth.ts'
import type { UploadModelInput } from '../types/upload.ts'
import { checkDescription, checkDraws, checkSeed, checkTitle } from './check-scenario.ts'
import { nameKey } from './name-key.ts'

/** Steps of a run: more would keep a worker for hours. */
export const MAX_STEPS = 10_000_000
const MAX_CHANGES = 10_000
/** Of the file systems in use none takes a longer name. */
const MAX_FILE_NAME = 255

/** @throws BAD_INPUT naming the argument and the fix; LIMIT_EXCEEDED for a text or a list beyond its limit; MODEL_INVALID for one too deep */
export function checkUpload(input: UploadModelInput): void {
  if (input.id != null) assertSlug(input.id, 'input.id')
  if (input.title != null) checkTitle(input.title)
  checkDescription(input.description)
  if ((input.fileName?.length ?? 0) > MAX_FILE_NAME)
    throw tooMuch('the name of the file is long', 'input.fileName', MAX_FILE_NAME, 'give it without its folders')
  if (input.text.trim() === '')
    throw new QuesnayError('BAD_INPUT', 'the model file is empty', {
      path: 'input.text',
      suggestion: 'give the text of an XMILE, Vensim or YAML model',
    })
  if (input.text.length > MAX_MODEL_TEXT)
    throw tooMuch(
      `the model file has ${input.text.length} characters`,
      'input.text',
      MAX_MODEL_TEXT,
      'divide the model',
    )
  assertShallow(input)
  for (const list of ['set', 'vary', 'outputs'] as const)
    if ((input[list]?.length ?? 0) > MAX_CHANGES)
      throw tooMuch(`${list} names more than ${MAX_CHANGES} variables`, `input.${list}`, MAX_CHANGES, 'name fewer')
  if (input.outputs?.length === 0)
    throw new QuesnayError('BAD_INPUT', 'no variable is named to be saved', {
      path: 'input.outputs',
      suggestion: 'name one, or leave outputs out to save all',
    })
  assertChangedOnce([...input.set, ...input.vary])
  if (input.draws != null) checkDraws(input.draws)
  checkSeed(input.seed)
}

/** Before any reader walks it. XML and Vensim's equations have readers with limits of their own. MODEL_INVALID. */
function assertShallow(input: UploadModelInput): void {
  if (mayBeYaml(input) && nestsTooDeeply(input.text))
    throw new QuesnayError('MODEL_INVALID', 'the file is nested too deeply to be read', {
      path: 'the file',
      limit: MAX_YAML_DEPTH,
      suggestion: `nest at most ${MAX_YAML_DEPTH} lists and maps`,
    })
}

function mayBeYaml({ text, format, fileName }: UploadModelInput): boolean {
  if (format) return format === 'YAML'
  if (/\.(xmile|stmx|itmx|xml|mdl)$/i.test(fileName ?? '')) return false
  return /\.(ya?ml|json)$/i.test(fileName ?? '') || !/^\s*</.test(text)
}

/** Which of two changes of one variable counts is not for us to say. BAD_INPUT. */
function assertChangedOnce(changes: readonly { readonly variable: string }[]): void {
  const seen = new Set<string>()
  for (const { variable } of changes) {
    if (seen.has(nameKey(variable)))
      throw new QuesnayError('BAD_INPUT', `"${variable}" is changed twice`, {
        path: 'input.set',
        variable,
        suggestion: 'set or vary it once',
      })
    seen.add(nameKey(variable))
  }
}

/** Before the plan is made: a time of too many steps, or too much to save whatever the draws. LIMIT_EXCEEDED. */
export function checkModelSize({ time, outputs }: Model): void {
  if (!time) return
  if (time.steps > MAX_STEPS)
    throw tooMuch(`the model has ${time.steps} steps`, 'input.dt', MAX_STEPS, 'give a longer dt or an earlier stop')
  const rows = outputs.length * savedTimes(time)
  if (rows <= MAX_ROWS) return
  const what = `${outputs.length} outputs at ${savedTimes(time)} times are ${rows} values`
  throw tooMuch(what, 'input.outputs', MAX_ROWS, fewerValues(time, outputs.length, MAX_ROWS))
}

/** Values of all draws together. LIMIT_EXCEEDED. */
export function checkCells({ time, outputs }: Model, draws: number): void {
  const perDraw = outputs.length * (time ? savedTimes(time) : 1)
  if (perDraw * draws <= MAX_CELLS) return
  const what = `${draws} draws of ${perDraw} values are ${perDraw * draws} values`
  const fewer = Math.floor(MAX_CELLS / perDraw)
  const suggestion = `give at most ${fewer} draws, or ${fewerValues(time, outputs.length, MAX_CELLS / draws)}`
  throw tooMuch(what, 'input.draws', MAX_CELLS, suggestion)
}

/**
 * Everything that a run needs from outside has a default, since a scenario gives nothing else.
 * @throws BAD_INPUT for an input or series without a default; CONSTRUCT_UNSUPPORTED for columns of data
 */
export function assertSelfContained({ inputs, series, columns }: Pick<Plan, 'inputs' | 'series' | 'columns'>): void {
  const open = inputs.find((one) => one.default === null) ?? series.find((one) => one.default === null)
  if (open)
    throw new QuesnayError('BAD_INPUT', `the model needs a value for "${open.name}"`, {
      path: 'input.set',
      variable: open.name,
      suggestion: `set ${open.name} to a number, or give it a default in the file`,
    })
  const [column] = columns
  if (column)
    throw new QuesnayError(
      'CONSTRUCT_UNSUPPORTED',
      `"${column.name}" is a column of data, which a scenario has none of`,
      {
        path: 'input.text',
        variable: column.name,
        suggestion: 'make it an input with a default, or draw it from a distribution',
      },
    )
}

/** How many times are saved: counted, not listed. */
export function savedTimes({ steps, saveEvery, saveAt }: TimeSpec): number {
  return saveAt ? saveAt.length : Math.floor(steps / saveEvery) + 1 + (steps % saveEvery === 0 ? 0 : 1)
}

function fewerValues(time: TimeSpec | undefined, outputs: number, limit: number): string {
  const times = Math.floor(limit / outputs) - 1
  if (!time || times < 1) return 'name fewer outputs'
  return `name fewer outputs, or save every ${Math.ceil(time.steps / times) * time.dt} ${time.unit}`.trim()
}

function tooMuch(what: string, path: string, limit: number, suggestion: string): QuesnayError {
  return new QuesnayError('LIMIT_EXCEEDED', `${what}; the limit is ${limit}`, { path, limit, suggestion })
}
