// What reforms do to a population, as text.
import { describeIdentity, type WatchedRun } from './describe-run.ts'
import { number, percent, table } from './table.ts'

type Figure = number | null
type Figures = readonly number[] | null

interface Line {
  readonly name: string | null
  readonly kind: string | null
  readonly baseline: Figure
  readonly reform: Figure
  readonly change: Figure
}

interface Affected {
  readonly weight: Figure
  readonly share: Figure
  readonly meanChange: Figure
}

interface Poor {
  readonly line: Figure
  readonly rate: Figure
  readonly persons: Figure
}

interface Distribution {
  readonly gini: Figure
  readonly topFractions: readonly number[]
  readonly topShares: readonly Figure[] | null
}

export interface Deciles {
  readonly decile: readonly number[]
  readonly weight: Figures
  readonly meanEarnings: Figures
  readonly meanNetIncomeBaseline: Figures
  readonly meanNetTaxBaseline: Figures
  readonly meanNetTaxChange: Figures
  readonly meanNetIncomeChange: Figures
  readonly winnersShare: Figures
  readonly losersShare: Figures
}

export interface ReformImpact {
  readonly reform: { readonly id: string; readonly title: string } | null
  readonly budget: Line & { readonly unit: string }
  readonly byProgramme: readonly Line[]
  readonly deciles: Deciles
  readonly winners: Affected
  readonly losers: Affected
  readonly poverty: readonly { readonly measure: string; readonly baseline: Poor; readonly reform: Poor }[]
  readonly inequality: { readonly baseline: Distribution; readonly reform: Distribution }
  readonly marginalRates: {
    readonly baseline: Figure
    readonly reform: Figure
    readonly decilesBaseline: Figures
    readonly decilesReform: Figures
  } | null
  readonly behaviour: {
    readonly earningsChange: Figure
    readonly staticChange: Figure
    readonly responseChange: Figure
  } | null
}

export interface PopulationImpact {
  readonly year: number
  readonly units: number
  readonly weightsTotal: Figure
  readonly population: { readonly id: string }
  readonly conventions: Readonly<Record<string, unknown>>
  readonly reforms: readonly ReformImpact[]
}

export interface ImpactRun extends WatchedRun {
  readonly populationImpact: PopulationImpact | null
}

const LINE = 'name kind baseline reform change unit'
const AFFECTED = 'weight share meanChange'
const POOR = 'line persons rate gap'
const DISTRIBUTION = 'mean gini giniNormalised topFractions topShares probabilities quantiles unit'

/** Selects what describeImpact shows, and groups by the names given. */
export function impactFields(groups: readonly string[] = []): string {
  const group = (by: string, i: number) => `groups${i === 0 ? '' : i}: groups(by: ${JSON.stringify(by)}) {
    by code units weight netTaxBaseline netTaxChange meanNetIncomeBaseline meanNetIncomeChange winnersShare losersShare unit
    byProgramme { name kind baseline change } }`
  return `provenance { planHash seed engineVersion }
    populationImpact { year units households weightsTotal personsTotal population { id title }
      conventions { level decileIncome decilesOf negativeIncomes equivalence povertyShare povertyLine step earner marginalWeight elasticity groups }
      bundle { ruleSet ruleSetHash planHash parameterSnapshot population dataVersion year reforms options kernels engineVersion }
      reforms { reform { id title } budget { ${LINE} } byProgramme { ${LINE} }
        deciles { decile weight persons least meanEarnings meanMarketIncome meanNetIncomeBaseline meanNetTaxBaseline meanNetTaxChange
          meanNetIncomeChange winnersShare losersShare unit }
        winners { ${AFFECTED} } losers { ${AFFECTED} }
        poverty { measure unit baseline { ${POOR} } reform { ${POOR} } }
        inequality { baseline { ${DISTRIBUTION} } reform { ${DISTRIBUTION} } }
        marginalRates { baseline reform decilesBaseline decilesReform }
        behaviour { earningsChange staticChange responseChange unit }
        ${groups.map(group).join(' ')} } }`
}

const millions = (value: Figure) => number(value === null ? null : value / 1e6)

/** Tables of every reform, and how to verify the run. */
export function describeImpact(run: ImpactRun): string {
  const { year, units, weightsTotal, population, reforms, conventions } = run.populationImpact!
  const title = `${population.id}, ${year}: ${number(units, 0)} units that stand for ${number(weightsTotal, 0)}`
  return [title, ...reforms.map((reform) => describeReform(reform, conventions)), describeIdentity(run)].join('\n\n')
}

/** A programme that the units have nothing of is not shown. */
const isThere = ({ baseline, reform }: Line) => baseline !== 0 || reform !== 0

function describeReform(impact: ReformImpact, conventions: PopulationImpact['conventions']): string {
  const { reform, budget, byProgramme, winners, losers, behaviour } = impact
  const name = reform ? `${reform.title} (${reform.id})` : 'the law as it stands'
  const currency = budget.unit.replace('/year', '')
  const lines = [...byProgramme.filter(isThere), { ...budget, name: 'revenue less outlays' }].map((line) => [
    line.name,
    line.kind?.toLowerCase(),
    ...[line.baseline, line.reform, line.change].map(millions),
  ])
  return [
    name,
    '='.repeat(name.length),
    '',
    table(['programme', `${currency} mn a year`, 'today', 'reform', 'change'], lines, [2, 3, 4]),
    ...(behaviour
      ? [
          '',
          `behaviour: ${millions(behaviour.responseChange)} of the change, by earnings that change by ${millions(behaviour.earningsChange)}`,
        ]
      : []),
    '',
    describeDeciles(impact),
    '',
    affected('gain', winners, currency),
    affected('lose', losers, currency),
    '',
    describeShares(impact, conventions),
  ].join('\n')
}

function describeDeciles({ deciles, marginalRates }: ReformImpact): string {
  const rates = marginalRates ? [marginalRates.decilesBaseline, marginalRates.decilesReform] : []
  const rows = deciles.decile.map((decile, i) => [
    decile,
    ...[deciles.meanEarnings, deciles.meanNetIncomeBaseline, deciles.meanNetTaxChange, deciles.meanNetIncomeChange].map(
      (values) => number(values?.[i]),
    ),
    ...[deciles.winnersShare, deciles.losersShare, ...rates].map((values) => percent(values?.[i], 1)),
  ])
  const header = ['decile', 'earnings', 'net income', 'taxes less benefits', 'net income', 'gain', 'lose']
  const marginal = rates.length > 0 ? ['marginal rate', 'reform'] : []
  return table(
    [...header.slice(0, 3), ...header.slice(3, 5).map((h) => `change of ${h}`), 'gain', 'lose', ...marginal],
    rows,
    [1, 2, 3, 4, 5, 6, 7, 8],
  )
}

const affected = (verb: string, { share, meanChange }: Affected, currency: string) =>
  `${percent(share)} of units ${verb}, on average ${number(meanChange === null ? null : Math.abs(meanChange))} ${currency} a year`

function describeShares(
  { poverty, inequality, marginalRates }: ReformImpact,
  conventions: PopulationImpact['conventions'],
): string {
  const { baseline, reform } = inequality
  const top = baseline.topFractions.map((fraction, i) => [
    `share of the top ${percent(fraction, 1)}`,
    ...[baseline, reform].map(({ topShares }) => percent(topShares?.[i])),
  ])
  const rows = [
    ...poverty.map(({ measure, baseline, reform }) => [
      `poverty, ${measure.toLowerCase()}`,
      percent(baseline.rate),
      percent(reform.rate),
    ]),
    ['Gini coefficient', number(baseline.gini, 4), number(reform.gini, 4)],
    ...top,
    ...(marginalRates ? [['mean marginal rate', percent(marginalRates.baseline), percent(marginalRates.reform)]] : []),
  ]
  const scale = conventions['equivalence'] === 'NONE' ? 'income' : 'income by the square root of persons'
  return table([`persons, ${scale}`, 'today', 'reform'], rows, [1, 2])
}
