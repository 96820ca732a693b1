// A run by its shards: what failed and is sent once more, what is done so far, and what a scenario would cost.
import { Arg, Ctx, Directive, FieldResolver, Float, Int, Mutation, Resolver, Root } from 'type-graphql'
import { needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import type { Finding } from '../../shared/types.ts'
import { selectResults } from '../rules/run-results.ts'
import { viewRun } from '../rules/run-view.ts'
import { viewFault } from '../rules/view-fault.ts'
import { Run, RunPayload } from '../types/run.ts'
import { DeadLetter, PartialRunResults, RedriveShardInput, RunEstimate } from '../types/run-shards.ts'
import { Scenario } from '../types/scenario.ts'
import { type Context, requireRun, timeUnitOf } from './context.ts'
import { readQuestion } from './scenario-question.ts'

@Resolver(() => Run)
export class RunShardsResolver {
  @FieldResolver(() => [DeadLetter], { description: 'Shards that could not be computed, newest first, at most 100.' })
  async deadLetters(@Root() run: Run, @Ctx() context: Context): Promise<DeadLetter[]> {
    const letters = await context.dispatch.deadLetters(context.tenant, run.id)
    return letters.map(({ shard, reason, at }) => ({
      shard,
      at,
      reason: viewFault({ kind: run.kind, error: reason })!,
    }))
  }

  @FieldResolver(() => PartialRunResults, {
    nullable: true,
    description:
      'The statistics of a simulation over the draws done so far, also where it failed or was cancelled, for a day. ' +
      'Null before the first shard is done, and for other kinds of run.',
  })
  async partialResults(
    @Root() run: Run,
    @Arg('variables', () => [String], { nullable: true, description: 'Only these variables; all where absent.' })
    variables: string[] | undefined,
    @Arg('from', () => Float, { nullable: true, description: 'First time, inclusive.' }) from: number | undefined,
    @Arg('to', () => Float, { nullable: true, description: 'Last time, inclusive.' }) to: number | undefined,
    @Arg('every', () => Int, { nullable: true, description: 'Every n-th saved time; 1 where absent.' })
    every: number | undefined,
    @Ctx() context: Context,
  ): Promise<PartialRunResults | null> {
    if (run.kind !== 'SIMULATION') return null
    const partial = await context.dispatch.partial(context.tenant, run.id)
    if (partial?.result.kind !== 'ENSEMBLE') return null
    const about = { draws: partial.lanes, timeUnit: await timeUnitOf(context, run) }
    const results = selectResults(partial.result, { variables, from, to, every }, about)
    return { results, shards: [...partial.shards], complete: partial.complete }
  }

  @Directive(needsScope('scenarios:write'))
  @Directive(changing('Run'))
  @Mutation(() => RunPayload, {
    description: 'Sends the shards of a run that failed once more, or one of them; what it has computed is kept.',
  })
  async redriveShard(
    @Arg('input', () => RedriveShardInput, { description: 'Which run, and which shard.' }) input: RedriveShardInput,
    @Ctx() context: Context,
  ): Promise<RunPayload> {
    const before = await requireRun(context, input.id, 'input.id')
    const record = await context.dispatch.redrive(context.tenant, input.id, input.shard ?? undefined)
    const failed = before.status === 'FAILED' || before.progress.shardsFailed > 0
    const findings: Finding[] = failed
      ? []
      : [{ severity: 'INFO', code: 'NOTHING_FAILED', path: 'input.id', message: 'no shard of the run has failed' }]
    return { run: viewRun(record, context.clock.now()), findings }
  }
}

@Resolver(() => Scenario)
export class ScenarioEstimateResolver {
  @Directive('@requires(fields: "macroPath { times columns { variable unit baseline scenario } } model { hash }")')
  @FieldResolver(() => RunEstimate, {
    nullable: true,
    description: 'What its simulation would cost, before it is submitted; null where there is nothing to simulate.',
  })
  async estimate(@Root() scenario: Scenario, @Ctx() context: Context): Promise<RunEstimate | null> {
    const asked = await readQuestion(context, scenario)
    if (!asked) return null
    const estimate = await context.dispatch.estimate(await asked.submission())
    return { ...estimate, refusal: viewFault({ kind: 'SIMULATION', error: estimate.refusal }) }
  }
}
