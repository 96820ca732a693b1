// What mechanisms add to objects of other subgraphs: an economy's mechanisms, a scenario's model.
import { Args, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql'
import type { Page } from '../../shared/connection.ts'
import { Mechanism, MechanismConnection } from '../types/mechanism.ts'
import { Scenario } from '../types/scenario.ts'
import { CompiledModel, Economy } from '../types/shared.ts'
import { MechanismListArgs } from './args.ts'
import { type Context, mechanismPage } from './context.ts'

@Resolver(() => Economy)
export class EconomyResolver {
  @FieldResolver(() => MechanismConnection, {
    description: 'Mechanisms of the newest version of each bank that speaks of this economy, by id.',
  })
  mechanisms(
    @Root() economy: Economy,
    @Args(() => MechanismListArgs) { first, after, ...filter }: MechanismListArgs,
    @Ctx() context: Context,
  ): Promise<Page<Mechanism>> {
    return mechanismPage(context, 'ECONOMY', economy.id, filter, { first, after })
  }
}

@Resolver(() => Scenario)
export class ScenarioResolver {
  @Directive('@requires(fields: "bank { id }")')
  @FieldResolver(() => CompiledModel, {
    nullable: true,
    description: 'Its bank compiled to a model; null where it names no bank.',
  })
  async model(@Root() scenario: Scenario, @Ctx() context: Context): Promise<CompiledModel | null> {
    return scenario.bank ? context.loaders.compiled.load(scenario.bank.id) : null
  }
}
