// What scenarios add to a reform of the parameters subgraph.
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { Reform, type Scenario, ScenarioConnection } from '../types/scenario.ts'
import { type Context, viewScenario } from './context.ts'

@Resolver(() => Reform)
export class ReformResolver {
  @FieldResolver(() => ScenarioConnection, {
    description: 'Scenarios that ask for the effect of this reform, newest first.',
  })
  async scenarios(
    @Root() reform: Reform,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<Scenario>> {
    const size = pageSize(first)
    const rows = await context.loaders.scenariosOfReform.load(reform.id)
    const start = rows.findIndex((row) => row.id === keyOfCursor(after)) + 1
    const page = rows.slice(start, start + size + 1).map(viewScenario)
    return pageOf(page, size, rows.length, (scenario) => scenario.id)
  }
}
