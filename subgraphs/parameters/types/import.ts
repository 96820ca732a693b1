// The import of a tree from files of OpenFisca or PolicyEngine, and its export.
import { ArgsType, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { connectionOf } from '../../shared/connection.ts'
import { Finding, FindingCount, Severity } from '../../shared/types.ts'
import { Dialect } from '../rules/import/import-tree.ts'
import type { SourceFile } from '../rules/import/read-yaml.ts'
import { ParameterTree } from './tree.ts'

export const ExportDialect = { OPENFISCA: 'OPENFISCA', POLICYENGINE: 'POLICYENGINE' } as const
export type ExportDialect = (typeof ExportDialect)[keyof typeof ExportDialect]

const OPENFISCA = { description: 'Trees that OpenFisca reads.' }
const POLICYENGINE = {
  description: 'Trees that PolicyEngine reads: with breakdowns, uprating and metadata for children.',
}
registerEnumType(Dialect, {
  name: 'ImportDialect',
  description: 'Which program the files are written for.',
  valuesConfig: { AUTO: { description: 'What the files show.' }, OPENFISCA, POLICYENGINE },
})
registerEnumType(ExportDialect, {
  name: 'ExportDialect',
  description: 'Which program the files are to be read by.',
  valuesConfig: { OPENFISCA, POLICYENGINE },
})

@InputType({ description: 'One file of a tree, as text.' })
export class ParameterFileInput {
  @Field(() => String, { description: 'Path below the root of the tree, such as "gov/irs/rate.yaml".' })
  path: string

  @Field(() => String, { description: 'Its text.' })
  text: string
}

@InputType({ description: 'Where the files come from.' })
export class ParameterSourceInput {
  @Field(() => String, { description: 'Its name.' })
  name: string

  @Field(() => String, { description: 'Licence of the figures.' })
  licence: string

  @Field(() => String, { nullable: true, description: 'Day on which they were taken, YYYY-MM-DD; today where absent.' })
  retrieved?: string | null

  @Field(() => String, { nullable: true, description: 'What was done to them, if anything.' })
  note?: string | null
}

@InputType({ description: 'A value of an index.' })
export class IndexValueInput {
  @Field(() => String, { description: 'First day it holds: "2026" or "2026-07-01".' })
  from: string

  @Field(() => Float, { description: 'Its value, above 0.' })
  value: number
}

@InputType({ description: 'An index whose values the files leave to a program.' })
export class IndexSeriesInput {
  @Field(() => String, { description: 'Path of its parameter in the files, such as "gov.irs.uprating".' })
  id: string

  @Field(() => [IndexValueInput], { description: 'Its values; they hold against those of the files on the same day.' })
  values: IndexValueInput[]
}

@InputType({ description: 'What a breakdown runs over.' })
export class EnumInput {
  @Field(() => String, { description: 'Name of the variable, such as "region".' })
  name: string

  @Field(() => [String], { description: 'Its values.' })
  values: string[]
}

@InputType({ description: 'A tree to import: all its files at once.' })
export class ImportParametersInput {
  @Field(() => ID, {
    description: 'Id of the tree: lower-case letters, digits and hyphens. One that stands is replaced.',
  })
  treeId: string

  @Field(() => String, { nullable: true, description: 'Title for people; the heading of its README.md where absent.' })
  title?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'ISO 3166 alpha-3 code of the country; that of its currency where absent and where one country has it.',
  })
  country?: string | null

  @Field(() => String, { nullable: true, description: 'ISO 4217 code; the one that most units name where absent.' })
  currency?: string | null

  @Field(() => Dialect, { defaultValue: Dialect.AUTO, description: 'Which program the files are written for.' })
  dialect: Dialect

  @Field(() => ParameterSourceInput, { nullable: true, description: 'Where they come from.' })
  source?: ParameterSourceInput | null

  @Field(() => String, {
    nullable: true,
    description: 'The files as a .tar.gz archive in base64; ids begin below a folder "parameters" that all lie in.',
  })
  archive?: string | null

  @Field(() => [ParameterFileInput], { nullable: true, description: 'The files as texts, where there is no archive.' })
  files?: ParameterFileInput[] | null

  @Field(() => String, { nullable: true, description: 'Put before every id, with a dot.' })
  prefix?: string | null

  @Field(() => [IndexSeriesInput], {
    nullable: true,
    description: 'Indices whose values the files leave to a program, or that are not among them.',
  })
  indexSeries?: IndexSeriesInput[] | null

  @Field(() => [EnumInput], {
    nullable: true,
    description: 'What breakdowns run over, beside filing_status and state_code: cells that are not given are 0.',
  })
  enums?: EnumInput[] | null

  @Field(() => String, {
    nullable: true,
    description:
      'Day since which all of it was the law as known; where absent a value since it began, at the latest since the files were taken.',
  })
  known?: string | null

  @Field(() => Boolean, { defaultValue: false, description: 'Only checks: nothing is stored.' })
  dryRun: boolean
}

@ObjectType({ description: 'How much an import read.' })
export class ImportCounts {
  @Field(() => Int, { description: 'Files.' })
  files: number

  @Field(() => Int, { description: 'Parameters, those of brackets and filled cells among them.' })
  parameters: number

  @Field(() => Int, { description: 'Dated values, those carried on by indices among them.' })
  values: number

  @Field(() => Int, { description: 'Scales of brackets.' })
  scales: number

  @Field(() => Int, { description: 'Nodes of which something is said.' })
  nodes: number
}

@ObjectType({ description: 'Outcome of an import: everything, or nothing and every fault.' })
export class ImportParametersPayload {
  @Field(() => ParameterTree, {
    nullable: true,
    description: 'The tree stored; null on a dry run and where there are faults.',
  })
  tree: ParameterTree | null

  @Field(() => Boolean, { description: 'Whether it was stored by this call.' })
  imported: boolean

  @Field(() => ImportCounts, { description: 'What was read.' })
  counts: ImportCounts

  @Field(() => [FindingCount], { description: 'How many findings there are of each kind, by gravity.' })
  findingCounts: readonly FindingCount[]

  /** Those that are kept, up to 5,000 of a kind; the graph shows those asked for. */
  allFindings: readonly Finding[]
}

export const ImportFindingConnection = connectionOf('ImportFinding', () => Finding)

@ArgsType()
export class ImportFindingArgs {
  @Field(() => Severity, { nullable: true, description: 'Only of this gravity.' })
  severity?: Severity | null

  @Field(() => String, { nullable: true, description: 'Only of this code.' })
  code?: string | null

  @Field(() => Int, { nullable: true, description: 'How many, at most 20000; 500 where absent.' })
  first?: number | null

  @Field(() => String, { nullable: true, description: 'Cursor to go on from.' })
  after?: string | null
}

@ObjectType({ description: 'One file of an export.' })
export class ParameterFile {
  @Field(() => String, { description: 'Its path below the root of the tree.' })
  path: string

  @Field(() => String, { description: 'Its text.' })
  text: string
}

@ObjectType({ description: 'A tree as files.' })
export class ParameterExport {
  @Field(() => Int, { description: 'Number of files.' })
  fileCount: number

  /** Not in the graph. */
  all: readonly SourceFile[]
}

export const ParameterFileConnection = connectionOf('ParameterFile', () => ParameterFile)
