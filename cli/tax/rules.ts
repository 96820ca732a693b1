// The rule set that units are computed by: which columns of a file it reads, and which results by which names.
import { QuesnayError } from '../../schema/errors.ts'
import { nearest } from '../../schema/nearest.ts'
import { nameKey } from '../../subgraphs/parameters/rules/rule-set/names.ts'
import { ask, type GraphClient } from '../client.ts'

export interface Datum {
  readonly name: string
  readonly default: number | null
}

interface Mapping {
  readonly name: string
  readonly identifier: string | null
  readonly totals: readonly { readonly total: string; readonly parts: readonly string[] }[]
  readonly inputs: readonly { readonly theirs: string; readonly ours: string; readonly factor: number }[]
  readonly outputs: readonly { readonly theirs: string; readonly ours: string }[]
}

export interface TaxRules {
  readonly id: string
  readonly currency: string
  /** What a unit is, such as "tax unit". */
  readonly unit: string
  readonly data: readonly Datum[]
  readonly variables: readonly { readonly name: string; readonly elements: readonly string[] }[]
  readonly programmes: readonly { readonly variable: string }[]
  readonly mappings: readonly Mapping[]
}

const RULES = `query Rules($id: ID!) { ruleSet(id: $id) {
  id currency unit data { name default } variables { name elements } programmes { variable }
  mappings { name identifier totals { total parts } inputs { theirs ours factor } outputs { theirs ours } }
} }`

/** Errors: NOT_FOUND. */
export async function loadRules(client: GraphClient, id: string): Promise<TaxRules> {
  return (await ask<{ ruleSet: TaxRules }>(client, RULES, { id })).ruleSet
}

/** The names of a file and of its answers: those of a mapping, or the rule set's own. */
export interface Names {
  readonly identifier: string
  readonly totals: Mapping['totals']
  /** The column of data that a column of a file is; undefined where it is none. */
  readonly inputOf: (header: string) => { readonly ours: string; readonly factor: number } | undefined
  /** Variables in the order of the answers, by the name that they are written by. */
  readonly outputs: readonly { readonly theirs: string; readonly ours: string }[]
}

export interface NamesOptions {
  readonly mapping?: string
  /** Names of outputs; absent: the usual ones. */
  readonly columns?: readonly string[]
  readonly all?: boolean
}

/** Answers in the order of the sample files of Tax-Calculator. */
const USUAL = [
  ...['c00100', 'standard', 'c04800', 'taxbc', 'c09600', 'c07220', 'odc', 'c11070', 'eitc', 'niit', 'setax'],
  ...['ptax_was', 'ptax_amc', 'iitax', 'payrolltax', 'combined'],
]

const OWN = 'own'
const DEFAULT_MAPPING = 'taxcalc'

/** Errors: NOT_FOUND (mapping, columns). */
export function namesOf(rules: TaxRules, { mapping, columns, all = false }: NamesOptions): Names {
  const found = mappingOf(rules, mapping)
  const outputs = found?.outputs ?? ownOutputs(rules)
  const usual = found ? USUAL.filter((name) => outputs.some((one) => one.theirs === name)) : usualOf(rules)
  const wanted = columns ?? (all ? outputs.map(({ theirs }) => theirs) : usual)
  const byKey = new Map(outputs.map((output) => [nameKey(output.theirs), output]))
  return {
    identifier: found?.identifier ?? 'RECID',
    totals: found?.totals ?? [],
    inputOf: inputsOf(rules, found),
    outputs: wanted.map((name) => {
      const output = byKey.get(nameKey(name))
      if (output) return output
      throw notFound(
        `there is no column "${name.slice(0, 120)}" of answers`,
        '--columns',
        name,
        outputs.map(({ theirs }) => theirs),
      )
    }),
  }
}

function mappingOf({ id, mappings }: TaxRules, name: string | undefined): Mapping | undefined {
  if (name === OWN) return undefined
  const found = mappings.find((mapping) => mapping.name === (name ?? DEFAULT_MAPPING))
  if (found || name === undefined) return found
  throw notFound(`${id} has no mapping "${name.slice(0, 120)}"`, '--mapping', name, [
    ...mappings.map((mapping) => mapping.name),
    OWN,
  ])
}

function inputsOf(rules: TaxRules, mapping: Mapping | undefined): Names['inputOf'] {
  if (!mapping) {
    const own = new Map(rules.data.map(({ name }) => [nameKey(name), { ours: name, factor: 1 }]))
    return (header) => own.get(nameKey(header))
  }
  const theirs = new Map(mapping.inputs.map(({ theirs: name, ...rest }) => [name, rest]))
  return (header) => theirs.get(header)
}

const ownOutputs = ({ variables }: TaxRules) =>
  variables.flatMap(({ elements }) => elements.map((name) => ({ theirs: name, ours: name })))

/** What stands under the headings of the budget, and net income where there is a variable of that name. */
const usualOf = ({ programmes, variables }: TaxRules): string[] => [
  ...programmes.map(({ variable }) => variable).filter((name) => variables.some((one) => one.elements.includes(name))),
  ...variables.map(({ name }) => name).filter((name) => name === 'net income'),
]

function notFound(message: string, path: string, name: string, candidates: readonly string[]): QuesnayError {
  const like = nearest(name, candidates)
  const suggestion = like === undefined ? `there is ${candidates.join(', ')}` : `did you mean "${like}"?`
  return new QuesnayError('NOT_FOUND', message, { path, suggestion })
}
