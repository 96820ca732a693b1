// Rates of one unit, as it is or at the points of a curve.
import { compile, type LawSide, REFORM } from '../rules/household/compile.ts'
import { AS_IT_IS, type Lane } from '../rules/household/lanes.ts'
import {
  type CompensationBasis,
  effectiveRate,
  employerShareOf,
  marginalRate,
  programmeRate,
  type Step,
  stepped,
  subjectOf,
} from '../rules/household/rates.ts'
import type { Asked, EffectiveRate, MarginalRate, ProgrammeRate } from '../types/household.ts'
import { sideOf } from './laws.ts'

export const HERE: readonly Lane[] = [AS_IT_IS]

/** Names in the compiled model of variables on the side asked for. */
export function sideNames({ laws }: Asked, law: LawSide | null | undefined) {
  const side = sideOf(laws, law)
  const { resultOf } = compile(laws)
  return { side, core: (name: string) => resultOf(name, side === 'REFORM' ? REFORM : undefined) }
}

export interface RateQuestion {
  readonly of?: string | null | undefined
  readonly per: CompensationBasis
  readonly law?: LawSide | null | undefined
}

/** How variables and earnings change from each lane by a step. */
async function changesBy(
  asked: Asked,
  lanes: readonly Lane[],
  step: Step,
  { per, law }: RateQuestion,
  names: string[],
) {
  const { side, core } = sideNames(asked, law)
  const share = employerShareOf(asked.laws.ruleSet, per)
  const next = lanes.map((lane) => stepped(step, lane, asked.unit))
  const outputs = [step.column.name, ...names, ...(share === null ? [] : [share])].map(core)
  const computed = await asked.ask.load({ lanes: [...lanes, ...next], outputs })
  const changeOf = (name: string) => {
    const values = computed.of(core(name))
    return lanes.map((_, i) => values[lanes.length + i]! - values[i]!)
  }
  // As the step is in f64, not as it was written.
  const steps = changeOf(step.column.name)
  const shares = share === null ? undefined : changeOf(share)
  return { side, changeOf, earnings: steps.map((size, i) => size + (shares?.[i] ?? 0)) }
}

/** Errors: NOT_FOUND, BAD_INPUT (of, per, law; a step beyond what the column takes). */
export async function marginalRates(
  asked: Asked,
  lanes: readonly Lane[],
  step: Step,
  question: RateQuestion,
): Promise<MarginalRate[]> {
  const subject = subjectOf(asked.laws.ruleSet, question.of)
  const { side, changeOf, earnings } = await changesBy(asked, lanes, step, question, [subject.variable])
  return changeOf(subject.variable).map((change, i) => ({
    rate: marginalRate(subject, change, earnings[i]!),
    of: subject.variable,
    over: step.column.name,
    step: step.size,
    per: question.per,
    law: side,
    change,
    earnings: earnings[i]!,
  }))
}

/** What each programme takes of a step. Errors: as marginalRates. */
export async function programmeRates(asked: Asked, step: Step, question: RateQuestion): Promise<ProgrammeRate[]> {
  const { programmes } = asked.laws.ruleSet.population
  const names = programmes.map(({ variable }) => variable)
  const { changeOf, earnings } = await changesBy(asked, HERE, step, question, names)
  return programmes.map(({ name, kind, variable }) => ({
    programme: name,
    kind,
    variable,
    rate: programmeRate({ kind }, changeOf(variable)[0]!, earnings[0]!),
  }))
}

/** Errors: BAD_INPUT (per, law). */
export async function effectiveRates(
  asked: Asked,
  lanes: readonly Lane[],
  { per, law }: RateQuestion,
): Promise<EffectiveRate[]> {
  const { ruleSet } = asked.laws
  const { marketIncome, netIncome } = ruleSet.population
  const { side, core } = sideNames(asked, law)
  const share = employerShareOf(ruleSet, per)
  const names = [marketIncome, netIncome, ...(share === null ? [] : [share])]
  const computed = await asked.ask.load({ lanes, outputs: names.map(core) })
  const shares = share === null ? undefined : computed.of(core(share))
  const net = computed.of(core(netIncome))
  return [...computed.of(core(marketIncome))].map((earned, i) => {
    const market = earned + (shares?.[i] ?? 0)
    return { rate: effectiveRate(net[i]!, market), per, law: side, marketIncome: market, netIncome: net[i]! }
  })
}
