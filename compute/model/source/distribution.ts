// Distributions as they are written in model files and on the command line: normal(0.3, 0.05), beta(alpha = 2, beta = 5).
import { isQuesnayError, QuesnayError } from '../../../schema/errors.ts'
import { didYouMean } from '../did-you-mean.ts'
import { canonicalName, type Formula, type Position } from '../formula/ast.ts'
import { parseFormula } from '../formula/parse-formula.ts'
import { constantOf } from './constant.ts'
import type { SourceDistribution } from './source.ts'

/** Their arguments in order, those with ? may be left out. The order is that of the functions of the same names. */
export const DISTRIBUTIONS: Readonly<Record<string, readonly string[]>> = {
  normal: ['mean', 'sd', 'min?', 'max?'],
  truncatedNormal: ['mean', 'sd', 'min', 'max'],
  logNormal: ['mean', 'sd'],
  uniform: ['min', 'max'],
  triangular: ['min', 'mode', 'max'],
  exponential: ['mean'],
  gamma: ['shape', 'scale'],
  beta: ['alpha', 'beta', 'min?', 'max?'],
  poisson: ['mean'],
  empirical: ['values...'],
}

/** The functions of the formula language say low and high. */
const ALSO = new Map([
  ['low', 'min'],
  ['high', 'max'],
])
/** The other way to give a log-normal: by the mean and standard deviation of its logarithm. */
const OF_LOGARITHM = ['mu', 'sigma']

/**
 * The distribution of a text; arguments by place or `name = value`, of empirical its values. BAD_INPUT with `path`, also
 * { line, column, expected, suggestion }, where it is none: an unknown name, an argument too many or missing.
 */
export function readDistribution(text: string, path: string): SourceDistribution {
  try {
    return distributionOf(parseFormula(text))
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    const detail = { suggestion: `write one of ${usages()}`, ...error.detail, path }
    throw new QuesnayError('BAD_INPUT', `${path}: "${text}" is not a distribution: ${error.message}`, detail)
  }
}

/** The distribution that a call stands for. MODEL_INVALID with the place and a suggestion where it stands for none. */
export function distributionOf(formula: Formula): SourceDistribution {
  if (formula.kind !== 'call') throw fault('expected a distribution', formula.at, `write one of ${usages()}`)
  const kind = Object.keys(DISTRIBUTIONS).find((name) => canonicalName(name) === canonicalName(formula.function))
  if (kind === undefined) {
    const like = didYouMean(formula.function, Object.keys(DISTRIBUTIONS), usage)
    const suggestion = `${like ? `${like} ` : ''}There are ${usages()}`
    throw fault(`there is no distribution ${formula.function}`, formula.at, suggestion)
  }
  if (kind === 'empirical') return empirical(formula.args.map(constantOf), formula.at)
  return inCore(kind, argumentsOf(kind, formula), formula.at)
}

/** Draws one of the values, each with its weight (by default equal). */
export function empirical(
  values: readonly (number | undefined)[],
  at: Position | undefined,
  weights?: readonly number[],
): SourceDistribution {
  const known = values.filter((value) => value !== undefined)
  if (known.length === 0 || known.length < values.length)
    throw fault('empirical needs numbers, one or more', at, 'write empirical(1, 2, 5)')
  if (
    weights &&
    (weights.length !== known.length || weights.some((weight) => weight < 0) || !weights.some((w) => w > 0))
  )
    throw fault('expected a weight of 0 or more for each value, not all 0', at)
  return { kind: 'empirical', parameters: {}, values: known, ...(weights ? { weights } : {}) }
}

type Arguments = Record<string, Formula>

function argumentsOf(kind: string, { args, at }: Extract<Formula, { kind: 'call' }>): Arguments {
  const parameters = DISTRIBUTIONS[kind]!
  const names = parameters.map((name) => name.replace('?', ''))
  const known = kind === 'logNormal' ? [...names, ...OF_LOGARITHM] : names
  const given: Arguments = {}
  for (const [i, arg] of args.entries()) {
    const named = arg.kind === 'binary' && arg.operator === '=' && arg.left.kind === 'name' ? arg.left.name : undefined
    const name = named === undefined ? names[i] : (ALSO.get(named) ?? named)
    if (name === undefined || !known.includes(name))
      throw fault(`${kind} has no argument ${named ?? i + 1}`, arg.at ?? at, `write ${usage(kind)}`)
    if (given[name]) throw fault(`${kind} is given ${name} twice`, arg.at ?? at, `write ${usage(kind)}`)
    given[name] = named !== undefined && arg.kind === 'binary' ? arg.right : arg
  }
  const needed = given['mu'] || given['sigma'] ? OF_LOGARITHM : parameters.filter((name) => !name.endsWith('?'))
  const missing = needed.filter((name) => !given[name])
  if (missing.length > 0) throw fault(`${kind} lacks ${missing.join(' and ')}`, at, `write ${usage(kind)}`)
  if (given['mu'] && (given['mean'] || given['sd']))
    throw fault('logNormal is given twice', at, 'give mean and sd, or mu and sigma')
  return given
}

/** Normal with bounds is truncated. */
function inCore(kind: string, given: Arguments, at: Position | undefined): SourceDistribution {
  const { min, max } = given
  if (kind === 'normal' && (min || max)) {
    if (!min || !max) throw fault(`normal lacks ${min ? 'max' : 'min'}`, at, 'give both bounds, or none')
    return { kind: 'truncatedNormal', parameters: given }
  }
  return { kind, parameters: given }
}

const usage = (kind: string) => `${kind}(${DISTRIBUTIONS[kind]!.join(', ')})`
const usages = () => Object.keys(DISTRIBUTIONS).map(usage).join(', ')

function fault(message: string, at: Position | undefined, suggestion?: string): QuesnayError {
  const where = at ? `line ${at.line}, column ${at.column}: ` : ''
  return new QuesnayError('MODEL_INVALID', `${where}${message}`, { ...at, ...(suggestion ? { suggestion } : {}) })
}
