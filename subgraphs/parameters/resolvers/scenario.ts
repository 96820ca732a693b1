// What this subgraph adds to a scenario: the run over a population that its reform asks for, and the change in net taxes.
import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { NetTaxChange } from '../../shared/types.ts'
import { deriveImpact } from '../rules/impact/impact.ts'
import { EXAMPLE_POPULATION_ID } from '../rules/population/shipped.ts'
import { Run } from '../types/population.ts'
import { Scenario } from '../types/scenario.ts'
import type { Context } from './context.ts'
import { askPopulation } from './population-run.ts'

@Resolver(() => Scenario)
export class ScenarioResolver {
  @Directive('@requires(fields: "reform { id } year")')
  @Directive('@dispatches(seconds: 1)')
  @FieldResolver(() => Run, {
    nullable: true,
    description: 'The effect of its reform on the example population in its year; null without a reform.',
  })
  async populationRun(@Root() scenario: Scenario, @Ctx() context: Context): Promise<Run | null> {
    const question = questionOf(scenario)
    return question && (await askPopulation(context, question)).run
  }

  @Directive('@requires(fields: "reform { id } year")')
  @FieldResolver(() => NetTaxChange, {
    nullable: true,
    description:
      'Change in net taxes by its reform in its year, when the run over the population is done; null without a reform.',
  })
  async netTaxChange(@Root() scenario: Scenario, @Ctx() context: Context): Promise<NetTaxChange | null> {
    const question = questionOf(scenario)
    if (!question) return null
    const { run, reading } = await askPopulation(context, question)
    const result = await context.dispatch.settled(context.tenant, run.id)
    const [record] = await context.dispatch.load(context.tenant, [run.id])
    if (result.kind !== 'POPULATION' || !record?.resultHash)
      throw new QuesnayError('RUN_NOT_FINISHED', `the run ${run.id} has no result`, {
        path: 'netTaxChange',
        runId: run.id,
      })
    const { netTaxChangeFraction: fraction } = deriveImpact(reading, result)
    if (typeof fraction !== 'number') throw fraction
    return { fraction, resultHash: record.resultHash, units: result.lanes }
  }
}

/** null without a reform; a model of its own has neither reform nor year. */
const questionOf = ({ reform, year }: Scenario) =>
  reform && year !== null
    ? { ruleSet: 'us-federal', population: EXAMPLE_POPULATION_ID, reforms: [reform.id], year }
    : null
