// Value types that several subgraphs give: each is @shareable and must stay equal everywhere.
import { GraphQLDateTime } from 'graphql-scalars'
import { Directive, Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql'
import { ShockMode } from '../../schema/terms/scenario.ts'
import { KEPT_AS_ITS_PARENT } from './cache-control.ts'

export { GraphQLDateTime as DateTime }

export const Severity = { ERROR: 'ERROR', WARNING: 'WARNING', INFO: 'INFO' } as const
export type Severity = (typeof Severity)[keyof typeof Severity]
registerEnumType(Severity, {
  name: 'Severity',
  description: 'How grave a finding is.',
  valuesConfig: {
    ERROR: { description: 'The thing cannot be used as it is.' },
    WARNING: { description: 'Usable, with a consequence that the message names.' },
    INFO: { description: 'Worth knowing.' },
  },
})

@Directive('@shareable')
@ObjectType({ description: 'Something found in data or input: a value of the domain, not a failure of the request.' })
export class Finding {
  @Field(() => Severity, { description: 'How grave it is.' })
  severity: Severity

  @Field(() => String, { description: 'Stable upper-case code, to act on.' })
  code: string

  @Field(() => String, { nullable: true, description: 'Where: argument, file and line, node or variable.' })
  path?: string | null

  @Field(() => String, { description: 'One sentence for a person.' })
  message: string

  @Field(() => String, { nullable: true, description: 'What to do about it.' })
  suggestion?: string | null
}

@Directive('@shareable')
@ObjectType({ description: 'How many findings there are of one kind.' })
export class FindingCount {
  @Field(() => Severity, { description: 'How grave they are.' })
  severity: Severity

  @Field(() => String, { description: 'Their code.' })
  code: string

  @Field(() => Int, { description: 'How many.' })
  count: number
}

@Directive('@shareable')
@Directive(KEPT_AS_ITS_PARENT)
@ObjectType({ description: 'Where a page of a connection stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follow.' })
  hasNextPage: boolean

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last edge: give it as `after` for the next page.',
  })
  endCursor?: string | null
}

@Directive('@shareable')
@ObjectType({ description: 'One variable of a macroeconomic path: parallel lists over the times of the path.' })
export class MacroColumn {
  @Field(() => String, { description: 'Name of the variable, such as "unemployment_rate".' })
  variable: string

  @Field(() => String, { description: 'Unit of the values.' })
  unit: string

  @Field(() => [Float], { description: 'Values without the reform and without shocks.' })
  baseline: number[]

  @Field(() => [Float], { description: 'Values under the scenario.' })
  scenario: number[]
}

@Directive('@shareable')
@ObjectType({
  description: 'How an economy moves under a scenario, as columns: what mechanisms and portfolios take as input.',
})
export class MacroPath {
  @Field(() => [Float], { description: 'Years from the start of the scenario.' })
  times: number[]

  @Field(() => [MacroColumn], { description: 'The variables.' })
  columns: MacroColumn[]
}

@Directive('@shareable')
@ObjectType({ description: 'Change in net taxes that a reform brings, for the economy it applies to.' })
export class NetTaxChange {
  @Field(() => Float, {
    description: 'Change of income and payroll tax as a fraction of baseline income and payroll tax of the population.',
  })
  fraction: number

  @Field(() => String, { description: 'Hash of the result it was read from.' })
  resultHash: string

  @Field(() => Int, { description: 'Number of tax units computed.' })
  units: number
}

registerEnumType(ShockMode, {
  name: 'ShockMode',
  description: 'How a shock acts on its variable.',
  valuesConfig: {
    ADD: { description: 'Its value is added.' },
    MULTIPLY: { description: 'The variable is multiplied by its value.' },
    SET: { description: 'The variable is set to its value.' },
  },
})

@Directive('@shareable')
@ObjectType({ description: 'A change put on one variable for a span of years.' })
export class Shock {
  @Field(() => String, {
    description: 'A macro variable (such as "unemployment_rate") or an exogenous node of the network.',
  })
  variable: string

  @Field(() => ShockMode, { description: 'How it acts.' })
  mode: ShockMode

  @Field(() => Float, { description: 'Its size, in the unit of the variable.' })
  value: number

  @Field(() => Float, { description: 'First year it acts, from the start of the scenario.' })
  from: number

  @Field(() => Float, { description: 'Year it ends (exclusive).' })
  to: number
}

@Directive('@shareable')
@ObjectType({ description: 'A bank compiled to a model, saved by content.' })
export class CompiledModel {
  @Field(() => String, { description: 'SHA-256 of its canonical JSON.' })
  hash: string
}
