// Routes of the circular flow: one period, another one, a component over time, and how far leakages and injections part.
import { QuesnayError } from '../../schema/errors.ts'
import { type Mapping, member, type Route, type Variables } from './route.ts'

/** The economy that is meant where none is named. */
const ECONOMY = '$economy: ID! = "USA"'
const CONVENTIONS = `$incomeMeasure: IncomeMeasure, $leakageBasis: LeakageBasis, $savingScope: SavingScope,
  $governmentScope: GovernmentScope, $dataset: String`
const GIVEN = `incomeMeasure: $incomeMeasure, leakageBasis: $leakageBasis, savingScope: $savingScope,
  governmentScope: $governmentScope, dataset: $dataset`

const FLOW = `fragment Flow on CircularFlow {
  period currency unit Y C I G X M S T leakages injections gap gapPctOfInjections unexplained unexplainedPctOfInjections
  status missing tier
  explained { statisticalDiscrepancy netPrimaryIncome corporateSaving rounding }
  conventions { incomeMeasure leakageBasis savingScope governmentScope priceBasis flowKind }
}`

const flow = member('economy', 'circularFlow')

const latest: Route = {
  method: 'GET',
  path: '/circular-flow/latest',
  id: 'latestCircularFlow',
  summary: 'The circular flow of an economy in the last period that its figures have.',
  operation: `query LatestCircularFlow(${ECONOMY}, $frequency: Frequency, ${CONVENTIONS}) {
    economy(id: $economy) { circularFlow(frequency: $frequency, ${GIVEN}) { ...Flow } }
  } ${FLOW}`,
  data: flow,
  missing: 'the figures of the economy have no complete period',
  links: () => ({ related: '/imbalance/analysis' }),
}

/** A day counts as the quarter that it lies in. */
function periodOf({ date, ...others }: Variables): Variables {
  const [, year, month] = /^(\d{4})-(\d\d)-\d\d$/.exec(String(date)) ?? []
  if (!year) return { ...others, date }
  if (!(Number(month) >= 1 && Number(month) <= 12))
    throw new QuesnayError('BAD_INPUT', `${date} is no day`, {
      path: 'date',
      suggestion: 'give a day such as 2024-08-15, or a period such as 2024-Q3 or 2024',
    })
  return { ...others, date: `${year}-Q${Math.ceil(Number(month) / 3)}` }
}

const historical: Route = {
  method: 'GET',
  path: '/circular-flow/historical/{date}',
  id: 'historicalCircularFlow',
  summary: 'The circular flow in a period: 2024-Q3, 2024, or the quarter of a day such as 2024-08-15.',
  operation: `query HistoricalCircularFlow($date: String!, ${ECONOMY}, ${CONVENTIONS}) {
    economy(id: $economy) { circularFlow(period: $date, ${GIVEN}) { ...Flow } }
  } ${FLOW}`,
  read: periodOf,
  data: flow,
  missing: 'the figures of the economy do not have this period',
  links: () => ({ related: '/circular-flow/latest' }),
}

const COMPONENTS = ['Y', 'C', 'I', 'G', 'X', 'M', 'S', 'T'] as const
const columns = member('economy', 'circularFlows')

/** Of all columns the one asked for. */
const column: Mapping = {
  of(data, variables) {
    const { c } = variables as { readonly c: string }
    const found = columns.of(data, variables) as Record<string, unknown> | null
    if (!found) return null
    const { periods, currency, unit, conventions } = found
    return { component: c, periods, values: found[c], currency, unit, conventions }
  },
  schema(answer) {
    const { periods, currency, unit, conventions, Y } = columns.schema(answer).properties ?? {}
    const component = { type: 'string', enum: [...COMPONENTS] }
    const properties = {
      component,
      periods: periods!,
      values: Y!,
      currency: currency!,
      unit: unit!,
      conventions: conventions!,
    }
    return { type: 'object', properties, required: Object.keys(properties) }
  },
}

const trends: Route = {
  method: 'GET',
  path: '/components/{c}/trends',
  id: 'componentTrends',
  summary: `One component of the circular flow (${COMPONENTS.join(', ')}) over many periods, as columns.`,
  // A field cannot be chosen by a variable: all columns are read, and one is given.
  operation: `query ComponentTrends(${ECONOMY}, $from: String, $to: String, $every: Int, $frequency: Frequency, ${CONVENTIONS}) {
    economy(id: $economy) {
      circularFlows(from: $from, to: $to, every: $every, frequency: $frequency, ${GIVEN}) {
        periods currency unit ${COMPONENTS.join(' ')}
        conventions { incomeMeasure leakageBasis savingScope governmentScope priceBasis flowKind }
      }
    }
  }`,
  extra: { c: { type: 'string', enum: [...COMPONENTS] } },
  data: column,
  links: () => ({ related: '/circular-flow/latest' }),
}

const analysis: Route = {
  method: 'GET',
  path: '/imbalance/analysis',
  id: 'imbalanceAnalysis',
  summary: 'How often leakages and injections part by more than 1, 2, 5 and 10 % of injections.',
  operation: `query ImbalanceAnalysis(${ECONOMY}, $from: String, $to: String, $period: String, $frequency: Frequency, ${CONVENTIONS}) {
    economy(id: $economy) {
      imbalanceReport(from: $from, to: $to, period: $period, frequency: $frequency, ${GIVEN}) {
        from to periods complete tier
        total { ...Statistics } unexplained { ...Statistics }
        findings { severity code path message suggestion }
        conventions { incomeMeasure leakageBasis savingScope governmentScope priceBasis flowKind }
      }
    }
  }
  fragment Statistics on ImbalanceStatistics {
    meanAbsolutePct maxAbsolutePct maxPeriod breaches { tier thresholdPct periods }
  }`,
  data: member('economy', 'imbalanceReport'),
  links: () => ({ related: '/circular-flow/latest' }),
}

export const ECONOMY_ROUTES: readonly Route[] = [latest, historical, trends, analysis]
