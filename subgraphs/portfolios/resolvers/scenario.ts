// What portfolios add to a scenario: the portfolio revalued along its macro path, and the risk of what is left.
import { Arg, Args, Ctx, Directive, FieldResolver, Float, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import type { MacroPath } from '../../shared/types.ts'
import { assumedFactors, type FactorStress, stressPortfolio } from '../rules/factor-stress.ts'
import { type PortfolioValue, valuePortfolio } from '../rules/valuation.ts'
import { Instrument } from '../types/instrument.ts'
import { RiskArgs, Run } from '../types/risk.ts'
import { AssumedFactor, PortfolioImpact, PositionImpact, Scenario } from '../types/scenario.ts'
import { askRisk } from './ask-risk.ts'
import { type Context, type LoadedBook, loadBook, requireInstrument, requirePortfolio } from './context.ts'

const REQUIRED = '@requires(fields: "portfolio { id } macroPath { times columns { variable unit baseline scenario } }")'

/** The stress of a book whose positions all have a value. */
function stressBook(book: LoadedBook, { positions }: PortfolioValue, path: MacroPath): FactorStress {
  const held = book.held.map(({ instrument }, i) => ({ instrument, value: positions[i]!.value! }))
  return stressPortfolio(held, book.currency, book.rates, path)
}

/** The portfolio and path of a scenario; null where it names no portfolio or has no path. */
async function loadScenario(context: Context, { portfolio, macroPath }: Scenario) {
  if (!portfolio || !macroPath) return null
  return { path: macroPath, book: await loadBook(context, await requirePortfolio(context, portfolio.id, 'portfolio')) }
}

@Resolver(() => Scenario)
export class ScenarioResolver {
  @Directive(REQUIRED)
  @FieldResolver(() => PortfolioImpact, {
    nullable: true,
    description: 'Its portfolio revalued along its macro path; null where it names no portfolio or no economy.',
  })
  async portfolioImpact(@Root() scenario: Scenario, @Ctx() context: Context): Promise<PortfolioImpact | null> {
    const loaded = await loadScenario(context, scenario)
    if (!loaded) return null
    const { book, path } = loaded
    const valued = valuePortfolio(book.held, book.currency, book.rates)
    const instruments = book.held.map(({ instrument }) => instrument)
    const head = {
      mode: 'FACTOR_STRESS' as const,
      portfolioId: book.portfolioId,
      currency: book.currency,
      asOf: valued.asOf,
      assumptions: assumedFactors(instruments, book.currency, book.rates),
    }
    const baseline = valued.value
    if (baseline === null) return { ...head, ...UNKNOWN, times: path.times, findings: valued.findings }
    const stress = stressBook(book, valued, path)
    const worst = stress.loss.reduce((at, loss, i) => (loss > stress.loss[at]! ? i : at), 0)
    return {
      ...head,
      baseline,
      times: stress.times,
      value: [...stress.total],
      loss: [...stress.loss],
      changePct: baseline === 0 ? null : [...stress.total].map((value) => (value / baseline - 1) * 100),
      standardError: [...stress.standardError],
      maxLoss: stress.loss[worst] ?? null,
      maxLossTime: stress.times[worst] ?? null,
      positions: valued.positions.map(({ instrumentId, value }, i) => ({
        instrumentId,
        baseline: value!,
        values: [...stress.positions[i]!],
      })),
      findings: [...valued.findings, ...stress.findings],
    }
  }

  @Directive(REQUIRED)
  @Directive('@dispatches(seconds: 0.1)')
  @FieldResolver(() => Run, {
    nullable: true,
    description:
      'Value at risk of the stressed book, computed by the fleet: the run, whose `risk` is the result; null where it names no portfolio or no economy.',
  })
  async portfolioRun(
    @Root() scenario: Scenario,
    @Arg('at', () => Float, {
      nullable: true,
      description: 'Years from the start at which the book is taken; the end of the path where absent.',
    })
    at: number | undefined,
    @Args(() => RiskArgs) args: RiskArgs,
    @Ctx() context: Context,
  ): Promise<Run | null> {
    const loaded = await loadScenario(context, scenario)
    if (!loaded) return null
    const { book, path } = loaded
    const index = at == null ? path.times.length - 1 : path.times.findLastIndex((time) => time <= at)
    if (index < 0 || (at != null && at > path.times.at(-1)!))
      throw new QuesnayError('BAD_INPUT', `the path goes from year 0 to ${path.times.at(-1)}`, {
        path: 'at',
        suggestion: 'give a year on the path',
      })
    const revalue = (valued: PortfolioValue) => stressBook(book, valued, path).positions.map((values) => values[index]!)
    return askRisk(context, book, { args, subject: { type: 'Scenario', id: scenario.id }, revalue })
  }
}

const UNKNOWN = {
  baseline: null,
  value: null,
  loss: null,
  changePct: null,
  standardError: null,
  maxLoss: null,
  maxLossTime: null,
  positions: [],
}

@Resolver(() => PositionImpact)
export class PositionImpactResolver {
  @FieldResolver(() => Instrument, { description: 'What is held.' })
  instrument(@Root() impact: PositionImpact, @Ctx() context: Context): Promise<Instrument> {
    return requireInstrument(context, impact.instrumentId, 'instrument')
  }
}

@Resolver(() => AssumedFactor)
export class AssumedFactorResolver {
  @FieldResolver(() => Instrument, { description: 'What the factor moves.' })
  instrument(@Root() assumed: AssumedFactor, @Ctx() context: Context): Promise<Instrument> {
    return requireInstrument(context, assumed.instrumentId, 'instrument')
  }
}
