// Conventions of what is said about a population: each is an enum of the graph, has a documented default, and is echoed in the answer.

/** What deciles, poverty and inequality rank and compare. */
export const IncomeLevel = { UNIT: 'UNIT', HOUSEHOLD: 'HOUSEHOLD' } as const
export type IncomeLevel = (typeof IncomeLevel)[keyof typeof IncomeLevel]

/** The income of the baseline that deciles are cut by. */
export const DecileIncome = {
  NET_INCOME: 'NET_INCOME',
  EQUIVALISED_NET_INCOME: 'EQUIVALISED_NET_INCOME',
  MARKET_INCOME: 'MARKET_INCOME',
} as const
export type DecileIncome = (typeof DecileIncome)[keyof typeof DecileIncome]

/** What is counted: units of the data (or households), or the persons in them. */
export const Counted = { UNITS: 'UNITS', PERSONS: 'PERSONS' } as const
export type Counted = (typeof Counted)[keyof typeof Counted]

/** How incomes of units of different size are made comparable. */
export const EquivalenceScale = { NONE: 'NONE', SQUARE_ROOT: 'SQUARE_ROOT' } as const
export type EquivalenceScale = (typeof EquivalenceScale)[keyof typeof EquivalenceScale]

/** What becomes of those whose income is below zero when deciles are cut. */
export const NegativeIncomes = { KEPT: 'KEPT', LEFT_OUT: 'LEFT_OUT' } as const
export type NegativeIncomes = (typeof NegativeIncomes)[keyof typeof NegativeIncomes]

/** Whose earnings rise by the step that marginal rates are measured with. */
export const MarginalEarner = { HIGHEST: 'HIGHEST', FIRST: 'FIRST' } as const
export type MarginalEarner = (typeof MarginalEarner)[keyof typeof MarginalEarner]

/** What marginal rates are averaged with. */
export const MarginalWeight = { EARNINGS: 'EARNINGS', EARNERS: 'EARNERS' } as const
export type MarginalWeight = (typeof MarginalWeight)[keyof typeof MarginalWeight]

/** Revenue, or an outlay. */
export const ProgrammeKind = { TAX: 'TAX', BENEFIT: 'BENEFIT' } as const
export type ProgrammeKind = (typeof ProgrammeKind)[keyof typeof ProgrammeKind]

/** Which line the poor are below. */
export const PovertyMeasure = { RELATIVE: 'RELATIVE', ANCHORED: 'ANCHORED', ABSOLUTE: 'ABSOLUTE' } as const
export type PovertyMeasure = (typeof PovertyMeasure)[keyof typeof PovertyMeasure]

/** What becomes of a population whose figures are of another year than the law. */
export const PopulationYear = { AS_IT_IS: 'AS_IT_IS', UPRATED: 'UPRATED' } as const
export type PopulationYear = (typeof PopulationYear)[keyof typeof PopulationYear]
