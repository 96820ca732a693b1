// Rule sets: what they are of, their data and variables, and what depends on what.
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { dependenciesOf } from '../rules/rule-set/dependencies.ts'
import { elementsNamed } from '../rules/rule-set/find-variables.ts'
import type { RuleColumn, RuleSet as Rules } from '../rules/rule-set/rule-set.ts'
import { mappingsOf, requireRuleSet, ruleSetIds } from '../rules/rule-set/shipped.ts'
import type { StoredParameter } from '../store.ts'
import { Parameter } from '../types/parameter.ts'
import { RuleMapping, RuleSet, RuleVariable } from '../types/rule-set.ts'
import { ParameterTree } from '../types/tree.ts'
import { type Context, requireParameter, requireTreeRow } from './context.ts'

/** The graph's object of a rule set. NOT_FOUND at `path`. */
export const findRuleSet = (id: string, path: string): RuleSet => viewRuleSet(requireRuleSet(id, path))

export function viewRuleSet(rules: Rules): RuleSet {
  const { id, title, description, country, currency, unit, years, lawOf, hash, population } = rules
  return {
    ...{ id, title, description, country, currency, unit, lawOf, hash, rules },
    firstYear: years.first,
    lastYear: years.last,
    data: rules.columns.map((column) => viewColumn(rules, column)),
    variables: rules.rules.map((rule) => ({ ...rule, ...NO_DATUM, rules })),
    programmes: population.programmes,
    planHash: null,
  }
}

const NO_DATUM = { default: null, min: null, max: null, integer: false } as const

const viewColumn = (rules: Rules, column: RuleColumn): RuleVariable => ({
  ...column,
  reference: null,
  elements: [column.name],
  formula: null,
  file: null,
  rules,
})

@Resolver(() => RuleSet)
export class RuleSetResolver {
  @Query(() => RuleSet, { nullable: true, description: 'The rule set of this id.' })
  ruleSet(@Arg('id', () => ID, { description: 'Such as "us-federal".' }) id: string): RuleSet {
    return findRuleSet(id, 'id')
  }

  @Query(() => [RuleSet], { description: 'All rule sets.' })
  ruleSets(): RuleSet[] {
    return ruleSetIds().map((id) => findRuleSet(id, 'id'))
  }

  @FieldResolver(() => ParameterTree, { description: 'The tree that its parameters are of.' })
  tree(@Root() { rules }: RuleSet, @Ctx() context: Context): Promise<ParameterTree> {
    return requireTreeRow(context, rules.treeId, 'tree')
  }

  @FieldResolver(() => [Parameter], { description: 'The parameters that the rules use.' })
  parameters(@Root() { rules }: RuleSet, @Ctx() context: Context): Promise<StoredParameter[]> {
    return parametersOf(context, new Set(rules.parameters.map(({ id }) => id)))
  }

  @FieldResolver(() => RuleVariable, { nullable: true, description: 'The datum or rule of this name.' })
  variable(
    @Root() { rules, data, variables }: RuleSet,
    @Arg('name', () => String, { description: 'Such as "taxable income"; case, blanks and _ do not count.' })
    name: string,
  ): RuleVariable | null {
    const [found] = elementsNamed(rules, name, 'name')
    return [...data, ...variables].find((one) => one.elements.includes(found!.name)) ?? null
  }

  @FieldResolver(() => [RuleMapping], { description: 'What others call its data and variables.' })
  mappings(@Root() { rules }: RuleSet): readonly RuleMapping[] {
    return mappingsOf(rules)
  }
}

@Resolver(() => RuleVariable)
export class RuleVariableResolver {
  @FieldResolver(() => [String], {
    description: 'Names of the data and rules that it reads itself, in the order of its formula.',
  })
  dependsOn(@Root() { rules, name }: RuleVariable): readonly string[] {
    return dependenciesOf(rules, name).dependsOn
  }

  @FieldResolver(() => [String], { description: 'Names of the rules that read it, in the order of the rules.' })
  usedBy(@Root() { rules, name }: RuleVariable): readonly string[] {
    return dependenciesOf(rules, name).usedBy
  }

  @FieldResolver(() => [Parameter], { description: 'The parameters that it reads itself.' })
  parameters(@Root() { rules, name }: RuleVariable, @Ctx() context: Context): Promise<StoredParameter[]> {
    return parametersOf(context, dependenciesOf(rules, name).parameters)
  }
}

const parametersOf = (context: Context, ids: Iterable<string>): Promise<StoredParameter[]> =>
  Promise.all([...ids].map((id) => requireParameter(context, id, 'parameters')))
