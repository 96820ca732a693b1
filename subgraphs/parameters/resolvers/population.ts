// Populations and the typed result of a run over a population.
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { derivePopulationImpact } from '../rules/population-impact.ts'
import { type PopulationData, populations } from '../rules/populations.ts'
import { Population, PopulationImpact, Run } from '../types/population.ts'
import { Reform } from '../types/reform.ts'
import { type Context, requireReform, viewReform } from './context.ts'
import { requirePopulation } from './population-run.ts'

const UNIT = 'USD/year'

@Resolver(() => Population)
export class PopulationResolver {
  @Query(() => Population, { nullable: true, description: 'The population of this id.' })
  population(@Arg('id', () => ID, { description: 'Such as "us-example-1000".' }) id: string): PopulationData {
    return requirePopulation(id, 'id')
  }

  @Query(() => [Population], { description: 'All populations.' })
  populations(): readonly PopulationData[] {
    return populations()
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
  population(@Root() impact: PopulationImpact): PopulationData {
    return requirePopulation(impact.populationId, 'population')
  }
}
