// UploadedModel: a model of a person's own, from a file, as a scenario simulates it.
import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql'
import { IntegrationMethod, ModelFormat, ModelVariableKind } from '../../../schema/terms/model.ts'
import { connectionOf } from '../../shared/connection.ts'

registerEnumType(ModelFormat, {
  name: 'ModelFormat',
  description: 'The form of a model file.',
  valuesConfig: {
    XMILE: { description: 'XMILE 1.0 (OASIS): .xmile, .stmx, .itmx or .xml.' },
    VENSIM: { description: 'A Vensim model as text: .mdl.' },
    YAML: { description: 'A model file of Quesnay: .yaml, .yml or .json.' },
  },
})

registerEnumType(IntegrationMethod, {
  name: 'IntegrationMethod',
  description: 'How a model is carried from one step to the next.',
  valuesConfig: {
    EULER: { description: 'One evaluation a step; of first order.' },
    RK2: { description: "Heun's method: two evaluations a step; of second order." },
    RK4: { description: 'The classical Runge-Kutta method: four evaluations a step; of fourth order.' },
  },
})

registerEnumType(ModelVariableKind, {
  name: 'ModelVariableKind',
  description: 'What a variable of a model is.',
  valuesConfig: {
    STOCK: { description: 'Changes only by its flows.' },
    FLOW: { description: 'Moves a stock.' },
    AUXILIARY: { description: 'Follows from other variables, or is a constant.' },
    TABLE: { description: 'A graphical function that formulas look up.' },
    SCHEDULE: { description: 'Brackets with their rates or amounts.' },
    INPUT: { description: 'One number, set from outside.' },
    SERIES: { description: 'One number a step, set from outside.' },
    COLUMN: { description: 'One number a draw, given as data.' },
    RANDOM: { description: 'Drawn from a distribution, once a draw.' },
  },
})

@ObjectType({ description: 'How a model moves through time.' })
export class ModelTime {
  @Field(() => Float, { description: 'Time at which it starts.' })
  start: number

  @Field(() => Float, { description: 'Time of its last step.' })
  stop: number

  @Field(() => Float, { description: 'Length of a step.' })
  dt: number

  @Field(() => Int, { description: 'Steps from start to stop.' })
  steps: number

  @Field(() => Int, { description: 'Times that are saved, the first and the last among them.' })
  savedTimes: number

  @Field(() => IntegrationMethod, { description: 'How it is integrated.' })
  method: IntegrationMethod

  @Field(() => String, { description: 'Unit of its times; empty where the file names none.' })
  unit: string
}

@ObjectType({ description: 'A variable of a model, as its author declared it.' })
export class ModelVariable {
  @Field(() => String, { description: 'Name as written; names compare without regard to case and spacing.' })
  name: string

  @Field(() => ModelVariableKind, { description: 'What it is.' })
  kind: ModelVariableKind

  @Field(() => String, { nullable: true, description: 'Unit as written; null where the file names none.' })
  unit: string | null

  @Field(() => String, { nullable: true, description: 'What its author says of it.' })
  doc: string | null

  @Field(() => [String], { description: 'Dimensions of an array, in order; empty for a single value.' })
  dimensions: readonly string[]
}

export const ModelVariableConnection = connectionOf('ModelVariable', () => ModelVariable)

@ObjectType({ description: 'A variable that was set to a number instead of what the file says.' })
export class SetVariable {
  @Field(() => String, { description: 'Its name.' })
  variable: string

  @Field(() => Float, { description: 'The number.' })
  value: number
}

@ObjectType({ description: 'A variable that is drawn anew in every draw, instead of what the file says.' })
export class VariedVariable {
  @Field(() => String, { description: 'Its name.' })
  variable: string

  @Field(() => String, { description: 'Its distribution, such as "normal(0.3, 0.05)".' })
  distribution: string
}

@ObjectType({ description: 'A model of your own, from a file, with the changes asked for.' })
export class UploadedModel {
  @Field(() => String, { description: 'Name that the file gives it.' })
  name: string

  @Field(() => ModelFormat, { description: 'Form of the file.' })
  format: ModelFormat

  @Field(() => String, { nullable: true, description: 'Name of the file, where it was given.' })
  fileName: string | null

  @Field(() => String, {
    description: 'SHA-256 of the canonical JSON of the model that is computed, changes included.',
  })
  hash: string

  @Field(() => String, { description: 'SHA-256 of the text of the file.' })
  sourceHash: string

  @Field(() => ModelTime, { nullable: true, description: 'How it moves through time; null for a model without time.' })
  time: ModelTime | null

  @Field(() => Int, { description: 'Values saved at each time, every element of an array counted.' })
  outputCount: number

  @Field(() => [SetVariable], { description: 'Variables set to a number.' })
  set: readonly SetVariable[]

  @Field(() => [VariedVariable], { description: 'Variables drawn from a distribution.' })
  vary: readonly VariedVariable[]

  /** What else was asked for than the file says; the graph shows what came of it. */
  changes: ModelChanges

  /** The text, where it was just given; else it is loaded by its hash. */
  given?: string
}

/** Members of the upload that change how the file is run, beside `set` and `vary`. */
export interface ModelChanges {
  readonly method?: IntegrationMethod
  readonly start?: number
  readonly stop?: number
  readonly dt?: number
  readonly saveEvery?: number
  readonly outputs?: readonly string[]
}
