// The rules under all laws of a question, and what is measured of each unit: what it pays, what changes, who wins, at which rates.
import { call, expression, sum } from '../../../../compute/model/build.ts'
import type { Expression, Model, Variable } from '../../../../compute/model/model.ts'
import { Counted, EquivalenceScale, ProgrammeKind } from '../../../../schema/terms/population.ts'
import { ruleModel } from '../rule-set/rule-model.ts'
import type { RuleSet } from '../rule-set/rule-set.ts'
import { marginalRates } from './marginal-rates.ts'
import { type Measure, Measures, own } from './measures.ts'
import type { ImpactOptions } from './options.ts'
import { addResponse, impactSides, type ReformShape } from './sides.ts'

/** What a plan depends on of a population: columns of one value for all, and the columns that make households of units. */
export interface PopulationShape {
  readonly constants: Readonly<Record<string, number>>
  readonly household: HouseholdColumns | null
}

export interface HouseholdColumns {
  /** Number of the household, never falling from unit to unit. */
  readonly link: string
  /** Persons of the whole household, with each of its units. */
  readonly persons: string
}

/** What a reform changes, each the name of a variable; null: it changes nothing there. */
export interface ReformNames {
  /** Changes, in the order of the rule set's programmes. */
  readonly programmes: readonly (string | null)[]
  readonly netTax: string | null
  readonly marketIncome: string | null
  readonly netIncome: string | null
  /** With behaviour: the change of net taxes without it, and of earnings by it. */
  readonly staticNetTax: string | null
  readonly earnings: string | null
  /** 1 for units whose net income rises or falls by more than half a cent; and the change of theirs alone. */
  readonly winner: string | null
  readonly gain: string | null
  readonly loser: string | null
  readonly loss: string | null
  /** Income that poverty and inequality compare. */
  readonly income: string
  /** Marginal rate times its weight. */
  readonly marginal: string | null
}

/** Names of the variables that an answer is made of. */
export interface ImpactNames {
  readonly weight: string
  readonly persons: string
  readonly earnings: string
  readonly marketIncome: string
  readonly netIncome: string
  readonly netTax: string
  readonly programmes: readonly string[]
  readonly rankBy: string
  readonly rankWeight: string
  readonly income: string
  /** Persons that a unit (or a household, by its first unit) stands for. */
  readonly personWeight: string
  /** The line of poverty in money, where one is asked for. */
  readonly line: string | null
  readonly marginal: { readonly weight: string; readonly baseline: string } | null
  readonly reforms: readonly ReformNames[]
}

/** A change below half a cent is rounding. */
const TOLERANCE = 0.005

/** The model without its outputs, and the names that are to be read. Errors: those of ruleModel. */
export function impactModel(
  ruleSet: RuleSet,
  reforms: readonly ReformShape[],
  options: ImpactOptions,
  { constants, household }: PopulationShape,
): { model: Model; names: ImpactNames } {
  const { population, currency } = ruleSet
  const laws = impactSides(ruleSet, reforms, options)
  const { model, resultOf } = ruleModel(ruleSet, laws.sides, constants)
  const measures = new Measures(resultOf)
  const marketIncome = measures.result(population.marketIncome)
  const netIncome = measures.result(population.netIncome)
  const programmes = population.programmes.map(({ variable }) => measures.result(variable))
  const netTax = measures.of('net taxes', currency, programmes, (reads) => signedSum(ruleSet, reads))
  const earners = population.earnings.map((name) => measures.result(name))
  const earnings = measures.of('earnings', currency, earners, sum)
  const persons = household?.persons ?? population.persons
  const equivalised = measures.of('equivalised income', currency, [netIncome], ([read]) =>
    call('div', read!, call('sqrt', call('max', 1, persons))),
  )
  const income = options.equivalence === EquivalenceScale.NONE ? netIncome : equivalised
  const personWeight = measures.add(own('persons'), 'person', call('mul', population.weight, persons))
  const rank = { NET_INCOME: netIncome, EQUIVALISED_NET_INCOME: equivalised, MARKET_INCOME: marketIncome }
  const rates = marginalRates(ruleSet, options, measures, netIncome)
  for (const [i, sides] of laws.reforms.entries())
    if (rates && options.elasticity !== null && sides.law !== undefined)
      addResponse(measures, i, { law: rates.at(laws.baseline), reform: rates.at(sides) }, options.elasticity)

  const reformNames = laws.reforms.map((sides): ReformNames => {
    const { final, law } = sides
    const change = (name: string, measure: Measure) => measures.change(name, currency, measure, final)
    const netIncomeChange = change('net income', netIncome)
    const behaves = options.elasticity !== null
    return {
      programmes: programmes.map((programme, i) => change(population.programmes[i]!.name, programme)),
      netTax: change('net taxes', netTax),
      marketIncome: change('market income', marketIncome),
      netIncome: netIncomeChange,
      staticNetTax: behaves ? measures.change('net taxes', currency, netTax, law) : null,
      earnings: behaves ? change('earnings', earnings) : null,
      ...affected(measures, netIncomeChange, currency, final),
      income: income(final),
      marginal: rates?.weighted(sides) ?? null,
    }
  })
  const names: ImpactNames = {
    weight: population.weight,
    persons: population.persons,
    earnings: earnings(),
    marketIncome: marketIncome(),
    netIncome: netIncome(),
    netTax: netTax(),
    programmes: programmes.map((programme) => programme()),
    rankBy: rank[options.decileIncome](),
    rankWeight: options.decilesOf === Counted.PERSONS ? personWeight : population.weight,
    income: income(),
    personWeight,
    line: lineOf(options, measures, ruleSet, household),
    marginal: rates ? { weight: rates.weight, baseline: rates.weighted(laws.baseline) } : null,
    reforms: reformNames,
  }
  // Last: what is named above is measured.
  return {
    model: { ...model, variables: [...model.variables, ...columnsOf(household, model), ...measures.variables] },
    names,
  }
}

/** Revenue less outlays: what a unit pays on balance. */
function signedSum({ population }: RuleSet, programmes: readonly string[]): Expression {
  return programmes.reduce<Expression>((sum, name, i) => {
    const pays = population.programmes[i]!.kind === ProgrammeKind.TAX
    return call(pays ? 'add' : 'sub', sum, name)
  }, expression(0))
}

/** Who wins and who loses by the change of net income, and what they win and lose; where it is not a number neither is that. */
function affected(measures: Measures, change: string | null, unit: string, side: string | undefined) {
  if (change === null) return { winner: null, gain: null, loser: null, loss: null }
  const flag = (name: string, holds: Expression) => measures.add(own(name, side), 'fraction', holds)
  const winner = flag('winner', call('lt', TOLERANCE, change))
  const loser = flag('loser', call('lt', change, -TOLERANCE))
  return {
    winner,
    gain: measures.add(own('gain', side), unit, call('mul', change, winner)),
    loser,
    loss: measures.add(own('loss', side), unit, call('mul', change, loser)),
  }
}

/** Of a household each unit has its part of the line by its persons, since incomes of units are added up. */
function lineOf(
  { povertyLine }: ImpactOptions,
  measures: Measures,
  { currency, population }: RuleSet,
  household: HouseholdColumns | null,
): string | null {
  if (povertyLine === null) return null
  const part = household ? call('div', population.persons, call('max', 1, household.persons)) : expression(1)
  return measures.add(own('line of poverty'), currency, call('mul', povertyLine, part))
}

/** Those that the rules have no name for. */
function columnsOf(household: HouseholdColumns | null, model: Model): Variable[] {
  if (!household) return []
  const known = new Set(model.variables.map(({ name }) => name))
  const columns: Variable[] = [
    { kind: 'column', name: household.link, unit: 'fraction' },
    { kind: 'column', name: household.persons, unit: 'person' },
  ]
  return columns.filter(({ name }) => !known.has(name))
}
