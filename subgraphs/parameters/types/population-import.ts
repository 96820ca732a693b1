// Imports of populations: what is said of a file, the parts of a long one, and what comes of it.
import { Directive, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import { PERSONAL } from '../../shared/classification.ts'
import { Finding } from '../../shared/types.ts'
import { Population } from './population-data.ts'

@InputType({ description: 'A number that a text stands for.' })
export class CodeInput {
  @Field(() => String, { description: 'The text; case and blanks around it do not count.' })
  text: string

  @Field(() => Float, { description: 'The number.' })
  value: number
}

@InputType({ description: 'Which column of the file is a column of the rule set, and how its cells are read.' })
export class ColumnMappingInput {
  @Field(() => String, { description: 'Name in the rule set, such as "wages[head]".' })
  column: string

  @Field(() => String, {
    nullable: true,
    description: 'Name in the file; where absent that of the preset, or the one of equal name.',
  })
  from?: string | null

  @Field(() => Float, { nullable: true, description: 'The same value for all units, instead of a column of the file.' })
  value?: number | null

  @Field(() => Float, { nullable: true, description: 'What values are multiplied by: 0.01 for hundredths.' })
  factor?: number | null

  @Field(() => Float, { nullable: true, description: 'Value of empty cells; that of the rule set where absent.' })
  default?: number | null

  @Field(() => [CodeInput], { nullable: true, description: 'Numbers that texts stand for.' })
  codes?: CodeInput[] | null

  @Field(() => ID, { nullable: true, description: 'A list of codes that is shipped, such as "us-states".' })
  codeList?: string | null
}

@InputType({
  description:
    'A population to import. The file is CSV, Arrow IPC (file or stream) or Parquet, and may be gzipped; give one of csv, content and upload.',
})
export class ImportPopulationInput {
  @Field(() => ID, {
    description:
      'Lower-case letters, digits and hyphens, and a version where there are several: "cps-2024" or "cps@2024.1".',
  })
  id: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { nullable: true, description: 'How it was made and what it is good for.' })
  description?: string | null

  @Field(() => String, { nullable: true, description: 'Where the data come from.' })
  source?: string | null

  @Field(() => String, { nullable: true, description: 'Licence of the data.' })
  licence?: string | null

  @Field(() => Int, { description: 'Year whose incomes and prices the figures are of.' })
  year: number

  @Field(() => ID, { defaultValue: 'us-federal', description: 'The rule set whose columns it has.' })
  ruleSet: string

  @Field(() => ID, {
    nullable: true,
    description: 'Names of another system that the file has, such as "taxcalc"; columns beats it.',
  })
  preset?: string | null

  @Field(() => [ColumnMappingInput], {
    nullable: true,
    description: 'Columns that neither the preset nor an equal name finds, or that are read in another way.',
  })
  columns?: ColumnMappingInput[] | null

  @Field(() => String, {
    nullable: true,
    description: 'Column of the file that tells units apart: none may stand twice. That of the preset where absent.',
  })
  identifier?: string | null

  @Field(() => Float, { nullable: true, description: 'What weights are multiplied by: 0.01 for hundredths.' })
  weightFactor?: number | null

  @Directive(PERSONAL)
  @Field(() => String, { nullable: true, description: 'The file as CSV text.' })
  csv?: string | null

  @Directive(PERSONAL)
  @Field(() => String, { nullable: true, description: 'The file in base 64.' })
  content?: string | null

  @Field(() => ID, { nullable: true, description: 'SHA-256 of a file whose parts have all been sent with uploadPart.' })
  upload?: string | null

  @Field(() => Boolean, { defaultValue: false, description: 'Only checks the file.' })
  dryRun: boolean
}

@ObjectType({ description: 'What an import of a population came to.' })
export class ImportPopulationPayload {
  @Field(() => Boolean, { description: 'Whether it was stored now.' })
  imported: boolean

  @Field(() => Int, { description: 'Rows that were read.' })
  units: number

  @Field(() => Population, {
    nullable: true,
    description: 'The population; null where it was only checked, or has faults.',
  })
  population: Population | null

  @Field(() => [Finding], {
    description: 'What was found, by column and row; nothing is stored where one is an ERROR.',
  })
  findings: Finding[]
}

@InputType({ description: 'A part of a file that is longer than a request may be.' })
export class UploadPartInput {
  @Field(() => ID, { description: 'SHA-256 of the whole file, in lower-case hexadecimal.' })
  sha256: string

  @Field(() => Int, { description: 'Bytes of the whole file, at most 134217728.' })
  size: number

  @Field(() => Int, { description: 'Number of the part from 0: it begins at 8388608 times this.' })
  part: number

  @Directive(PERSONAL)
  @Field(() => String, { description: 'Its bytes in base 64: 8388608 of them, of the last part the rest.' })
  content: string
}

@ObjectType({ description: 'How much of a file has been sent. It is kept for a day, or until it is imported.' })
export class UploadPayload {
  @Field(() => ID, { description: 'SHA-256 of the whole file: give it to the import as upload.' })
  sha256: string

  @Field(() => Int, { description: 'Number of parts.' })
  parts: number

  @Field(() => [Int], { description: 'Parts that are not there yet.' })
  missing: number[]
}

@InputType({ description: 'A population to delete.' })
export class DeletePopulationInput {
  @Field(() => ID, { description: 'Its id; a population that is shipped cannot be deleted.' })
  id: string
}

@ObjectType({ description: 'What was deleted.' })
export class DeletePopulationPayload {
  @Field(() => ID, { description: 'Id of the population.' })
  id: string

  @Field(() => Int, { description: 'How many populations that were carried from it went too.' })
  uprated: number
}

@InputType({
  description:
    'How columns change from one year to another: name columns or a unit, and give one of factor, growth and parameter.',
})
export class UprateInput {
  @Field(() => [String], { nullable: true, description: 'Names of columns; "wages" stands for its elements.' })
  columns?: string[] | null

  @Field(() => String, {
    nullable: true,
    description: 'All columns of a unit, such as "USD"; the weights are in "tax unit".',
  })
  unit?: string | null

  @Field(() => Float, { nullable: true, description: 'What values are multiplied by.' })
  factor?: number | null

  @Field(() => Float, { nullable: true, description: 'Growth a year as a fraction: 0.03 for 3 %.' })
  growth?: number | null

  @Field(() => ID, {
    nullable: true,
    description:
      'A parameter that is an index: values grow as it does, from its value on 1 January to that of the other year.',
  })
  parameter?: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'Year that growth and index count from; that of the population where absent.',
  })
  fromYear?: number | null
}
