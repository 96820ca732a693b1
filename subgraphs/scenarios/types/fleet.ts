// Fleet: the workers, the queues and the newest runs, as the tenant that asks may see them.
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { JobClass } from '../../../schema/terms/run.ts'
import { DateTime } from '../../shared/types.ts'
import { Run } from './run.ts'

registerEnumType(JobClass, {
  name: 'JobClass',
  description: 'How urgent the work of a run is; workers pull the classes by weights of 8, 3 and 1.',
  valuesConfig: {
    INTERACTIVE: { description: 'Somebody waits for it.' },
    NORMAL: { description: 'Neither urgent nor left for later.' },
    BATCH: { description: 'Done when there is room.' },
  },
})

@ObjectType({ description: 'A member of the fleet, as its last heartbeat has it.' })
export class FleetWorker {
  @Field(() => ID, { description: 'Id of the worker; a new one at each start.' })
  id: string

  @Field(() => String, { description: 'Version of Quesnay that it runs.' })
  version: string

  @Field(() => String, { description: 'Which machine, by number: workers of one number share one.' })
  host: string

  @Field(() => Int, { description: 'Shards that it computes at a time.' })
  slots: number

  @Field(() => Int, { description: 'Slots that are taken.' })
  busy: number

  @Field(() => Boolean, { description: 'Whether it finishes what it has and takes no more.' })
  draining: boolean

  @Field(() => [String], { description: 'name@sha256 of each kernel that it holds.' })
  kernels: readonly string[]

  @Field(() => Float, {
    nullable: true,
    description: 'Nanoseconds of one operation on one lane, as it measures them; null before it has.',
  })
  nsPerOperation: number | null

  @Field(() => Float, { description: 'Bytes of memory that it holds.' })
  rssBytes: number

  @Field(() => DateTime, { description: 'When it started.' })
  startedAt: Date

  @Field(() => Float, { description: 'Seconds since its last heartbeat; it is taken for gone after 15.' })
  heartbeatSeconds: number
}

@ObjectType({ description: 'Work that is not done.' })
export class FleetLoad {
  @Field(() => Int, { description: 'Shards that wait for a worker.' })
  waiting: number

  @Field(() => Int, { description: 'Shards that are being computed.' })
  running: number

  @Field(() => Float, { description: 'Estimated seconds of one thread for all of them.' })
  costSeconds: number
}

@ObjectType({ description: 'The work of one class.' })
export class FleetQueue {
  @Field(() => JobClass, { description: 'Which class.' })
  class: JobClass

  @Field(() => FleetLoad, { description: 'Of the tenant that asks.' })
  own: FleetLoad

  @Field(() => FleetLoad, { description: 'Of all tenants together.' })
  total: FleetLoad
}

@ObjectType({ description: 'The fleet that computes runs, at one moment.' })
export class FleetState {
  @Field(() => DateTime, { description: 'The moment.' })
  at: Date

  @Field(() => [FleetWorker], { nullable: true, description: 'Its workers; null while they cannot be asked for.' })
  workers: readonly FleetWorker[] | null

  @Field(() => [FleetQueue], { description: 'What waits, the most urgent class first.' })
  queues: readonly FleetQueue[]

  @Field(() => Float, {
    nullable: true,
    description: 'Estimated seconds until all that waits is done by the threads that are there; null with workers.',
  })
  backlogSeconds: number | null

  @Field(() => [Run], { description: 'Runs of the tenant that asks: those that have not ended, then the newest.' })
  runs: Run[]
}

export const ShardStatus = {
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
} as const
export type ShardStatus = (typeof ShardStatus)[keyof typeof ShardStatus]

registerEnumType(ShardStatus, {
  name: 'ShardStatus',
  description: 'Where a shard stands.',
  valuesConfig: {
    QUEUED: { description: 'It waits for a worker.' },
    RUNNING: { description: 'A worker has it.' },
    SUCCEEDED: { description: 'What it gave is stored.' },
    FAILED: { description: 'It has no result, or its run failed before it had one.' },
    CANCELLED: { description: 'Its run was cancelled before it was done.' },
  },
})

@ObjectType({ description: 'A part of a run that one worker computes.' })
export class Shard {
  @Field(() => Int, { description: 'Its number within the run, from 0.' })
  index: number

  @Field(() => ShardStatus, { description: 'Where it stands.' })
  status: ShardStatus

  @Field(() => Int, { description: 'First lane.' })
  from: number

  @Field(() => Int, { description: 'Lane after the last one.' })
  to: number

  @Field(() => Int, { description: 'How often it was sent to the fleet; 1 where nothing went wrong.' })
  sent: number

  @Field(() => Int, { description: 'Workers and threads that ended while they computed it.' })
  deaths: number

  @Field(() => ID, { nullable: true, description: 'The worker that has it, or had it last.' })
  workerId: string | null

  @Field(() => DateTime, { nullable: true, description: 'When its worker was heard of last.' })
  heartbeatAt: Date | null

  @Field(() => Float, { nullable: true, description: 'Seconds of computing; null before it is stored.' })
  computeSeconds: number | null
}
