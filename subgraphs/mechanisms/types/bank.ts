// MechanismBank: one immutable version of a set of nodes and mechanisms.

import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { KEPT_AN_HOUR, KEPT_AS_ITS_PARENT } from '../../shared/cache-control.ts'
import { connectionOf } from '../../shared/connection.ts'
import { DateTime } from '../../shared/types.ts'

@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'Where the figures of a bank come from.' })
export class BankOrigin {
  @Field(() => String, { description: 'Name of the source.' })
  title: string

  @Field(() => String, { nullable: true, description: 'Where to find it.' })
  url: string | null

  @Field(() => String, { nullable: true, description: 'Licence of the figures.' })
  licence: string | null

  @Field(() => String, { nullable: true, description: 'Whom to name.' })
  attribution: string | null

  @Field(() => String, { nullable: true, description: 'ISO date on which they were taken over.' })
  retrieved: string | null
}

@Directive(KEPT_AN_HOUR)
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A version of a bank of mechanisms.' })
export class MechanismBank {
  @Field(() => ID, { description: 'name@version.' })
  id: string

  @Field(() => String, { description: 'Name without version.' })
  name: string

  @Field(() => String, { description: 'Version; it never changes.' })
  version: string

  @Field(() => String, { description: 'Title for people.' })
  title: string

  @Field(() => String, { description: 'SHA-256 of its content.' })
  contentHash: string

  @Field(() => [String], { description: 'ISO 3166 alpha-3 codes of the economies it speaks of.' })
  geography: readonly string[]

  @Field(() => BankOrigin, { description: 'Where its figures come from.' })
  origin: BankOrigin

  @Field(() => Int, { description: 'Number of nodes.' })
  nodeCount: number

  @Field(() => Int, { description: 'Number of mechanisms.' })
  mechanismCount: number

  @Field(() => DateTime, { description: 'When it was imported here.' })
  importedAt: Date
}

export const MechanismBankConnection = connectionOf('MechanismBank', () => MechanismBank, KEPT_AN_HOUR)
