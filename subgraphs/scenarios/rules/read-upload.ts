// From a model file to what a scenario simulates: read, changed, elaborated and lowered before anything is stored.
import { elaborate } from '../../../compute/model/elaborate/elaborate.ts'
import { lower } from '../../../compute/model/lowering/lower.ts'
import type { Model } from '../../../compute/model/model.ts'
import { changeModel } from '../../../compute/model/source/change-model.ts'
import { readModel } from '../../../compute/model/source/read-model.ts'
import type { SourceModel } from '../../../compute/model/source/source.ts'
import { isQuesnayError, QuesnayError } from '../../../schema/errors.ts'
import { canonicalJson, sha256 } from '../../../schema/hash.ts'
import { IntegrationMethod } from '../../../schema/terms/model.ts'
import type { Finding } from '../../shared/types.ts'
import type { UploadModelInput } from '../types/upload.ts'
import type { ModelChanges, ModelTime, UploadedModel } from '../types/uploaded-model.ts'
import { assertSelfContained, checkCells, checkModelSize, checkUpload, savedTimes } from './check-upload.ts'

/** Draws where something is random and the upload names no number: enough for quantiles that settle. */
const DRAWS = 1000
/** Names that an error lists. */
const SHOWN_NAMES = 12

export interface ReadUpload {
  readonly uploaded: UploadedModel
  /** Canonical JSON of the model that is computed: the blob that `uploaded.hash` names. */
  readonly modelJson: string
  readonly draws: number
  readonly findings: Finding[]
}

/**
 * Reads an upload whole, or says what is wrong with it.
 * @throws BAD_INPUT, LIMIT_EXCEEDED (see check-upload.ts); MODEL_INVALID (units too), CONSTRUCT_UNSUPPORTED with variable, line,
 * column, expected and suggestion where the file has a fault
 */
export function readUpload(input: UploadModelInput): ReadUpload {
  checkUpload(input)
  const wanted = wantedOf(input)
  const read = readSource(input.text, wanted)
  const { model: elaborated, findings } = elaborate(read.source)
  // An array and an element of it may both be named: it is saved once.
  const model = { ...elaborated, outputs: [...new Set(elaborated.outputs)] }
  checkModelSize(model)
  const plan = lower(model)
  assertSelfContained(plan)
  const random = plan.uniforms.length > 0
  const draws = input.draws ?? (random ? DRAWS : 1)
  checkCells(model, draws)
  const modelJson = canonicalJson(model)
  return {
    uploaded: {
      ...wanted,
      name: read.source.name,
      format: read.format,
      hash: sha256(modelJson),
      sourceHash: sha256(input.text),
      time: timeOf(model),
      outputCount: model.outputs.length,
    },
    modelJson,
    draws,
    findings: [...read.findings, ...findings, ...aboutDraws(draws, random)],
  }
}

type Wanted = Pick<UploadedModel, 'fileName' | 'set' | 'vary' | 'changes'> & {
  readonly format?: UploadedModel['format']
}

/** The source of a text with its changes, as a stored model names them. Throws as readUpload does. */
export function readSource(text: string, wanted: Wanted): ReturnType<typeof readModel> {
  const { fileName, format, set, vary, changes } = wanted
  const { method, ...clock } = changes
  const read = readModel(text, { ...(fileName ? { fileName } : {}), ...(format ? { format } : {}) })
  try {
    const source = changeModel(read.source, {
      set: Object.fromEntries(set.map(({ variable, value }) => [variable, value])),
      vary: Object.fromEntries(vary.map(({ variable, distribution }) => [variable, distribution])),
      ...clock,
      ...(method ? { method: METHOD[method] } : {}),
    })
    return { ...read, source }
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    // A place in what was asked for, not in the file.
    const path = `input.${error.detail['path']}`
    throw new QuesnayError(error.code, error.message, { ...someOf(read.source, path), ...error.detail, path })
  }
}

/** For a name that is like none, those that there are. */
function someOf({ variables }: SourceModel, path: string): { suggestion?: string } {
  if (!/^input\.(set|vary|outputs)\./.test(path)) return {}
  const names = variables.slice(0, SHOWN_NAMES).map(({ name }) => name)
  return { suggestion: `it has ${names.join(', ')}${variables.length > SHOWN_NAMES ? ', ...' : ''}` }
}

const METHOD = { EULER: 'euler', RK2: 'rk2', RK4: 'rk4' } as const

function wantedOf({
  fileName,
  format,
  set,
  vary,
  method,
  start,
  stop,
  dt,
  saveEvery,
  outputs,
}: UploadModelInput): Wanted {
  const given = { method, start, stop, dt, saveEvery, outputs }
  const changes: ModelChanges = Object.fromEntries(Object.entries(given).filter(([, value]) => value != null))
  return {
    fileName: fileName ?? null,
    ...(format ? { format } : {}),
    // Without the prototypes of input types: they are stored and hashed as they are.
    set: set.map(({ variable, value }) => ({ variable, value })),
    vary: vary.map(({ variable, distribution }) => ({ variable, distribution })),
    changes,
  }
}

function timeOf({ time }: Model): ModelTime | null {
  if (!time) return null
  const { start, dt, steps, unit, method = 'euler' } = time
  const { EULER, RK2, RK4 } = IntegrationMethod
  return {
    start,
    stop: start + steps * dt,
    dt,
    steps,
    savedTimes: savedTimes(time),
    method: { euler: EULER, rk2: RK2, rk4: RK4 }[method],
    unit,
  }
}

function aboutDraws(draws: number, random: boolean): Finding[] {
  const note = (severity: Finding['severity'], code: string, message: string, suggestion: string): Finding[] => [
    { severity, code, path: 'input.draws', message, suggestion },
  ]
  if (random && draws === 1)
    return note('INFO', 'ONE_DRAW', 'one draw has no spread: all quantiles are equal', 'give 1000 draws for a fan')
  if (!random && draws > 1)
    return note(
      'WARNING',
      'NOTHING_RANDOM',
      'nothing is random: all draws are equal',
      'vary a variable, or give 1 draw',
    )
  return []
}
