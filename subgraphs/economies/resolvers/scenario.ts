// What economies add to a scenario: how the economy moves under it.
import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { MacroPath } from '../../shared/types.ts'
import { type AssumptionInput, compareYear, listAssumptions } from '../rules/circular-flow-impact.ts'
import type { FlowFrame } from '../rules/frame.ts'
import { deriveMacroPath, type MacroOutcome, QUARTERS_PER_YEAR } from '../rules/macro-path.ts'
import { baseFlows, estimatePropensities } from '../rules/propensities.ts'
import { CircularFlowImpact, Scenario } from '../types/scenario.ts'
import { type Context, requireEconomy, requireFrame } from './context.ts'
import { viewFlow } from './economy.ts'

/** Baseline unemployment where the economy states none: an assumption, and listed as one. */
const GENERAL_UNEMPLOYMENT_PCT = 5

const REQUIRED =
  '@requires(fields: "economy { id } reform { id } year horizonYears shocks { variable mode value from to } netTaxChange { fraction }")'

interface Play {
  readonly frame: FlowFrame
  readonly outcome: MacroOutcome
  readonly basis: AssumptionInput
}

/**
 * Plays a scenario on the figures of its economy; null where it names none.
 * @throws INPUT_FAILED where its reform has no change in net taxes: without it the path would be the baseline
 */
async function play(context: Context, scenario: Scenario): Promise<Play | null> {
  const { year, horizonYears, shocks } = scenario
  // A model of its own has neither economy nor year.
  if (!scenario.economy || year === null || horizonYears === null) return null
  if (scenario.reform && !scenario.netTaxChange)
    throw new QuesnayError('INPUT_FAILED', `the change in net taxes by reform "${scenario.reform.id}" is not known`, {
      path: 'netTaxChange',
      suggestion: 'select netTaxChange { fraction } to see why',
    })
  const economy = await requireEconomy(context, scenario.economy.id, 'economy')
  const frame = await requireFrame(context, economy)
  const base = baseFlows(frame, year)
  const propensities = estimatePropensities(frame, base.year)
  const unemploymentRatePct = economy.unemploymentRatePct ?? GENERAL_UNEMPLOYMENT_PCT
  const netTaxFraction = scenario.netTaxChange?.fraction ?? null
  const taxChange = netTaxFraction === null ? 0 : netTaxFraction * taxBase(base.personalTax, economy.id)
  const outcome = deriveMacroPath({ base, propensities, taxChange, shocks, horizonYears, unemploymentRatePct })
  const basis = { unit: frame.unit, base, propensities, startYear: year, netTaxFraction, unemploymentRatePct }
  return { frame, outcome, basis }
}

function taxBase(personalTax: number | null, economyId: string): number {
  if (personalTax !== null) return personalTax
  throw new QuesnayError(
    'BAD_INPUT',
    `the figures of ${economyId} have no personal taxes, so a reform cannot be scaled to it`,
    {
      path: 'economy',
      suggestion: 'import a dataset with a series of role PERSONAL_TAX, or leave the reform out',
    },
  )
}

@Resolver(() => Scenario)
export class ScenarioResolver {
  @Directive(REQUIRED)
  @FieldResolver(() => MacroPath, {
    nullable: true,
    description:
      'How the economy moves under the reform and the shocks, by quarters, in its circular flow with a multiplier; ' +
      'null where the scenario names no economy.',
  })
  async macroPath(@Root() scenario: Scenario, @Ctx() context: Context): Promise<MacroPath | null> {
    return (await play(context, scenario))?.outcome.path ?? null
  }

  @Directive(REQUIRED)
  @FieldResolver(() => CircularFlowImpact, {
    nullable: true,
    description:
      'The circular flow without and with the scenario, and what that rests on; null where it names no economy.',
  })
  async circularFlowImpact(@Root() scenario: Scenario, @Ctx() context: Context): Promise<CircularFlowImpact | null> {
    const played = await play(context, scenario)
    if (!played) return null
    const { frame, outcome, basis } = played
    const { deviations, path } = outcome
    const compare = (index: number) => {
      const found = compareYear(frame, basis.base, deviations, basis.startYear, index)
      return found && { year: found.year, baseline: viewFlow(found.baseline), scenario: viewFlow(found.scenario) }
    }
    const fullYears = Math.floor((path.times.length - 1) / QUARTERS_PER_YEAR)
    return {
      firstYear: compare(0),
      endYear: compare(fullYears - 1),
      change: { times: path.times, unit: frame.unit, ...deviations },
      assumptions: listAssumptions(basis),
    }
  }
}
