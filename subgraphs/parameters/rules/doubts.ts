// What is possible but probably not meant in a reform: findings, not errors.
import type { Finding } from '../../shared/types.ts'
import type { ChangeInput } from './check-reform.ts'
import { dayName } from './dates.ts'
import type { ReformChange } from './overlay.ts'
import type { RuleSet } from './rule-set/rule-set.ts'
import type { Parameter, Tree } from './tree.ts'
import { valueAt } from './value-at.ts'
import { cellsOf, vectorName } from './vector.ts'

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
      ...rules.map((one) => startsInYear(one, change)),
      notCovered(tree, change),
      notInRules(rules, parameter),
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
  const cells = cellsOf(parameter)
  if (input.value == null || cells.length === 1) return undefined
  if (input.cell != null || input.status != null || input.children != null) return undefined
  return {
    severity: 'WARNING',
    code: 'ONE_VALUE_FOR_ALL',
    message: `${parameter.id} differs by ${vectorName(parameter).toLowerCase().replaceAll('_', ' ')}; the value is set for all of ${cells.join(', ')}`,
    suggestion: 'give values, one for each, or name one with the value',
  }
}

function startsInYear({ id, lawOf }: RulesOver, { from, parameter }: ReformChange): Finding | undefined {
  const [year, day] = [Number(from.slice(0, 4)), from.slice(5)]
  if (day === lawOf) return undefined
  const last = day > lawOf ? year : year - 1
  return {
    severity: 'WARNING',
    code: 'STARTS_IN_YEAR',
    message: `a year of the rules ${id} is computed by the law of its ${dayName(lawOf)}: the change of ${parameter} counts from ${last + 1}`,
    suggestion: `start it on ${last}-${lawOf} to have it count for ${last}`,
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

function notInRules(rules: readonly RulesOver[], { id }: Parameter): Finding | undefined {
  const [first] = rules
  if (!first || rules.some(({ parameters }) => parameters.some((used) => used.id === id))) return undefined
  return {
    severity: 'WARNING',
    code: 'NOT_IN_RULES',
    message: `the rules ${rules.map((one) => one.id).join(', ')} do not use ${id}: a run will show no change from it`,
    suggestion: `see ruleSet(id: "${first.id}") for the parameters it uses`,
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
