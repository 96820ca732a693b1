// Run: one question computed by the fleet; its life cycle is the same for every subgraph that asks one.

import { GraphQLJSONObject } from 'graphql-scalars'
import { Directive, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { RunKind, RunStatus } from '../../../schema/terms/run.ts'
import { KEPT_AS_ITS_PARENT, KEPT_WHEN_FINAL } from '../../shared/cache-control.ts'
import { connectionOf } from '../../shared/connection.ts'
import { DateTime, Finding } from '../../shared/types.ts'

registerEnumType(RunStatus, {
  name: 'RunStatus',
  description: 'Where a run stands in its life.',
  valuesConfig: {
    QUEUED: { description: 'Stored and waiting for a worker.' },
    RUNNING: { description: 'Shards are being computed.' },
    MERGING: { description: 'All shards are done; their results are being merged.' },
    SUCCEEDED: { description: 'Its result is stored.' },
    FAILED: { description: 'It has an error and no result.' },
    CANCELLED: { description: 'It was cancelled and has no result.' },
  },
})

registerEnumType(RunKind, {
  name: 'RunKind',
  description: 'What a run computes.',
  valuesConfig: {
    SIMULATION: { description: 'An ensemble of trajectories of a mechanism network or of an uploaded model.' },
    POPULATION: { description: 'Tax and benefit rules over a population.' },
    RISK: { description: 'Profit and loss of a portfolio over scenarios.' },
    CALCULATION: { description: 'Tax and benefit rules over units that a question brings.' },
  },
})

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'How far a run is.' })
export class RunProgress {
  @Field(() => Int, { description: 'Shards computed and stored.' })
  shardsDone: number

  @Field(() => Int, { description: 'Shards set aside because they failed; the others go on. See deadLetters.' })
  shardsFailed: number

  @Field(() => Int, { description: 'Shards of the run.' })
  shardsTotal: number

  @Field(() => Float, { description: 'Share done, 0 to 1.' })
  fraction: number

  @Field(() => Float, {
    nullable: true,
    description:
      'Seconds left: by the pace so far, before the first shard by the estimate over the threads of the fleet; null after the end.',
  })
  etaSeconds: number | null
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'What a result depends on: with equal provenance a run gives equal bits.' })
export class RunProvenance {
  @Field(() => String, { description: 'SHA-256 of the plan.' })
  planHash: string

  @Field(() => [String], { description: 'name@sha256 of each kernel that ran.' })
  kernels: readonly string[]

  @Field(() => [String], { description: 'Hashes or versions of the data that went in.' })
  dataVersions: readonly string[]

  @Field(() => String, { nullable: true, description: 'Bank version simulated, if any.' })
  bankVersion: string | null

  @Field(() => String, { nullable: true, description: 'Snapshot of policy parameters used, if any.' })
  parameterSnapshot: string | null

  @Field(() => String, { nullable: true, description: 'id@hash of the rules computed, if any.' })
  ruleSet?: string | null

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Conventions of the question, such as the year and the step of marginal rates, if it has any.',
  })
  options?: Readonly<Record<string, unknown>> | null

  @Field(() => String, { description: 'Seed of the draws.' })
  seed: string

  @Field(() => String, { description: 'Version of Quesnay that submitted it.' })
  engineVersion: string
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'Why a run failed.' })
export class RunError {
  @Field(() => String, { description: 'Code of the error table.' })
  code: string

  @Field(() => String, { description: 'One sentence for a person.' })
  message: string

  @Field(() => GraphQLJSONObject, { description: 'The place and the fix.' })
  detail: Record<string, unknown>
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'The object of the graph that a run answers a question about.' })
export class RunSubject {
  @Field(() => String, { description: 'Type name, such as "Scenario".' })
  type: string

  @Field(() => ID, { description: 'Its id.' })
  id: string
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'One variable of an ensemble: statistics over the draws, parallel to the times.' })
export class EnsembleColumn {
  @Field(() => String, { description: 'Name of the variable.' })
  variable: string

  @Field(() => String, { description: 'Unit of the values.' })
  unit: string

  @Field(() => [Float], { description: 'Mean over the draws.' })
  mean: number[]

  @Field(() => [Float], { description: 'Sample standard deviation over the draws; 0 for one draw.' })
  sd: number[]

  @Field(() => [Float], { description: '2.5 % quantile (type 7).' })
  p025: number[]

  @Field(() => [Float], { description: '5 % quantile (type 7).' })
  p05: number[]

  @Field(() => [Float], { description: '25 % quantile (type 7).' })
  p25: number[]

  @Field(() => [Float], { description: 'Median (type 7).' })
  p50: number[]

  @Field(() => [Float], { description: '75 % quantile (type 7).' })
  p75: number[]

  @Field(() => [Float], { description: '95 % quantile (type 7).' })
  p95: number[]

  @Field(() => [Float], { description: '97.5 % quantile (type 7).' })
  p975: number[]
}

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'The result of a simulation, as columns.' })
export class RunResults {
  @Field(() => [Float], {
    description: 'Saved times: from the start of the scenario, of an uploaded model in its own time.',
  })
  times: number[]

  @Field(() => String, { description: 'Unit of the times; empty where an uploaded model names none.' })
  timeUnit: string

  @Field(() => Int, { description: 'Draws that the statistics are taken over.' })
  draws: number

  @Field(() => [EnsembleColumn], { description: 'The variables asked for.' })
  columns: EnsembleColumn[]
}

@Directive(KEPT_WHEN_FINAL)
@Directive('@key(fields: "id")')
@ObjectType({ description: 'One question computed by the fleet: its state, its provenance, its result.' })
export class Run {
  @Field(() => ID, { description: 'Id of the run.' })
  id: string

  @Field(() => RunKind, { description: 'What it computes.' })
  kind: RunKind

  @Field(() => RunStatus, { description: 'Where it stands.' })
  status: RunStatus

  @Field(() => RunProgress, { description: 'How far it is.' })
  progress: RunProgress

  @Field(() => RunSubject, { description: 'What it is about.' })
  subject: RunSubject

  @Field(() => Int, { description: 'Draws of the ensemble, or rows of the data.' })
  lanes: number

  @Field(() => String, { description: 'SHA-256 of all that went in: equal hashes, equal bits.' })
  inputHash: string

  @Field(() => String, { nullable: true, description: 'SHA-256 of the merged result; null before it is stored.' })
  resultHash: string | null

  @Field(() => Boolean, { description: 'Whether the result was stored before the run was submitted.' })
  cached: boolean

  @Field(() => Float, { description: 'Seconds of computing, summed over shards and merge.' })
  computeSeconds: number

  @Field(() => Float, {
    description: 'What that was estimated to be at submission, from the plan and the speed of the workers.',
  })
  estimatedComputeSeconds: number

  @Field(() => DateTime, { description: 'When it was submitted.' })
  createdAt: Date

  @Field(() => DateTime, { nullable: true, description: 'When the first shard started.' })
  startedAt: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  finishedAt: Date | null

  @Field(() => RunProvenance, { description: 'What its result depends on.' })
  provenance: RunProvenance

  @Field(() => RunError, { nullable: true, description: 'Why it failed, if it did.' })
  error: RunError | null

  /** Id of the run it recomputed; the graph shows the run itself. */
  verifiesId: string | null
}

export const RunConnection = connectionOf('Run', () => Run)

@InputType({ description: 'Names a scenario to run.' })
export class RunScenarioInput {
  @Field(() => ID, { description: 'Id of the scenario.' })
  scenarioId: string
}

@InputType({ description: 'Names a run.' })
export class RunIdInput {
  @Field(() => ID, { description: 'Id of the run.' })
  id: string
}

@ObjectType({ description: 'The run after the mutation.' })
export class RunPayload {
  @Field(() => Run, { description: 'The run.' })
  run: Run

  @Field(() => [Finding], { description: 'What is worth knowing, such as that the run had ended before.' })
  findings: Finding[]
}
