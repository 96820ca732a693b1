// Portfolio: its instruments, where their prices come from, and the conventions that change a measure of risk.

export const AssetClass = {
  EQUITY: 'EQUITY',
  GOVERNMENT_BOND: 'GOVERNMENT_BOND',
  CORPORATE_BOND: 'CORPORATE_BOND',
  COMMODITY: 'COMMODITY',
  /** One unit of the base currency, priced in the quote currency. */
  CURRENCY: 'CURRENCY',
  CASH: 'CASH',
} as const
export type AssetClass = (typeof AssetClass)[keyof typeof AssetClass]

/** Generated prices are made by a seeded rule and say nothing of any market. */
export const PriceOrigin = { GENERATED: 'GENERATED', IMPORTED: 'IMPORTED' } as const
export type PriceOrigin = (typeof PriceOrigin)[keyof typeof PriceOrigin]

/** What a factor moves. */
export const FactorTarget = {
  /** The price: dV / V = beta x + gamma x^2 / 2. */
  PRICE: 'PRICE',
  /** The yield: dV / V = -duration dy + convexity dy^2 / 2 with dy = beta x + gamma x^2 / 2. */
  YIELD: 'YIELD',
  /** The logarithm of the price: dV / V = e^ds - 1 with ds = beta x + gamma x^2 / 2. */
  LOG_PRICE: 'LOG_PRICE',
} as const
export type FactorTarget = (typeof FactorTarget)[keyof typeof FactorTarget]

export const RiskMethod = { HISTORICAL: 'HISTORICAL', PARAMETRIC: 'PARAMETRIC' } as const
export type RiskMethod = (typeof RiskMethod)[keyof typeof RiskMethod]

/** Which quantile of the profits and losses a historical value at risk is. */
export const QuantileRule = {
  /** Type 7 of Hyndman and Fan (1996): linear between order statistics. */
  TYPE_7: 'TYPE_7',
  /** The order statistic at ceil(n (1 - confidence)): a loss that happened. */
  ORDER_STATISTIC: 'ORDER_STATISTIC',
} as const
export type QuantileRule = (typeof QuantileRule)[keyof typeof QuantileRule]

/** What the sum of squares is divided by. */
export const VarianceRule = { SAMPLE: 'SAMPLE', POPULATION: 'POPULATION' } as const
export type VarianceRule = (typeof VarianceRule)[keyof typeof VarianceRule]

/** What the mean of profits and losses is taken to be. */
export const MeanRule = {
  /** Nothing, as RiskMetrics (1996) takes it for short horizons. */
  ZERO: 'ZERO',
  /** The mean of the sample: squares are taken about it, and it is set against the loss. */
  SAMPLE_MEAN: 'SAMPLE_MEAN',
} as const
export type MeanRule = (typeof MeanRule)[keyof typeof MeanRule]

/** Which losses a historical expected shortfall is the mean of. */
export const ShortfallRule = {
  /** Those of at least the value at risk. */
  INCLUDING: 'INCLUDING',
  /** Those above the value at risk; the value at risk itself where there are none. */
  EXCLUDING: 'EXCLUDING',
  /** VaR + mean of the excess over it / (1 - confidence), over all observations (Rockafellar and Uryasev, 2000). */
  ROCKAFELLAR_URYASEV: 'ROCKAFELLAR_URYASEV',
} as const
export type ShortfallRule = (typeof ShortfallRule)[keyof typeof ShortfallRule]

/** How one day becomes several. */
export const HorizonRule = {
  /** One-day figures times the square root of the days; the mean times the days. */
  SQUARE_ROOT_OF_TIME: 'SQUARE_ROOT_OF_TIME',
  /** Returns over the horizon itself, from overlapping windows. */
  OVERLAPPING_RETURNS: 'OVERLAPPING_RETURNS',
} as const
export type HorizonRule = (typeof HorizonRule)[keyof typeof HorizonRule]

/** What a day's return is. */
export const ReturnBasis = {
  /** P(t) / P(t - h) - 1 of prices as they are stored, in the portfolio's currency: simple, not logarithmic, and without income. */
  SIMPLE_PRICE_RETURN: 'SIMPLE_PRICE_RETURN',
} as const
export type ReturnBasis = (typeof ReturnBasis)[keyof typeof ReturnBasis]

/** How a macro scenario reaches a portfolio. */
export const ImpactMode = { FACTOR_STRESS: 'FACTOR_STRESS' } as const
export type ImpactMode = (typeof ImpactMode)[keyof typeof ImpactMode]
