// The typed result of a run of risk.
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { ReturnBasis } from '../../../schema/terms/portfolio.ts'
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
    const record = await context.loaders.run.load(run.id)
    if (record?.status !== 'SUCCEEDED') return null
    // A verification computes the question of the run that it verifies.
    const row = await context.loaders.riskRun.load(record.verifies ?? run.id)
    if (!row) return null
    const result = await context.dispatch.result(context.tenant, run.id)
    if (result.kind !== 'LANES') return null
    const { question } = row
    const value = question.values.reduce((sum, one) => sum + one, 0)
    const conventions = { ...question.conventions, returnBasis: ReturnBasis.SIMPLE_PRICE_RETURN }
    return { ...question, ...measureRisk(question, result), conventions, value }
  }
}

@Resolver(() => RiskComponent)
export class RiskComponentResolver {
  @FieldResolver(() => Instrument, { description: 'What is held.' })
  instrument(@Root() component: RiskComponent, @Ctx() context: Context): Promise<Instrument> {
    return requireInstrument(context, component.instrumentId, 'instrument')
  }
}
