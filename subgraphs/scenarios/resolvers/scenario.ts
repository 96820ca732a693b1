// Scenarios: read, made, and simulated.
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { KNOWN_ONLY, needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import type { Finding } from '../../shared/types.ts'
import { checkScenario, shocksOf } from '../rules/check-scenario.ts'
import { viewRun } from '../rules/run-view.ts'
import { Run, RunConnection, RunScenarioInput } from '../types/run.ts'
import { CreateScenarioInput, Scenario, ScenarioConnection, ScenarioPayload } from '../types/scenario.ts'
import { type Context, pageOfRuns, requireScenario, viewScenario } from './context.ts'
import { readQuestion } from './scenario-question.ts'

const NO_BANK: Finding = {
  severity: 'WARNING',
  code: 'NO_BANK',
  path: 'input.scenarioId',
  message: 'the scenario names no bank and has no model, so there is nothing to simulate',
  suggestion: 'make a scenario with bankId, or upload a model',
}

@Resolver(() => Scenario)
export class ScenarioResolver {
  @Directive(KNOWN_ONLY)
  @Query(() => Scenario, { nullable: true, description: 'The scenario of this id.' })
  async scenario(
    @Arg('id', () => ID, { description: 'Id of the scenario.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Scenario> {
    return viewScenario(await requireScenario(context, id, 'id'))
  }

  @Directive(KNOWN_ONLY)
  @Query(() => ScenarioConnection, { description: 'Scenarios, newest first.' })
  async scenarios(
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<Scenario>> {
    const size = pageSize(first)
    const { rows, totalCount } = await context.store.page(context.tenant, size, keyOfCursor(after))
    return pageOf(rows.map(viewScenario), size, totalCount, (scenario) => scenario.id)
  }

  @Directive('@dispatches(seconds: 6.5e-7, per: ["input.draws", "input.horizonYears", "input.stepsPerYear"])')
  @Directive(needsScope('scenarios:write'))
  @Directive(changing('Scenario'))
  @Mutation(() => ScenarioPayload, { description: 'Makes a scenario; the same content under the same id is no error.' })
  async createScenario(
    @Arg('input', () => CreateScenarioInput, { description: 'The scenario.' }) input: CreateScenarioInput,
    @Ctx() context: Context,
  ): Promise<ScenarioPayload> {
    const findings = checkScenario(input)
    const { row, existed } = await context.store.insert({
      tenant: context.tenant,
      id: input.id ?? context.clock.id().toLowerCase(),
      title: input.title.trim(),
      description: input.description ?? null,
      economyId: input.economyId ?? null,
      reformId: input.reformId ?? null,
      bankId: input.bankId ?? null,
      portfolioId: input.portfolioId ?? null,
      year: input.year,
      horizonYears: input.horizonYears,
      draws: input.draws,
      seed: input.seed,
      stepsPerYear: input.stepsPerYear,
      savesPerYear: input.savesPerYear,
      shocks: shocksOf(input),
      uploadedModel: null,
      createdAt: new Date(context.clock.now()),
    })
    if (existed)
      findings.push({ severity: 'INFO', code: 'EXISTED', path: 'input.id', message: 'this scenario stood already' })
    return { scenario: viewScenario(row), findings }
  }

  @Directive(needsScope('scenarios:write'))
  @Directive(changing('Scenario', 'Run'))
  @Mutation(() => ScenarioPayload, {
    description:
      'Lets a scenario be run again after its run failed or was cancelled: select `scenario { run { id } }`.',
  })
  async runScenario(
    @Arg('input', () => RunScenarioInput, { description: 'Which scenario.' }) input: RunScenarioInput,
    @Ctx() context: Context,
  ): Promise<ScenarioPayload> {
    const row = await requireScenario(context, input.scenarioId, 'input.scenarioId')
    const runIds = await context.store.runsOf(context.tenant, row.id)
    const runs = await context.dispatch.load(context.tenant, runIds)
    const ended = runs.flatMap((run) =>
      run && (run.status === 'FAILED' || run.status === 'CANCELLED') ? [run.id] : [],
    )
    await context.store.forgetRuns(context.tenant, row.id, ended)
    return { scenario: viewScenario(row), findings: row.bankId || row.uploadedModel ? [] : [NO_BANK] }
  }

  @Directive('@requires(fields: "macroPath { times columns { variable unit baseline scenario } } model { hash }")')
  @Directive('@dispatches(seconds: 0.2)')
  @FieldResolver(() => Run, {
    nullable: true,
    description:
      'The simulation of its network under its macro path, or of its uploaded model; submitted when first asked for and the ' +
      'same run after that. Null where the scenario names no bank and has no model.',
  })
  async run(
    @Root() scenario: Scenario,
    @Arg('shards', () => Int, { nullable: true, description: 'Shards to cut; the result does not depend on it.' })
    shards: number | undefined,
    @Ctx() context: Context,
  ): Promise<Run | null> {
    const asked = await readQuestion(context, scenario)
    if (!asked) return null
    const known = await context.store.runOf(context.tenant, scenario.id, asked.hash)
    const standing = known ? await context.loaders.run.load(known) : undefined
    if (standing) return viewRun(standing, context.clock.now())

    const record = await context.dispatch.submit({
      ...(await asked.submission()),
      ...(shards == null ? {} : { shards }),
    })
    await context.store.rememberRun({
      tenant: context.tenant,
      scenarioId: scenario.id,
      questionHash: asked.hash,
      runId: record.id,
      createdAt: new Date(context.clock.now()),
    })
    return viewRun(record, context.clock.now())
  }

  @FieldResolver(() => RunConnection, { description: 'Runs about this scenario, newest first.' })
  async runs(
    @Root() scenario: Scenario,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<Run>> {
    const size = pageSize(first)
    const subject = { type: 'Scenario', id: scenario.id }
    const page = await context.dispatch.list(context.tenant, { subject }, size, keyOfCursor(after))
    return pageOfRuns(page, context)
  }
}
