// Conventions of a question about a population: given as options, echoed as what was used.
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import {
  Counted,
  DecileIncome,
  EquivalenceScale,
  IncomeLevel,
  MarginalEarner,
  MarginalWeight,
  NegativeIncomes,
  PopulationYear,
} from '../../../schema/terms/population.ts'
import { DEFAULT_OPTIONS, USUAL_STEP } from '../rules/impact/options.ts'

registerEnumType(IncomeLevel, {
  name: 'IncomeLevel',
  description: 'What deciles, poverty and inequality rank and compare.',
  valuesConfig: {
    UNIT: { description: 'Units of the data, such as tax units.' },
    HOUSEHOLD: { description: 'Households, whose units are added up; of populations that link units to households.' },
  },
})
registerEnumType(PopulationYear, {
  name: 'PopulationYear',
  description: 'What becomes of a population whose figures are of another year than the law.',
  valuesConfig: {
    AS_IT_IS: { description: 'It is taken as it is.' },
    UPRATED: {
      description: 'It is carried to the year of the law, as `Population.uprated` does by the shipped assumptions.',
    },
  },
})
registerEnumType(DecileIncome, {
  name: 'DecileIncome',
  description: 'The income, by the law as it stands, that deciles are cut by.',
  valuesConfig: {
    NET_INCOME: { description: 'Net income of the unit or household.' },
    EQUIVALISED_NET_INCOME: { description: 'Net income divided by the square root of the number of persons.' },
    MARKET_INCOME: { description: 'Income before taxes and benefits.' },
  },
})
registerEnumType(Counted, {
  name: 'Counted',
  description: 'What is counted.',
  valuesConfig: {
    UNITS: { description: 'Units or households.' },
    PERSONS: { description: 'The persons in them.' },
  },
})
registerEnumType(EquivalenceScale, {
  name: 'EquivalenceScale',
  description: 'How incomes of units of different size are made comparable.',
  valuesConfig: {
    NONE: { description: 'Not at all.' },
    SQUARE_ROOT: { description: 'Divided by the square root of the number of persons, 1 at least.' },
  },
})
registerEnumType(NegativeIncomes, {
  name: 'NegativeIncomes',
  description: 'What becomes of those whose income is below zero when deciles are cut.',
  valuesConfig: {
    KEPT: { description: 'They are in the lowest deciles.' },
    LEFT_OUT: { description: 'They have their part of the tenths, and are then left out of them.' },
  },
})
registerEnumType(MarginalEarner, {
  name: 'MarginalEarner',
  description: 'Whose earnings rise by the step that marginal rates are measured with.',
  valuesConfig: {
    HIGHEST: { description: 'The one of the unit who earns most, of equals the first.' },
    FIRST: { description: 'The first of the unit, such as the head of a tax return.' },
  },
})
registerEnumType(MarginalWeight, {
  name: 'MarginalWeight',
  description: 'What marginal rates are averaged with, beside the weight of the unit.',
  valuesConfig: {
    EARNINGS: { description: 'The earnings that the step is added to.' },
    EARNERS: { description: 'Every unit in which these are above zero counts as one.' },
  },
})

@InputType({ description: 'Conventions; what is absent is as the default says, and all are echoed in the answer.' })
export class PopulationOptionsInput {
  @Field(() => PopulationYear, {
    defaultValue: DEFAULT_OPTIONS.populationYear,
    description: 'What becomes of a population whose figures are of another year than the law.',
  })
  populationYear: PopulationYear

  @Field(() => IncomeLevel, {
    defaultValue: DEFAULT_OPTIONS.level,
    description: 'What deciles, poverty and inequality rank and compare.',
  })
  level: IncomeLevel

  @Field(() => DecileIncome, { defaultValue: DEFAULT_OPTIONS.decileIncome, description: 'What deciles are cut by.' })
  decileIncome: DecileIncome

  @Field(() => Counted, { defaultValue: DEFAULT_OPTIONS.decilesOf, description: 'What each decile has a tenth of.' })
  decilesOf: Counted

  @Field(() => NegativeIncomes, {
    defaultValue: DEFAULT_OPTIONS.negativeIncomes,
    description: 'Where those with an income below zero are in deciles.',
  })
  negativeIncomes: NegativeIncomes

  @Field(() => EquivalenceScale, {
    defaultValue: DEFAULT_OPTIONS.equivalence,
    description: 'How poverty and inequality compare incomes.',
  })
  equivalence: EquivalenceScale

  @Field(() => Float, {
    defaultValue: DEFAULT_OPTIONS.povertyShare,
    description: 'Relative line of poverty as a share of the median income of all persons, above 0 to 1.',
  })
  povertyShare: number

  @Field(() => Float, {
    nullable: true,
    description:
      'A line of poverty in money a year, of income as the equivalence scale has it; absent: none beside the relative ones.',
  })
  povertyLine?: number | null

  @Field(() => Float, {
    nullable: true,
    description: `By how much earnings rise to measure marginal rates, in money a year; absent: none are measured, but for behaviour, with ${USUAL_STEP}. Small steps show the statute, ${USUAL_STEP} what is reported.`,
  })
  step?: number | null

  @Field(() => MarginalEarner, {
    defaultValue: DEFAULT_OPTIONS.earner,
    description: 'Whose earnings rise by the step.',
  })
  earner: MarginalEarner

  @Field(() => MarginalWeight, {
    defaultValue: DEFAULT_OPTIONS.marginalWeight,
    description: 'What marginal rates are averaged with.',
  })
  marginalWeight: MarginalWeight

  @Field(() => Float, {
    nullable: true,
    description:
      'Elasticity of earnings to the net-of-tax rate, such as 0.25 (Saez, Slemrod and Giertz 2012, JEL 50(1)); absent or 0: nobody behaves differently.',
  })
  elasticity?: number | null

  @Field(() => [String], {
    nullable: true,
    description:
      'Ways of grouping that results are broken down by, such as "state"; absent: all that rules and population have.',
  })
  groups?: string[] | null
}

@ObjectType({ description: 'The conventions that were used.' })
export class PopulationConventions {
  @Field(() => PopulationYear, { description: 'Whether the population was carried to the year of the law.' })
  populationYear: PopulationYear

  @Field(() => IncomeLevel, { description: 'What deciles, poverty and inequality rank and compare.' })
  level: IncomeLevel

  @Field(() => DecileIncome, { description: 'What deciles are cut by.' })
  decileIncome: DecileIncome

  @Field(() => Counted, { description: 'What each decile has a tenth of.' })
  decilesOf: Counted

  @Field(() => NegativeIncomes, { description: 'Where those with an income below zero are in deciles.' })
  negativeIncomes: NegativeIncomes

  @Field(() => EquivalenceScale, { description: 'How poverty and inequality compare incomes.' })
  equivalence: EquivalenceScale

  @Field(() => Float, { description: 'Relative line of poverty as a share of the median.' })
  povertyShare: number

  @Field(() => Float, { nullable: true, description: 'Line of poverty in money a year, if one was given.' })
  povertyLine: number | null

  @Field(() => Float, { nullable: true, description: 'Step of marginal rates; null where none were measured.' })
  step: number | null

  @Field(() => MarginalEarner, { description: 'Whose earnings rose by the step.' })
  earner: MarginalEarner

  @Field(() => MarginalWeight, { description: 'What marginal rates are averaged with.' })
  marginalWeight: MarginalWeight

  @Field(() => Float, { nullable: true, description: 'Elasticity of earnings; null: nobody behaves differently.' })
  elasticity: number | null

  @Field(() => [String], { description: 'Ways of grouping that results are broken down by.' })
  groups: readonly string[]
}

@InputType({
  description: 'A question about a population: the law of a year, and any number of reforms of it in one pass.',
})
export class RunPopulationInput {
  @Field(() => ID, { defaultValue: 'us-federal', description: 'The rules.' })
  ruleSet: string

  @Field(() => ID, {
    nullable: true,
    description: 'The units; absent: the example population of the rules, where they have one.',
  })
  population?: string | null

  @Field(() => Int, { nullable: true, description: 'Tax year; absent: the last that the rules are for.' })
  year?: number | null

  @Field(() => [ID], {
    defaultValue: [],
    description: 'Reforms, each against the law as it stands; none: the law alone.',
  })
  reforms: string[]

  @Field(() => PopulationOptionsInput, { nullable: true, description: 'Conventions; absent: the defaults.' })
  options?: PopulationOptionsInput | null
}
