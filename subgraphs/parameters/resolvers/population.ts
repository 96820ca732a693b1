// Populations, and questions about them.
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { type PopulationData, populations } from '../rules/populations.ts'
import { RunPopulationPayload } from '../types/impact.ts'
import { Population } from '../types/population.ts'
import { RunPopulationInput } from '../types/population-options.ts'
import type { Context } from './context.ts'
import { requirePopulation } from './population-data.ts'
import { askPopulation } from './population-run.ts'

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

  @Mutation(() => RunPopulationPayload, {
    description:
      'Computes a population under the law of a year and under reforms of it, in one pass; an equal question is answered by the run that there is.',
  })
  async runPopulation(
    @Arg('input', () => RunPopulationInput, { description: 'The question.' }) input: RunPopulationInput,
    @Ctx() context: Context,
  ): Promise<RunPopulationPayload> {
    const { run } = await askPopulation(context, input, (part) => `input.${part}`)
    return { run, findings: [] }
  }
}
