// The upload of a model: its input and its outcome.
import { Directive, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import { IntegrationMethod, ModelFormat } from '../../../schema/terms/model.ts'
import { CONFIDENTIAL } from '../../shared/classification.ts'
import { Finding } from '../../shared/types.ts'
import { Scenario } from './scenario.ts'
import { UploadedModel } from './uploaded-model.ts'

@InputType({ description: 'Sets a variable to a number.' })
export class SetVariableInput {
  @Field(() => String, { description: 'Its name, or name[element] of an array.' })
  variable: string

  @Field(() => Float, { description: 'The number, in the unit of the variable.' })
  value: number
}

@InputType({ description: 'Draws a variable anew in every draw.' })
export class VaryVariableInput {
  @Field(() => String, { description: 'Its name.' })
  variable: string

  @Field(() => String, {
    description:
      'A distribution: "normal(0.3, 0.05)", "uniform(0, 1)", "triangular(1, 2, 4)", "logNormal(1, 0.2)", ...',
  })
  distribution: string
}

@InputType({ description: 'A model file, and what to change in it.' })
export class UploadModelInput {
  @Field(() => ID, { nullable: true, description: 'Id of your choice for the scenario; made for you where absent.' })
  id?: string | null

  @Field(() => String, { nullable: true, description: "Title for people; the model's own name where absent." })
  title?: string | null

  @Field(() => String, { nullable: true, description: 'What it asks.' })
  description?: string | null

  @Directive(CONFIDENTIAL)
  @Field(() => String, { description: 'The text of the file.' })
  text: string

  @Field(() => String, { nullable: true, description: 'Name of the file: helps to tell its format and names it.' })
  fileName?: string | null

  @Field(() => ModelFormat, {
    nullable: true,
    description: 'Form of the file; told from its name and content where absent.',
  })
  format?: ModelFormat | null

  @Field(() => [SetVariableInput], { defaultValue: [], description: 'Variables to set to a number.' })
  set: SetVariableInput[]

  @Field(() => [VaryVariableInput], { defaultValue: [], description: 'Variables to draw from a distribution.' })
  vary: VaryVariableInput[]

  @Field(() => IntegrationMethod, { nullable: true, description: "How to integrate; the file's own where absent." })
  method?: IntegrationMethod | null

  @Field(() => Float, { nullable: true, description: "Time to start at; the file's own where absent." })
  start?: number | null

  @Field(() => Float, { nullable: true, description: "Time to stop at; the file's own where absent." })
  stop?: number | null

  @Field(() => Float, { nullable: true, description: "Length of a step; the file's own where absent." })
  dt?: number | null

  @Field(() => Float, {
    nullable: true,
    description: "Time between saved values, in the model's unit of time; the file's own, or every step, where absent.",
  })
  saveEvery?: number | null

  @Field(() => [String], {
    nullable: true,
    description: "Variables to save; an array stands for its elements. The file's own, or all, where absent.",
  })
  outputs?: string[] | null

  @Field(() => Int, {
    nullable: true,
    description: 'Monte Carlo draws, 1 to 100,000; 1 where absent, or 1,000 where something is random.',
  })
  draws?: number | null

  @Field(() => String, { defaultValue: '1', description: 'Seed of the draws, an unsigned 64-bit number.' })
  seed: string

  @Field(() => Boolean, { defaultValue: false, description: 'Only checks: nothing is stored.' })
  dryRun: boolean
}

@ObjectType({ description: 'The model that was read, and the scenario that simulates it.' })
export class UploadModelPayload {
  @Field(() => Scenario, {
    nullable: true,
    description: 'The scenario: ask for its `run` to have it computed; null on a dry run.',
  })
  scenario: Scenario | null

  @Field(() => UploadedModel, { description: 'The model as it was understood.' })
  model: UploadedModel

  @Field(() => [Finding], {
    description: 'What is worth knowing of the file: units that do not fit, what was left out.',
  })
  findings: Finding[]
}
