// What is possible but probably not meant in a reform: findings, not errors.
import { VECTOR_CELLS } from '../../../schema/terms/tax.ts'
import type { Finding } from '../../shared/types.ts'
import type { ChangeInput } from './check-reform.ts'
import type { ReformChange } from './overlay.ts'
import type { RuleSet } from './rule-set/rule-set.ts'
import type { Parameter, Tree } from './tree.ts'
import { valueAt } from './value-at.ts'

/** What is known here of rules over the tree. */
export type RulesOver = Pick<RuleSet, 'id' | 'parameters' | 'lawOf'>

/**
 * Findings about checked changes, in the order of the changes; each names the change by its path.
 * @param rules all rule sets over the tree
 */
export function doubtsAbout(
  tree: Tree,
  changes: readonly ReformChange[],
  inputs: readonly ChangeInput[],
  rules: readonly RulesOver[],
): Finding[] {
  const parameters = new Map(tree.parameters.map((parameter) => [parameter.id, parameter]))
  return changes.flatMap((change, i) => {
    const parameter = parameters.get(change.parameter)!
    const doubts = [
      outOfRange(parameter, change),
      equalToLaw(parameter, change),
      everyCell(parameter, inputs[i]!),
      startsInYear(change, rules),
      notCovered(tree, change),
      notInRules(parameter, rules),
      overlaps(changes, i),
    ]
    return doubts.flatMap((doubt) => (doubt ? [{ path: `input.changes.${i}`, ...doubt }] : []))
  })
}

function outOfRange(parameter: Parameter, change: ReformChange): Finding | undefined {
  const [least, greatest] = parameter.expected
  const odd = change.values.find((value) => value !== null && (value < least || value > greatest))
  if (odd == null) return undefined
  return {
    severity: 'WARNING',
    code: 'OUT_OF_RANGE',
    message: `${odd} ${parameter.unit} is outside of ${least} to ${greatest} ${parameter.unit}, where ${parameter.id} is expected`,
    suggestion:
      parameter.unit === 'fraction'
        ? 'a rate of 39.6 per cent is 0.396 fraction or 39.6 percent'
        : 'check the number and its unit',
  }
}

function equalToLaw(parameter: Parameter, change: ReformChange): Finding | undefined {
  const law = valueAt(parameter.values, change.from)
  if (!law || change.values.some((value, i) => value !== null && value !== law.values[i])) return undefined
  return {
    severity: 'INFO',
    code: 'SAME_AS_LAW',
    message: `${parameter.id} has this value by law on ${change.from}`,
    suggestion: 'leave the change out, unless it is to hold against later changes of the law',
  }
}

function everyCell(parameter: Parameter, input: ChangeInput): Finding | undefined {
  const cells = VECTOR_CELLS[parameter.by]
  if (input.value == null || input.status != null || input.children != null || cells.length === 1) return undefined
  return {
    severity: 'WARNING',
    code: 'ONE_VALUE_FOR_ALL',
    message: `${parameter.id} differs by ${parameter.by === 'CHILDREN' ? 'number of children' : 'filing status'}; the value is set for all of ${cells.join(', ')}`,
    suggestion: 'give values, one for each, or name one with the value',
  }
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November'],
  'December',
]

function startsInYear(change: ReformChange, rules: readonly RulesOver[]): Finding | undefined {
  const { lawOf } = rules[0] ?? { lawOf: '01-01' }
  const [year, day] = [change.from.slice(0, 4), change.from.slice(5)]
  if (day === lawOf) return undefined
  const [month = '', dayOfMonth = ''] = lawOf.split('-')
  const counts = day < lawOf ? Number(year) : Number(year) + 1
  return {
    severity: 'WARNING',
    code: 'STARTS_IN_YEAR',
    message: `a tax year is computed by the law of its ${Number(dayOfMonth)} ${MONTHS[Number(month) - 1]}: the change of ${change.parameter} counts from ${counts}`,
    suggestion: `start it on ${year}-${lawOf} to have it count for that year`,
  }
}

function notCovered(tree: Tree, change: ReformChange): Finding | undefined {
  if (change.from <= tree.to && (change.to === null || change.to >= tree.from)) return undefined
  return {
    severity: 'WARNING',
    code: 'NOT_COVERED',
    message: `${tree.id} holds figures from ${tree.from} to ${tree.to}; no run can use a change from ${change.from}`,
    suggestion: `start the change between ${tree.from} and ${tree.to}`,
  }
}

function notInRules(parameter: Parameter, rules: readonly RulesOver[]): Finding | undefined {
  if (rules.length === 0 || rules.some(({ parameters }) => parameters.some(({ id }) => id === parameter.id)))
    return undefined
  const names = rules.map(({ id }) => id)
  return {
    severity: 'WARNING',
    code: 'NOT_IN_RULES',
    message: `the rules ${names.join(' and ')} do not use ${parameter.id}: a run will show no change from it`,
    suggestion: `see ruleSet(id: "${names[0]}") for the parameters it uses`,
  }
}

function overlaps(changes: readonly ReformChange[], i: number): Finding | undefined {
  const change = changes[i]!
  const ends = (c: ReformChange) => c.to ?? '9999-12-31'
  const touches = (a: ReformChange, b: ReformChange) =>
    a.values.some((value, k) => value !== null && b.values[k] !== null)
  const earlier = changes
    .slice(0, i)
    .findIndex(
      (c) => c.parameter === change.parameter && c.from <= ends(change) && change.from <= ends(c) && touches(c, change),
    )
  if (earlier < 0) return undefined
  return {
    severity: 'WARNING',
    code: 'OVERLAP',
    message: `change ${i} and change ${earlier} both set ${change.parameter} on the same days; change ${i} holds`,
    suggestion: 'end the earlier one before the later one starts',
  }
}
