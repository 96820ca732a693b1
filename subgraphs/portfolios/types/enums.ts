// The enums of portfolios in the graph.
import { registerEnumType } from 'type-graphql'
import {
  AssetClass,
  FactorTarget,
  HorizonRule,
  ImpactMode,
  MeanRule,
  PriceOrigin,
  QuantileRule,
  ReturnBasis,
  RiskMethod,
  ShortfallRule,
  VarianceRule,
} from '../../../schema/terms/portfolio.ts'

const described = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([key, description]) => [key, { description }]))

registerEnumType(AssetClass, {
  name: 'AssetClass',
  description: 'What kind of thing an instrument is.',
  valuesConfig: described({
    EQUITY: 'Shares, or an index of them.',
    GOVERNMENT_BOND: 'Debt of a government.',
    CORPORATE_BOND: 'Debt of firms.',
    COMMODITY: 'Goods traded in bulk.',
    CURRENCY: 'One unit of the base currency, priced in another.',
    CASH: 'Money.',
  }),
})

registerEnumType(PriceOrigin, {
  name: 'PriceOrigin',
  description: 'Where prices come from.',
  valuesConfig: described({
    GENERATED: 'Made by a seeded rule: an example, which says nothing of any market.',
    IMPORTED: 'Brought by you.',
  }),
})

registerEnumType(FactorTarget, {
  name: 'FactorTarget',
  description: 'What a macro factor moves.',
  valuesConfig: described({
    PRICE: 'The price: dV / V = beta x + gamma x^2 / 2.',
    YIELD: 'The yield y: dV / V = -duration dy + convexity dy^2 / 2 with dy = beta x + gamma x^2 / 2.',
    LOG_PRICE: 'The logarithm s of the price: dV / V = e^ds - 1 with ds = beta x + gamma x^2 / 2.',
  }),
})

registerEnumType(RiskMethod, {
  name: 'RiskMethod',
  description: 'How a loss is estimated.',
  valuesConfig: described({
    HISTORICAL: 'From the profits and losses that the book would have had on past days.',
    PARAMETRIC: 'From a normal distribution fitted to them.',
  }),
})

registerEnumType(QuantileRule, {
  name: 'QuantileRule',
  description: 'Which quantile a historical value at risk is.',
  valuesConfig: described({
    TYPE_7: 'Type 7 of Hyndman and Fan (1996): linear between order statistics.',
    ORDER_STATISTIC: 'The ceil(n (1 - confidence))-th worst: a loss that happened.',
  }),
})

registerEnumType(VarianceRule, {
  name: 'VarianceRule',
  description: 'What a sum of squares is divided by.',
  valuesConfig: described({ SAMPLE: 'n - 1.', POPULATION: 'n.' }),
})

registerEnumType(MeanRule, {
  name: 'MeanRule',
  description: 'What the mean of profits and losses is taken to be.',
  valuesConfig: described({
    ZERO: 'Nothing, as RiskMetrics (1996) takes it for short horizons.',
    SAMPLE_MEAN: 'The mean of the sample: squares are taken about it, and it is set against the loss.',
  }),
})

registerEnumType(ShortfallRule, {
  name: 'ShortfallRule',
  description: 'Which losses a historical expected shortfall is the mean of.',
  valuesConfig: described({
    INCLUDING: 'Those of at least the value at risk.',
    EXCLUDING: 'Those above the value at risk; the value at risk itself where there are none.',
    ROCKAFELLAR_URYASEV: 'Value at risk plus mean excess over it / (1 - confidence).',
  }),
})

registerEnumType(HorizonRule, {
  name: 'HorizonRule',
  description: 'How one day becomes several.',
  valuesConfig: described({
    SQUARE_ROOT_OF_TIME: 'One-day figures times the square root of the days; the mean times the days.',
    OVERLAPPING_RETURNS: 'Returns over the horizon itself, from windows that overlap.',
  }),
})

registerEnumType(ReturnBasis, {
  name: 'ReturnBasis',
  description: 'What a return is of.',
  valuesConfig: described({
    SIMPLE_PRICE_RETURN:
      "Simple (not logarithmic) returns of prices as stored, in the portfolio's currency; coupons and dividends are not added.",
  }),
})

registerEnumType(ImpactMode, {
  name: 'ImpactMode',
  description: 'How a macro scenario reaches a portfolio.',
  valuesConfig: described({
    FACTOR_STRESS: 'By the betas of its instruments, duration and convexity, and exchange rates.',
  }),
})
