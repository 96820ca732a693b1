// Populations: data sets of units and what is known of them. Rows are never served, only figures over all.
import { Directive, Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { connectionOf } from '../../shared/connection.ts'
import { PopulationOrigin } from '../rules/population/record.ts'

registerEnumType(PopulationOrigin, {
  name: 'PopulationOrigin',
  description: 'How a population came about.',
  valuesConfig: {
    GENERATED: { description: 'Made by a generator from a seed: it describes nobody.' },
    IMPORTED: { description: 'Imported from a file.' },
    UPRATED: { description: 'Carried to another year from one of the others.' },
  },
})

@ObjectType({ description: 'A column of a population. No row is served, only figures over all units.' })
export class PopulationColumn {
  @Field(() => String, { description: 'Name in the rule set, such as "wages[head]".' })
  name: string

  @Field(() => String, { description: 'Unit of the values.' })
  unit: string

  @Field(() => String, { description: 'What it is.' })
  label: string

  @Field(() => Boolean, { description: 'Whether values are whole numbers, such as codes and counts.' })
  integer: boolean

  @Field(() => Float, { description: 'The least value of a unit.' })
  min: number

  @Field(() => Float, { description: 'The greatest value of a unit.' })
  max: number

  @Field(() => Float, { description: 'Mean over the units, weighted; of the weights themselves the plain mean.' })
  mean: number

  @Field(() => Float, { description: 'Sum over the units, weighted; of the weights themselves the plain sum.' })
  total: number

  @Field(() => Int, { description: 'Empty cells of the file that were read as the default.' })
  missing: number

  @Field(() => Float, { nullable: true, description: 'The value that all units have; null where they differ.' })
  constant: number | null

  @Field(() => String, { nullable: true, description: 'Name in the file that it was imported from; null otherwise.' })
  source: string | null
}

@ObjectType({ description: 'Units that belong together, such as the tax units of a household: they are neighbours.' })
export class PopulationLink {
  @Field(() => String, { description: 'What they form, such as "household".' })
  entity: string

  @Field(() => String, { description: 'The column that numbers them.' })
  column: string
}

@ObjectType({ description: 'What a column was multiplied by.' })
export class ColumnFactor {
  @Field(() => String, { description: 'Name of the column.' })
  column: string

  @Field(() => Float, { description: 'The factor.' })
  factor: number
}

@Directive('@key(fields: "id")')
@ObjectType({
  description:
    'Units that rules are computed for: a data set of columns with weights. Only figures over all units are served.',
})
export class Population {
  @Field(() => ID, { description: 'Such as "us-synthetic", or name@version of an imported one.' })
  id: string

  @Field(() => PopulationOrigin, { description: 'How it came about.' })
  origin: PopulationOrigin

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { description: 'How it was made and what it is good for.' })
  description: string

  @Field(() => String, { nullable: true, description: 'Where the data come from; null where nobody said.' })
  source: string | null

  @Field(() => String, { nullable: true, description: 'Licence of the data; null where nobody said.' })
  licence: string | null

  @Field(() => String, { description: 'What a row is, such as "tax unit".' })
  unit: string

  @Field(() => Int, { description: 'Year whose incomes and prices the figures are of.' })
  year: number

  @Field(() => Int, { description: 'Number of units computed.' })
  units: number

  /** Not in the graph: the resolver loads the rule set of this id. */
  ruleSetId: string
}

export const PopulationConnection = connectionOf('Population', () => Population)
