// Model files as a person gives them: told apart from scenario files, and what a fault in one looks like.
import { basename, extname } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { isQuesnayError, QuesnayError } from '../schema/errors.ts'
import { excerpt } from './output/excerpt.ts'
import { isMembers, readText } from './read-input.ts'

const MODEL_EXTENSIONS = ['.xmile', '.stmx', '.itmx', '.xml', '.mdl']
const YAML_EXTENSIONS = ['.yaml', '.yml', '.json']

export interface ModelFile {
  readonly path: string
  readonly text: string
}

/** The model file at a path; undefined where it holds a scenario: a YAML or JSON file without `variables`. Errors: BAD_INPUT. */
export function readModelFile(path: string): ModelFile | undefined {
  const text = readText(path)
  return isModel(path, text) ? { path, text } : undefined
}

function isModel(path: string, text: string): boolean {
  const extension = extname(path).toLowerCase()
  if (MODEL_EXTENSIONS.includes(extension)) return true
  if (!YAML_EXTENSIONS.includes(extension)) return /^\s*(<|\{UTF-8\})/i.test(text.replace(/^\ufeff/, ''))
  try {
    const value = parseYaml(text) as unknown
    return isMembers(value) && 'variables' in value
  } catch {
    return /^\s*"?variables"?\s*:/m.test(text)
  }
}

/** The file as the members of UploadModelInput that hold it. */
export const textOf = ({ path, text }: ModelFile) => ({ text, fileName: basename(path) })

/** Does the work; a fault in the file is told with the file's name, and each place with its line and a caret under it. */
export async function withPlace<T>(file: ModelFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // The line of a BAD_INPUT is one of what was typed, such as a distribution.
    if (!isQuesnayError(error) || error.code === 'BAD_INPUT' || typeof error.detail['line'] !== 'number') throw error
    const { faults } = error.detail
    const [, ...others] = Array.isArray(faults) ? (faults as Fault[]) : []
    const first = error.detail as unknown as Fault
    const shown = [excerptOf(file, first), ...others.slice(0, MOST_OTHERS).map((fault) => described(file, fault))]
    const message = `${placeOf(file, first)}${bare(error.message)}`
    throw new QuesnayError(error.code, message, { ...error.detail, file: file.path, excerpt: shown.join('\n') })
  }
}

interface Fault {
  readonly message: string
  readonly path?: string
  readonly line?: number
  readonly column?: number
  readonly suggestion?: string
}

/** Faults shown beside the first. */
const MOST_OTHERS = 20

function described(file: ModelFile, fault: Fault): string {
  const { path, message, suggestion } = fault
  const line = `${placeOf(file, fault)}${path ? `${path}: ` : ''}${bare(message)}${suggestion ? ` (${suggestion})` : ''}`
  return [line, excerptOf(file, fault)].filter((part) => part !== '').join('\n')
}

const placeOf = ({ path }: ModelFile, { line, column }: Fault) =>
  `${[path, line, column].filter((part) => part !== undefined).join(':')}: `

const excerptOf = ({ text }: ModelFile, { line, column }: Fault) =>
  line === undefined ? '' : excerpt(text, line, column)

/** The message without the place that it may begin or end with. */
const bare = (message: string) =>
  message.replace(/(^|: )line \d+, column \d+: /, '$1').replace(/ \(line \d+(, column \d+)?\)$/, '')
