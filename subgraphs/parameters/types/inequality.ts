// Poverty and inequality. A figure whose computation failed is null, with the error at its own path.
import { Field, Float, ObjectType, registerEnumType } from 'type-graphql'
import { PovertyMeasure } from '../../../schema/terms/population.ts'
import type { Figure } from '../rules/impact/figures.ts'

registerEnumType(PovertyMeasure, {
  name: 'PovertyMeasure',
  description: 'Which line the poor are below.',
  valuesConfig: {
    RELATIVE: { description: 'A share of the median income by the law in question: each law has its own line.' },
    ANCHORED: { description: 'A share of the median income by the law as it stands, for all laws.' },
    ABSOLUTE: { description: 'The line in money that was given.' },
  },
})

@ObjectType({ description: 'Persons whose income is below a line, under one law.' })
export class PovertyCount {
  @Field(() => Float, {
    nullable: true,
    description: 'The line, in money a year, of income as the equivalence scale has it.',
  })
  line: Figure

  @Field(() => Float, { nullable: true, description: 'How many persons are below it.' })
  persons: Figure

  @Field(() => Float, { nullable: true, description: 'Their share of all persons; null where there is nobody.' })
  rate: Figure

  @Field(() => Float, {
    nullable: true,
    description:
      'Poverty gap: mean distance below the line as a share of it, over all persons; null where the line is not positive.',
  })
  gap: Figure
}

@ObjectType({ description: 'Poverty by one measure, before and after.' })
export class PovertyImpact {
  @Field(() => PovertyMeasure, { description: 'Which line.' })
  measure: PovertyMeasure

  @Field(() => PovertyCount, { description: 'By the law as it is.' })
  baseline: PovertyCount

  @Field(() => PovertyCount, { description: 'By the reformed law.' })
  reform: PovertyCount

  @Field(() => String, { description: 'Unit of the lines.' })
  unit: string
}

@ObjectType({
  description: 'How income is distributed over persons under one law; null where a figure has no meaning.',
})
export class IncomeDistribution {
  @Field(() => Float, { nullable: true, description: 'Mean income.' })
  mean: Figure

  @Field(() => Float, {
    nullable: true,
    description:
      'Gini coefficient; null where the mean is not positive, above 1 possible where incomes are below zero.',
  })
  gini: Figure

  @Field(() => Float, {
    nullable: true,
    description:
      'Half the mean difference over the mean absolute income: within 0 and 1 also where incomes are below zero, and gini where none is (Raffinetti, Siletti and Vernizzi 2015).',
  })
  giniNormalised: Figure

  @Field(() => [Float], { description: 'Fractions of all persons, from the top, such as 0.01.' })
  topFractions: readonly number[]

  @Field(() => [Float], {
    nullable: 'itemsAndList',
    description: 'Share of all income that each of these has.',
  })
  topShares: readonly (number | null)[] | Error

  @Field(() => [Float], { description: 'Cumulated probabilities.' })
  probabilities: readonly number[]

  @Field(() => [Float], { nullable: 'itemsAndList', description: 'The quantile of income at each of these.' })
  quantiles: readonly (number | null)[] | Error

  @Field(() => String, { description: 'Unit of mean and quantiles.' })
  unit: string
}

@ObjectType({ description: 'Inequality of income before and after.' })
export class InequalityImpact {
  @Field(() => IncomeDistribution, { description: 'By the law as it is.' })
  baseline: IncomeDistribution

  @Field(() => IncomeDistribution, { description: 'By the reformed law.' })
  reform: IncomeDistribution
}
