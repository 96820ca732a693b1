// The typed result of a run over a population.
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { deriveImpact } from '../rules/impact/impact.ts'
import { GroupImpact } from '../types/groups.ts'
import { PopulationImpact, ReformImpact } from '../types/impact.ts'
import { Run } from '../types/population.ts'
import { Population } from '../types/population-data.ts'
import { Reform } from '../types/reform.ts'
import { type Context, requireReform, viewReform } from './context.ts'
import { requirePopulation } from './load-population.ts'
import { viewImpact } from './view-impact.ts'

@Resolver(() => Run)
export class RunResolver {
  @FieldResolver(() => PopulationImpact, {
    nullable: true,
    description: 'What reforms do to the population; null before the run has succeeded and for other kinds of run.',
  })
  async populationImpact(@Root() run: Run, @Ctx() context: Context): Promise<PopulationImpact | null> {
    const record = await context.loaders.run.load(run.id)
    if (record?.kind !== 'POPULATION' || record.status !== 'SUCCEEDED') return null
    const question = await context.loaders.question.load(record.verifies ?? record.id)
    const result = await context.dispatch.result(context.tenant, record.id)
    if (!question || result.kind !== 'POPULATION') return null
    return viewImpact(deriveImpact(question.reading, result), question.reading, question, record)
  }
}

@Resolver(() => PopulationImpact)
export class PopulationImpactResolver {
  @FieldResolver(() => Reform, {
    nullable: true,
    description: 'The reform; null where the law as it stands was asked for alone.',
    deprecationReason: 'Use reforms { reform }: a run may have several.',
  })
  async reform(@Root() { reformIds: [id] }: PopulationImpact, @Ctx() context: Context): Promise<Reform | null> {
    return id === undefined ? null : viewReform(await requireReform(context, id, 'reform'))
  }

  @FieldResolver(() => Population, { description: 'The population.' })
  population(@Root() { populationId }: PopulationImpact, @Ctx() context: Context): Promise<Population> {
    return requirePopulation(context, populationId, 'population')
  }
}

@Resolver(() => ReformImpact)
export class ReformImpactResolver {
  @FieldResolver(() => Reform, { nullable: true, description: 'The reform; null for the law as it stands.' })
  async reform(@Root() { reformId }: ReformImpact, @Ctx() context: Context): Promise<Reform | null> {
    return reformId === null ? null : viewReform(await requireReform(context, reformId, 'reform'))
  }

  @FieldResolver(() => GroupImpact, {
    nullable: true,
    description: 'By groups of units, of those that were asked for.',
  })
  groups(
    @Root() { groupsBy, moneyUnit }: ReformImpact,
    @Arg('by', () => String, { description: 'Name of a way of grouping of the rule set, such as "state".' }) by: string,
  ): GroupImpact {
    return { ...groupsBy(by), unit: moneyUnit }
  }
}
