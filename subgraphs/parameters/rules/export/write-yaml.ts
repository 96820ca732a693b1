// Writes plain data as YAML that readers of YAML 1.1 and 1.2 take for the same.
import { Document, type Node, Pair, Scalar, type ScalarTag, YAMLMap, YAMLSeq } from 'yaml'
import { plainScalar } from '../import/plain-scalar.ts'

/** 1e-7 as 1.0e-7: without a point YAML 1.1 takes it for a text. */
const EXPONENT: ScalarTag = {
  identify: (value) => typeof value === 'number' && /^-?\de/.test(String(value)),
  default: true,
  tag: 'tag:yaml.org,2002:float',
  test: /^[-+]?\d+\.\d+e[-+]\d+$/,
  resolve: Number,
  stringify: ({ value }) => String(value).replace('e', '.0e'),
}

/** Dates stand without quotation marks: readers of parameters keep them as text. */
export function writeYaml(value: unknown): string {
  const document = new Document(undefined, { customTags: (tags) => [EXPONENT, ...tags] })
  document.contents = nodeOf(value)
  return document.toString({ lineWidth: 0 })
}

function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) {
    const list = new YAMLSeq()
    list.items = value.map(nodeOf)
    return list
  }
  if (typeof value === 'object' && value !== null) {
    const map = new YAMLMap()
    map.items = Object.entries(value).map(([key, member]) => new Pair(keyOf(key), nodeOf(member)))
    return map
  }
  if (typeof value === 'string') return textOf(value)
  return new Scalar(value)
}

// Numbers to base 60, octal ones, and words of YAML 1.1 that plainScalar takes for text.
const OLD = /^(?:[yn=]|<<|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?0[0-9_]+)$/i

function textOf(text: string): Scalar {
  const node = new Scalar(text)
  if (typeof plainScalar(text) !== 'string' || OLD.test(text)) node.type = 'QUOTE_DOUBLE'
  return node
}

/** Whole numbers, as of cells, stand without quotation marks too. */
const keyOf = (key: string): Scalar => (/^(?:0|[1-9]\d{0,8})$/.test(key) ? new Scalar(Number(key)) : textOf(key))
