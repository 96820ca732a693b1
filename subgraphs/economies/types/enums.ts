// The enums of economies in the graph.
import { registerEnumType } from 'type-graphql'
import {
  DiscrepancyRule,
  FlowComponent,
  FlowStatus,
  Frequency,
  GovernmentScope,
  ImbalanceTier,
  IncomeMeasure,
  LeakageBasis,
  PriceBasis,
  SavingScope,
  SeriesKind,
  SeriesRole,
} from '../../../schema/terms/economy.ts'
import { AssumptionBasis } from '../rules/circular-flow-impact.ts'

const described = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([key, description]) => [key, { description }]))

registerEnumType(Frequency, {
  name: 'Frequency',
  description: 'Length of the periods of a series.',
  valuesConfig: described({
    ANNUAL: 'Years, as 2024.',
    QUARTERLY: 'Quarters, as 2024-Q3.',
    MONTHLY: 'Months, as 2024-07.',
  }),
})

registerEnumType(SeriesKind, {
  name: 'SeriesKind',
  description: 'How the values of a series join into a longer period.',
  valuesConfig: described({
    FLOW: 'What flowed in the period: summed.',
    FLOW_AT_ANNUAL_RATE: 'What would flow in a year at the pace of the period: averaged.',
    RATE: 'A rate: averaged.',
    STOCK: 'A stock at the end of the period: the last one.',
  }),
})

registerEnumType(PriceBasis, {
  name: 'PriceBasis',
  description: 'Prices that values are in.',
  valuesConfig: described({
    CURRENT: 'Prices of the period itself.',
    CHAIN_VOLUME: 'Chain volumes, which do not add up.',
  }),
})

registerEnumType(SeriesRole, {
  name: 'SeriesRole',
  description: 'What a series is in the circular flow.',
  valuesConfig: described({
    GDP: 'Gross domestic product, a measure of Y.',
    GDI: 'Gross domestic income, a measure of Y.',
    GNDI: 'Gross national disposable income, a measure of Y.',
    C: 'Consumption of households.',
    I: 'Investment with change in inventories.',
    G: 'Government spending.',
    X: 'Exports of goods and services.',
    M: 'Imports of goods and services.',
    S: 'Saving of the nation: of households, firms and government.',
    T: 'Net taxes: taxes and social contributions less subsidies, benefits and transfers.',
    STATISTICAL_DISCREPANCY: 'What the income and the expenditure side differ by.',
    NET_PRIMARY_INCOME: 'Net primary income and transfers from abroad.',
    CORPORATE_SAVING: 'Saving of firms.',
    HOUSEHOLD_SAVING: 'Saving of households alone.',
    DISPOSABLE_INCOME: 'Disposable income of households.',
    PERSONAL_TAX: 'Taxes that persons pay.',
    GOVERNMENT_RECEIPTS: 'Receipts of government.',
  }),
})

registerEnumType(IncomeMeasure, {
  name: 'IncomeMeasure',
  description: 'Which measure stands for Y.',
  valuesConfig: described({
    GDP: 'Gross domestic product.',
    GDI: 'Gross domestic income.',
    GNDI: 'Gross national disposable income: primary income and transfers from abroad join in.',
  }),
})

registerEnumType(LeakageBasis, {
  name: 'LeakageBasis',
  description: 'How saving and net taxes, S + T, are had.',
  valuesConfig: described({
    INCOME_LESS_CONSUMPTION: 'As Y - C: the gap then is the statistical discrepancy.',
    COMPONENTS: 'From the series of S and T themselves.',
  }),
})

registerEnumType(SavingScope, {
  name: 'SavingScope',
  description: 'Whose saving S is.',
  valuesConfig: described({
    NATIONAL: 'Households, firms and government.',
    HOUSEHOLDS: 'Households alone: the identity then fails by the saving of firms.',
  }),
})

registerEnumType(GovernmentScope, {
  name: 'GovernmentScope',
  description: 'What G holds.',
  valuesConfig: described({
    CONSUMPTION: 'Government consumption; I holds public investment.',
    CONSUMPTION_AND_INVESTMENT: 'Government consumption and investment; I is private.',
  }),
})

registerEnumType(DiscrepancyRule, {
  name: 'DiscrepancyRule',
  description: 'What the statistical discrepancy is the difference of.',
  valuesConfig: described({
    INCOME_LESS_EXPENDITURE: 'Y less C + I + G + X - M.',
    GDP_LESS_GDI: 'Product by expenditure less income.',
  }),
})

registerEnumType(FlowComponent, {
  name: 'FlowComponent',
  description: 'A component of the identity S + T + M = I + G + X.',
  valuesConfig: described({
    Y: 'Income.',
    C: 'Consumption.',
    I: 'Investment, an injection.',
    G: 'Government spending, an injection.',
    X: 'Exports, an injection.',
    M: 'Imports, a leakage.',
    S: 'Saving, a leakage.',
    T: 'Net taxes, a leakage.',
  }),
})

registerEnumType(FlowStatus, {
  name: 'FlowStatus',
  description: 'Whether the identity can be set up.',
  valuesConfig: described({
    COMPLETE: 'Every component is known.',
    INCOMPLETE: 'A component is missing, so there is no gap to speak of; it is never taken for 0.',
  }),
})

registerEnumType(ImbalanceTier, {
  name: 'ImbalanceTier',
  description: 'Highest threshold that the absolute gap exceeds, in per cent of injections.',
  valuesConfig: described({
    NONE: 'At most 1 %.',
    ONE_PERCENT: 'Above 1 %.',
    TWO_PERCENT: 'Above 2 %.',
    FIVE_PERCENT: 'Above 5 %.',
    TEN_PERCENT: 'Above 10 %.',
  }),
})

registerEnumType(AssumptionBasis, {
  name: 'AssumptionBasis',
  description: 'What a number rests on.',
  valuesConfig: described({
    FIGURE: 'It stands in the dataset.',
    ESTIMATE: 'It was computed from the dataset.',
    ASSUMPTION: 'It was assumed, and you may want it otherwise.',
  }),
})
