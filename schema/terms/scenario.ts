// Scenario: a baseline, what is changed in it, and how far ahead one looks.

/** How a shock acts on a variable: ADD its value, MULTIPLY by it, SET to it. */
export const ShockMode = { ADD: 'ADD', MULTIPLY: 'MULTIPLY', SET: 'SET' } as const
export type ShockMode = (typeof ShockMode)[keyof typeof ShockMode]

/** Macro variables that an economy's path carries and mechanism networks and portfolios take. */
export const MacroVariable = {
  /** Gross domestic product, per cent from baseline. */
  GDP: 'gdp',
  /** Disposable income of households, per cent from baseline. */
  DISPOSABLE_INCOME: 'disposable_income',
  /** Household consumption, per cent from baseline. */
  CONSUMPTION: 'consumption',
  /** Unemployment rate, per cent of the labour force. */
  UNEMPLOYMENT_RATE: 'unemployment_rate',
} as const
export type MacroVariable = (typeof MacroVariable)[keyof typeof MacroVariable]
