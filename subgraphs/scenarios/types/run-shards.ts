// What the graph says of a run's shards: those that failed, those that are done so far, and what a question would cost.
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import { DateTime } from '../../shared/types.ts'
import { RunError, RunResults } from './run.ts'

@ObjectType({ description: 'A shard that could not be computed, and why; kept for 30 days.' })
export class DeadLetter {
  @Field(() => Int, { description: 'Number of the shard, from 0.' })
  shard: number

  @Field(() => RunError, { description: 'What went wrong with it.' })
  reason: RunError

  @Field(() => DateTime, { description: 'When it was given up.' })
  at: Date
}

@ObjectType({
  description:
    'The statistics over the draws that are done so far: exact over these, and the same for the same shards.',
})
export class PartialRunResults {
  @Field(() => RunResults, { description: 'The statistics as columns; draws says over how many they are.' })
  results: RunResults

  @Field(() => [Int], { description: 'Numbers of the shards counted, rising.' })
  shards: number[]

  @Field(() => Boolean, { description: 'Whether all draws are counted.' })
  complete: boolean
}

@ObjectType({ description: 'What a question would cost.' })
export class RunEstimate {
  @Field(() => Float, {
    description: 'Seconds of computing on one thread, from the plan and the speed of the workers.',
  })
  computeSeconds: number

  @Field(() => Int, { description: 'Shards that it would be cut into.' })
  shards: number

  @Field(() => Int, { description: 'Threads of the fleet at present; 0 where no worker is heard of.' })
  slots: number

  @Field(() => Boolean, {
    description: 'Whether an equal question is answered or being answered: then it costs nothing.',
  })
  shared: boolean

  @Field(() => RunError, { nullable: true, description: 'Why it would be refused now; null where it would not.' })
  refusal: RunError | null
}

@InputType({ description: 'Names what of a run is to be sent once more.' })
export class RedriveShardInput {
  @Field(() => ID, { description: 'Id of the run.' })
  id: string

  @Field(() => Int, { nullable: true, description: 'Number of one shard that failed; all that failed where absent.' })
  shard?: number
}
