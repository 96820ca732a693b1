// The typed result of a run of risk.
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { measureRisk } from '../rules/risk-result.ts'
import { Instrument } from '../types/instrument.ts'
import { RiskComponent, RiskResult, Run } from '../types/risk.ts'
import { type Context, requireInstrument } from './context.ts'

@Resolver(() => Run)
export class RunResolver {
  @FieldResolver(() => RiskResult, {
    nullable: true,
    description: 'Value at risk and expected shortfall; null before the run has succeeded and for other kinds of run.',
  })
  async risk(@Root() run: Run, @Ctx() context: Context): Promise<RiskResult | null> {
    const [row, record] = await Promise.all([context.loaders.riskRun.load(run.id), context.loaders.run.load(run.id)])
    if (!row || record?.status !== 'SUCCEEDED') return null
    const result = await context.dispatch.result(context.tenant, run.id)
    if (result.kind !== 'LANES') return null
    const { question } = row
    const value = question.values.reduce((sum, one) => sum + one, 0)
    return { ...question, ...measureRisk(question, result), value }
  }
}

@Resolver(() => RiskComponent)
export class RiskComponentResolver {
  @FieldResolver(() => Instrument, { description: 'What is held.' })
  instrument(@Root() component: RiskComponent, @Ctx() context: Context): Promise<Instrument> {
    return requireInstrument(context, component.instrumentId, 'instrument')
  }
}
