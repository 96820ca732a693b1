// The fleet: its workers, queues and newest runs, and the shards of a run.
import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { needsScope } from '../../shared/access.ts'
import { viewRun } from '../rules/run-view.ts'
import { FleetState, Shard, type ShardStatus } from '../types/fleet.ts'
import { Run } from '../types/run.ts'
import type { Context } from './context.ts'

const MOST_RUNS = 200

@Resolver(() => FleetState)
export class FleetResolver {
  @Directive(needsScope('admin'))
  @Query(() => FleetState, { description: 'The fleet that computes runs: workers, queues and the newest runs.' })
  async fleet(
    @Arg('runs', () => Int, { defaultValue: 20, description: `How many runs, at most ${MOST_RUNS}.` }) runs: number,
    @Ctx() context: Context,
  ): Promise<FleetState> {
    if (runs < 0 || runs > MOST_RUNS)
      throw new QuesnayError('BAD_INPUT', `runs must be from 0 to ${MOST_RUNS}`, {
        path: 'runs',
        suggestion: 'page through all of them with Query.runs',
      })
    const state = await context.dispatch.fleet(context.tenant, runs)
    return { ...state, runs: state.runs.map((run) => viewRun(run, context.clock.now())) }
  }
}

@Resolver(() => Run)
export class ShardsResolver {
  @FieldResolver(() => [Shard], {
    description: 'Its shards, at most 200: failed and running ones first, then those that wait, then those done.',
  })
  async shards(@Root() run: Run, @Ctx() context: Context): Promise<Shard[]> {
    const shards = await context.loaders.shardsOfRun.load(run.id)
    return shards.map(({ shard: index, status, ...rest }) => ({ ...rest, index, status: status as ShardStatus }))
  }
}
