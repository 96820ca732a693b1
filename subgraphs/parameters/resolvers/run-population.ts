// Questions about a population: the law and any number of reforms in one pass.
import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql'
import { needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { RunPopulationPayload } from '../types/impact.ts'
import { RunPopulationInput } from '../types/population-options.ts'
import type { Context } from './context.ts'
import { askPopulation } from './population-run.ts'

@Resolver(() => RunPopulationPayload)
export class RunPopulationResolver {
  @Directive('@dispatches(seconds: 1, per: ["input.reforms"])')
  @Directive(needsScope('scenarios:write'))
  @Directive(changing('Run'))
  @Mutation(() => RunPopulationPayload, {
    description:
      'Computes a population under the law of a year and under reforms of it, in one pass; an equal question is answered by the run that there is.',
  })
  async runPopulation(
    @Arg('input', () => RunPopulationInput, { description: 'The question.' }) input: RunPopulationInput,
    @Ctx() context: Context,
  ): Promise<RunPopulationPayload> {
    const { run, findings } = await askPopulation(context, input, (part) => `input.${part}`)
    return { run, findings: [...findings] }
  }
}
