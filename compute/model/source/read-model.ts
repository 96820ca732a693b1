// Any model file: ours in YAML or JSON, XMILE, or Vensim.
import { readVensim } from '../vensim/read-vensim.ts'
import { readXmile } from '../xmile/read-xmile.ts'
import { readModelFile } from './read-model-file.ts'
import type { ReadModel } from './source.ts'

export type ModelFormat = 'YAML' | 'XMILE' | 'VENSIM'

const READERS: Readonly<Record<ModelFormat, (text: string) => ReadModel>> = {
  YAML: readModelFile,
  XMILE: readXmile,
  VENSIM: readVensim,
}

/** Endings of file names. */
const ENDINGS = new Map<string, ModelFormat>(
  Object.entries({
    yaml: 'YAML',
    yml: 'YAML',
    json: 'YAML',
    xmile: 'XMILE',
    stmx: 'XMILE',
    itmx: 'XMILE',
    xml: 'XMILE',
    mdl: 'VENSIM',
  } as const),
)

/**
 * Reads a model of whatever format: the one that the hint names, else that of the file's name, else what the text looks like.
 * Errors as the readers: MODEL_INVALID and CONSTRUCT_UNSUPPORTED with the variable, line and column where they are known.
 */
export function readModel(
  text: string,
  hint: { readonly fileName?: string; readonly format?: ModelFormat } = {},
): ReadModel & { readonly format: ModelFormat } {
  const format = hint.format ?? ENDINGS.get(hint.fileName?.toLowerCase().split('.').at(-1) ?? '') ?? looksLike(text)
  return { ...READERS[format](text.replace(/^\ufeff/, '')), format }
}

/** Vensim says {UTF-8} at the top, parts its equations by ~ and |, or draws a sketch under a line of slashes. */
function looksLike(text: string): ModelFormat {
  const begin = text.replace(/^\ufeff?\s*/, '')
  if (begin.startsWith('<')) return 'XMILE'
  if (/^\{utf-?8\}/i.test(begin) || begin.includes('\\\\\\---///')) return 'VENSIM'
  return /^[^~|:=]*=[^~|]*~[^~|]*~[^|]*\|/.test(begin) ? 'VENSIM' : 'YAML'
}
