// One YAML file of unknown quality: its value, and the line on which any part of it stands.
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { MAX_YAML_DEPTH, nestsTooDeeply } from '../../../schema/yaml-depth.ts'
import type { Finding } from '../../shared/types.ts'

export type Keys = readonly (string | number)[]

export interface BankFile {
  readonly path: string
  readonly text: string
}

export interface YamlSource {
  readonly path: string
  readonly value: unknown
  /** "path:line" of the deepest part that is there. */
  place(keys: Keys): string
}

export type ReadYaml = { readonly source: YamlSource } | { readonly findings: Finding[] }

/** Reads a file; every syntax error and repeated key is a finding YAML_BROKEN with its line. */
export function readYaml({ path, text }: BankFile): ReadYaml {
  if (nestsTooDeeply(text))
    return {
      findings: [
        {
          severity: 'ERROR',
          code: 'YAML_BROKEN',
          path,
          message: `nested more than ${MAX_YAML_DEPTH} levels deep`,
          suggestion: 'write it flatter',
        },
      ],
    }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length > 0)
    return {
      findings: document.errors.map((error) => ({
        severity: 'ERROR',
        code: 'YAML_BROKEN',
        path: `${path}:${lines.linePos(error.pos[0]).line}`,
        message: `not YAML: ${error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')}`,
        suggestion: 'mend the syntax at this line',
      })),
    }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch {
    const message = 'too many aliases, or one that points nowhere'
    return { findings: [{ severity: 'ERROR', code: 'YAML_BROKEN', path, message, suggestion: 'write the values out' }] }
  }
  const place = (keys: Keys): string => {
    for (let depth = keys.length; depth > 0; depth--) {
      const start = startOf(document, keys.slice(0, depth))
      if (start !== undefined) return `${path}:${lines.linePos(start).line}`
    }
    return `${path}:1`
  }
  return { source: { path, value, place } }
}

/** Where a part begins: at its key, or where it is an item of a list at itself. */
function startOf(document: Document, keys: Keys): number | undefined {
  const parent = document.getIn(keys.slice(0, -1), true)
  const own = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === keys.at(-1))?.key
    : undefined
  const part = own ?? document.getIn(keys, true)
  return isNode(part) ? part.range?.[0] : undefined
}
