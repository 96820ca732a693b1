// Model files as a person gives them: told apart from scenario files, and what a fault in one looks like.
import { basename, extname } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { isQuesnayError, QuesnayError } from '../schema/errors.ts'
import { MAX_MODEL_TEXT } from '../schema/terms/model.ts'
import { nestsTooDeeply } from '../schema/yaml-depth.ts'
import { excerpt } from './output/excerpt.ts'
import { isMembers, nameOf, readText } from './read-input.ts'

const MODEL_EXTENSIONS = ['.xmile', '.stmx', '.itmx', '.xml', '.mdl']
const YAML_EXTENSIONS = ['.yaml', '.yml', '.json']

export interface ModelFile {
  readonly path: string
  readonly text: string
}

/** The model file at a path, or on standard input for "-". Errors: BAD_INPUT where it holds none, LIMIT_EXCEEDED. */
export function readModelFile(path: string): ModelFile {
  const text = readText(path)
  if (isModel(path, text)) return modelFile(path, text)
  throw new QuesnayError('BAD_INPUT', `${nameOf(path)} holds no model`, {
    path,
    suggestion: 'give an XMILE or Vensim file, or a YAML file with `variables`',
  })
}

/** A text that is sent whole. LIMIT_EXCEEDED where the graph would not take it. */
export function modelFile(path: string, text: string): ModelFile {
  if (text.length <= MAX_MODEL_TEXT) return { path, text }
  throw new QuesnayError('LIMIT_EXCEEDED', `${nameOf(path)} has ${text.length} characters`, {
    path,
    limit: MAX_MODEL_TEXT,
    suggestion: `a model file has at most ${MAX_MODEL_TEXT}`,
  })
}

/** Whether a text is a model, and no scenario: a YAML or JSON file without `variables`. */
export function isModel(path: string, text: string): boolean {
  const extension = extname(path).toLowerCase()
  if (MODEL_EXTENSIONS.includes(extension) || isXml(text)) return true
  if (!YAML_EXTENSIONS.includes(extension) && isVensim(text)) return true
  // Most are told without reading all of them.
  if (/^variables\s*:/m.test(text)) return true
  if (nestsTooDeeply(text)) return false
  try {
    const value = parseYaml(text) as unknown
    return isMembers(value) && 'variables' in value
  } catch {
    return /^\s*"?variables"?\s*:/m.test(text)
  }
}

const isXml = (text: string) => /^\s*</.test(text)
/** Its first line, or the one above its sketch. */
const isVensim = (text: string) => /^\s*\{UTF-8\}/i.test(text) || text.includes('\\\\\\---///')

/** The file as the members of UploadModelInput that hold it: XML is told from the text, whatever the file is called. */
export const textOf = ({ path, text }: ModelFile) => ({
  text,
  ...(path === '-' ? {} : { fileName: basename(path) }),
  ...(isXml(text) ? { format: 'XMILE' } : {}),
})

/** Does the work; a fault in the file is told with the file's name, and each place with its line and a caret under it. */
export async function withPlace<T>(file: ModelFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // The line of a BAD_INPUT is one of what was typed, such as a distribution.
    if (!isQuesnayError(error) || error.code === 'BAD_INPUT') throw error
    const { faults } = error.detail
    const [, ...others] = Array.isArray(faults) ? (faults as Fault[]).map(placed) : []
    const first = placed({ ...(error.detail as object), message: error.message })
    if (first.line === undefined) throw error
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

/** Those in units say their place in words alone. */
function placed(fault: Fault): Fault {
  const [, line, column] = /(?:^|: )line (\d+), column (\d+): /.exec(fault.message) ?? []
  return fault.line !== undefined || line === undefined
    ? fault
    : { ...fault, line: Number(line), column: Number(column) }
}

/** Faults shown beside the first. */
const MOST_OTHERS = 20

function described(file: ModelFile, fault: Fault): string {
  const { path, message, suggestion } = fault
  const line = `${placeOf(file, fault)}${path ? `${path}: ` : ''}${bare(message)}${suggestion ? ` (${suggestion})` : ''}`
  return [line, excerptOf(file, fault)].filter((part) => part !== '').join('\n')
}

const placeOf = ({ path }: ModelFile, { line, column }: Fault) =>
  `${[nameOf(path), line, column].filter((part) => part !== undefined).join(':')}: `

const excerptOf = ({ text }: ModelFile, { line, column }: Fault) =>
  line === undefined ? '' : excerpt(text, line, column)

/** The message without the place that it may begin or end with. */
const bare = (message: string) =>
  message.replace(/(^|: )line \d+, column \d+: /, '$1').replace(/ \(line \d+(, column \d+)?\)$/, '')
