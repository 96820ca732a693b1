// Runs: read, cancelled, verified, watched, and their results as columns.
import {
  Arg,
  Ctx,
  Directive,
  FieldResolver,
  Float,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql'
import { isTerminal, RunKind, RunStatus } from '../../../schema/terms/run.ts'
import { KNOWN_ONLY, needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { keyOfCursor, type Page, pageSize } from '../../shared/connection.ts'
import { AFTER } from '../../shared/event-source.ts'
import type { Finding } from '../../shared/types.ts'
import { selectResults } from '../rules/run-results.ts'
import { viewRun } from '../rules/run-view.ts'
import { Run, RunConnection, RunIdInput, RunPayload, RunResults } from '../types/run.ts'
import { Scenario } from '../types/scenario.ts'
import { type Context, pageOfRuns, requireRun, timeUnitOf, viewScenario } from './context.ts'

/** After which states of a run nothing follows. */
const UNTIL_ENDED = 'statusField: "status", finalStatuses: ["SUCCEEDED", "FAILED", "CANCELLED"]'

@Resolver(() => Run)
export class RunResolver {
  @Directive(KNOWN_ONLY)
  @Query(() => Run, { nullable: true, description: 'The run of this id.' })
  run(@Arg('id', () => ID, { description: 'Id of the run.' }) id: string, @Ctx() context: Context): Promise<Run> {
    return requireRun(context, id, 'id')
  }

  @Directive(KNOWN_ONLY)
  @Query(() => RunConnection, { description: 'Runs, newest first.' })
  async runs(
    @Arg('kind', () => RunKind, { nullable: true, description: 'Only of this kind.' }) kind: RunKind | undefined,
    @Arg('status', () => RunStatus, { nullable: true, description: 'Only in this status.' })
    status: RunStatus | undefined,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<Run>> {
    const filter = { ...(kind ? { kind } : {}), ...(status ? { status } : {}) }
    const page = await context.dispatch.list(context.tenant, filter, pageSize(first), keyOfCursor(after))
    return pageOfRuns(page, context)
  }

  @Directive(needsScope('scenarios:write'))
  @Directive(changing('Run'))
  @Mutation(() => RunPayload, { description: 'Cancels a run; computing stops unless another run shares it.' })
  async cancelRun(
    @Arg('input', () => RunIdInput, { description: 'Which run.' }) input: RunIdInput,
    @Ctx() context: Context,
  ): Promise<RunPayload> {
    const before = await requireRun(context, input.id, 'input.id')
    const run = viewRun(await context.dispatch.cancel(context.tenant, input.id), context.clock.now())
    const findings: Finding[] = isTerminal(before.status)
      ? [{ severity: 'INFO', code: 'RUN_ENDED', path: 'input.id', message: `the run had ended: ${before.status}` }]
      : []
    return { run, findings }
  }

  @Directive(needsScope('scenarios:write'))
  @Directive(changing('Run'))
  @Mutation(() => RunPayload, {
    description: 'Computes the question of a run again, past every cache. Equal result hashes prove the stored result.',
  })
  async verifyRun(
    @Arg('input', () => RunIdInput, { description: 'Which run.' }) input: RunIdInput,
    @Ctx() context: Context,
  ): Promise<RunPayload> {
    await requireRun(context, input.id, 'input.id')
    const record = await context.dispatch.verify(context.tenant, input.id)
    return { run: viewRun(record, context.clock.now()), findings: [] }
  }

  @Directive(`@eventSource(subject: "run.{args.id}.*", snapshot: "run", policy: "LATEST", ${UNTIL_ENDED})`)
  @Directive(KNOWN_ONLY)
  @Subscription(() => Run, {
    topics: 'run',
    description: 'The run now, and again whenever it moves; ends after its last state.',
  })
  runUpdated(
    @Arg('id', () => ID, { description: 'Id of the run.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Run> {
    return requireRun(context, id, 'id')
  }

  @Directive(`@eventSource(subject: "run.{args.id}.*", snapshot: "run", policy: "BLOCK", ${UNTIL_ENDED})`)
  @Directive(KNOWN_ONLY)
  @Subscription(() => Run, {
    topics: 'run',
    description:
      'The run now, and again each time more of its draws are counted: ask for partialResults. A subscriber that is slow gets ' +
      'each of these states later; ends after its last state.',
  })
  runPartialResults(
    @Arg('id', () => ID, { description: 'Id of the run.' }) id: string,
    @Arg('after', () => String, { nullable: true, description: AFTER }) _after: string | undefined,
    @Ctx() context: Context,
  ): Promise<Run> {
    return requireRun(context, id, 'id')
  }

  @FieldResolver(() => Scenario, { nullable: true, description: 'The scenario it simulates, if it simulates one.' })
  async scenario(@Root() run: Run, @Ctx() context: Context): Promise<Scenario | null> {
    if (run.subject.type !== 'Scenario') return null
    const row = await context.loaders.scenario.load(run.subject.id)
    return row ? viewScenario(row) : null
  }

  @FieldResolver(() => Run, { nullable: true, description: 'The run whose result this one computed again.' })
  async verifies(@Root() run: Run, @Ctx() context: Context): Promise<Run | null> {
    return run.verifiesId === null ? null : requireRun(context, run.verifiesId, 'verifies')
  }

  @FieldResolver(() => RunResults, {
    nullable: true,
    description: 'The result of a simulation as columns; null before it has succeeded and for other kinds of run.',
  })
  async results(
    @Root() run: Run,
    @Arg('variables', () => [String], { nullable: true, description: 'Only these variables; all where absent.' })
    variables: string[] | undefined,
    @Arg('from', () => Float, { nullable: true, description: 'First time, inclusive.' }) from: number | undefined,
    @Arg('to', () => Float, { nullable: true, description: 'Last time, inclusive.' }) to: number | undefined,
    @Arg('every', () => Int, { nullable: true, description: 'Every n-th saved time; 1 where absent.' })
    every: number | undefined,
    @Ctx() context: Context,
  ): Promise<RunResults | null> {
    if (run.status !== 'SUCCEEDED' || run.kind !== 'SIMULATION') return null
    const result = await context.dispatch.result(context.tenant, run.id)
    if (result.kind !== 'ENSEMBLE') return null
    const timeUnit = await timeUnitOf(context, run)
    return selectResults(result, { variables, from, to, every }, { draws: run.lanes, timeUnit })
  }
}
