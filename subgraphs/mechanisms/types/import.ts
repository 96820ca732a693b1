// The import of a bank: its input and its outcome.
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { Finding } from '../../shared/types.ts'
import { MechanismBank } from './bank.ts'
import { FindingCount } from './shared.ts'

@InputType({ description: 'One file of a bank, as text.' })
export class BankFileInput {
  @Field(() => String, { description: 'Path within the bank, such as "economic/a_to_b.yml"; findings name it.' })
  path: string

  @Field(() => String, { description: 'Its text.' })
  text: string
}

@InputType({ description: 'A bank to import: all its files at once.' })
export class ImportMechanismBankInput {
  @Field(() => ID, {
    nullable: true,
    description: 'name@version of the new bank; needed where the files do not name it (the healthsystems format).',
  })
  bankId?: string | null

  @Field(() => String, { nullable: true, description: 'Title for people.' })
  title?: string | null

  @Field(() => [String], { nullable: true, description: 'ISO 3166 alpha-3 codes of the economies it speaks of.' })
  geography?: string[] | null

  @Field(() => [BankFileInput], {
    description:
      'One YAML file in the format of Quesnay, or the YAML files of a healthsystems bank with canonical_nodes.json.',
  })
  files: BankFileInput[]

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Takes unlisted nodes and repeated ids for ERRORs; else they are WARNINGs and are kept under their own ids.',
  })
  strict: boolean

  @Field(() => Boolean, { defaultValue: false, description: 'Only checks: nothing is stored.' })
  dryRun: boolean
}

@ObjectType({ description: 'Outcome of an import: everything, or nothing and every fault.' })
export class ImportMechanismBankPayload {
  @Field(() => MechanismBank, {
    nullable: true,
    description: 'The bank stored; null on a dry run and where there are faults.',
  })
  bank: MechanismBank | null

  @Field(() => Boolean, { description: 'Whether it was stored by this call.' })
  imported: boolean

  @Field(() => Int, { description: 'Mechanism records met in the files.' })
  records: number

  @Field(() => [FindingCount], { description: 'How many findings there are of each kind.' })
  findingCounts: FindingCount[]

  /** All of them; the graph shows those asked for. */
  allFindings: readonly Finding[]
}
