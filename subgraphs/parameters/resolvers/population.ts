// Rule sets, and the typed result of a run over a population.
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { planHash } from '../../../compute/model/plan.ts'
import { derivePopulationImpact } from '../rules/population-impact.ts'
import { describeSlice } from '../rules/us-federal-slice/describe.ts'
import { SLICE_PARAMETERS } from '../rules/us-federal-slice/parameters.ts'
import type { StoredParameter } from '../store.ts'
import { Parameter } from '../types/parameter.ts'
import { PopulationImpact, RuleSet, Run } from '../types/population.ts'
import { Population } from '../types/population-data.ts'
import { Reform } from '../types/reform.ts'
import { type Context, notFound, requireParameter, requireReform, viewReform } from './context.ts'
import { type PopulationView, requirePopulation } from './load-population.ts'
import { slicePlan } from './population-run.ts'

const UNIT = 'USD/year'

export function ruleSets(): (Omit<RuleSet, 'planHash'> & { planHash: string })[] {
  return [{ ...describeSlice(), planHash: planHash(slicePlan()) }]
}

@Resolver(() => RuleSet)
export class RuleSetResolver {
  @Query(() => RuleSet, { nullable: true, description: 'The rule set of this id.' })
  ruleSet(@Arg('id', () => ID, { description: 'Such as "us-federal-slice".' }) id: string): RuleSet {
    const all = ruleSets()
    const found = all.find((ruleSet) => ruleSet.id === id)
    if (!found)
      throw notFound(
        'rule set',
        id,
        'id',
        all.map((ruleSet) => ruleSet.id),
      )
    return found
  }

  @Query(() => [RuleSet], { description: 'All rule sets.' })
  ruleSets(): RuleSet[] {
    return ruleSets()
  }

  @FieldResolver(() => [Parameter], { description: 'The parameters that the rules use.' })
  parameters(@Ctx() context: Context): Promise<StoredParameter[]> {
    return Promise.all([...SLICE_PARAMETERS].map((id) => requireParameter(context, id, 'parameters')))
  }
}

@Resolver(() => Run)
export class RunResolver {
  @FieldResolver(() => PopulationImpact, {
    nullable: true,
    description:
      'What the reform does to the population; null before the run has succeeded and for other kinds of run.',
  })
  async populationImpact(@Root() run: Run, @Ctx() context: Context): Promise<PopulationImpact | null> {
    const record = await context.loaders.run.load(run.id)
    if (record?.kind !== 'POPULATION' || record.status !== 'SUCCEEDED') return null
    const question = await context.loaders.question.load(record.verifies ?? record.id)
    const result = await context.dispatch.result(context.tenant, record.id)
    if (!question || result.kind !== 'LANES') return null
    const { budget, byProgramme, deciles, weight, ...impact } = derivePopulationImpact(result)
    return {
      ...impact,
      ...question,
      weightsTotal: weight,
      budget: { ...budget, unit: UNIT },
      byProgramme: byProgramme.map((row) => ({ ...row, unit: UNIT })),
      deciles: { ...deciles, unit: UNIT },
    }
  }
}

@Resolver(() => PopulationImpact)
export class PopulationImpactResolver {
  @FieldResolver(() => Reform, { description: 'The reform.' })
  async reform(@Root() impact: PopulationImpact, @Ctx() context: Context): Promise<Reform> {
    return viewReform(await requireReform(context, impact.reformId, 'reform'))
  }

  @FieldResolver(() => Population, { description: 'The population.' })
  population(@Root() impact: PopulationImpact, @Ctx() context: Context): Promise<PopulationView> {
    return requirePopulation(context, impact.populationId, 'population')
  }
}
