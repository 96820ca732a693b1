// Sends a model file to the graph, with the changes that the command line asks for.
import { ask, type GraphClient } from './client.ts'
import { type ModelFile, textOf, withPlace } from './model-file.ts'
import { FINDINGS, type Finding } from './output/findings.ts'
import type { Members } from './read-input.ts'
import type { Setting, Variation } from './read-options.ts'

/** Options of `run` that change a model. */
export interface ModelOptions {
  readonly set?: readonly Setting[]
  readonly vary?: readonly Variation[]
  readonly draws?: number
  readonly seed?: string
  readonly method?: string
  readonly start?: number
  readonly stop?: number
  readonly dt?: number
  readonly saveEvery?: number
  readonly variables?: readonly string[]
}

const OPTION_OF: Readonly<Record<keyof ModelOptions, string>> = {
  set: '--set',
  vary: '--vary',
  draws: '--draws',
  seed: '--seed',
  method: '--method',
  start: '--start',
  stop: '--stop',
  dt: '--dt',
  saveEvery: '--save-every',
  variables: '--variables',
}

/** Those of the options that are given, as they are written. */
export function namesOf(options: ModelOptions): string[] {
  const given = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0)
  return Object.entries(OPTION_OF).flatMap(([key, name]) => (given(options[key as keyof ModelOptions]) ? [name] : []))
}

/** What came of an upload: the members selected of UploadModelPayload, and its findings. */
export interface Uploaded extends Members {
  readonly findings: readonly Finding[]
}

/** Uploads the file, or with `dryRun` only has it checked. A fault in the file is told with its place. */
export function uploadModel(
  client: GraphClient,
  file: ModelFile,
  options: ModelOptions & { readonly dryRun?: boolean },
  selection: string,
): Promise<Uploaded> {
  const { set = [], vary = [], draws, seed, method, start, stop, dt, saveEvery, variables, dryRun = false } = options
  const mutation = `mutation Upload($input: UploadModelInput!) { outcome: uploadModel(input: $input) { ${selection} ${FINDINGS} } }`
  const input = {
    ...textOf(file),
    ...{ set, vary, draws, seed, start, stop, dt, saveEvery, dryRun },
    method: method?.toUpperCase(),
    outputs: variables,
  }
  // Members that are not given are left out; in process nothing would take them away.
  const sent = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  return withPlace(file, async () => (await ask<{ outcome: Uploaded }>(client, mutation, { input: sent })).outcome)
}
