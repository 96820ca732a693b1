// Asks the fleet for the risk of a book: the same question is answered by the same run.

import type { RunSubject } from '../../../compute/dispatch/port.ts'
import { lower } from '../../../compute/model/lowering/lower.ts'
import { hashOf } from '../../../schema/hash.ts'
import { assertIsoDate } from '../../../schema/terms/date.ts'
import { riskModel } from '../rules/risk-model.ts'
import { prepareRisk } from '../rules/risk-question.ts'
import type { PortfolioValue } from '../rules/valuation.ts'
import { DEFAULT_CONVENTIONS } from '../rules/value-at-risk.ts'
import type { RiskArgs, Run } from '../types/risk.ts'
import type { Context, LoadedBook } from './context.ts'

const DEFAULT_CONFIDENCE = [0.95, 0.99]
const DEFAULT_WINDOW = 1_000

export interface RiskAsking {
  readonly args: RiskArgs
  readonly subject: RunSubject
  /** Values of a stressed book, by position. */
  readonly revalue?: (valued: PortfolioValue) => readonly number[]
}

/**
 * Submits the question, or finds the run that was asked it before and has not failed.
 * @throws BAD_INPUT, see prepareRisk; OVERLOADED
 */
export async function askRisk(
  context: Context,
  book: LoadedBook,
  { args, subject, revalue }: RiskAsking,
): Promise<Run> {
  const { confidence, horizonDays, window, asOf } = args
  if (asOf != null) assertIsoDate(asOf, 'asOf')
  const prepared = prepareRisk(
    book,
    {
      confidence: confidence ?? DEFAULT_CONFIDENCE,
      horizonDays: horizonDays ?? 1,
      window: window ?? DEFAULT_WINDOW,
      asOf: asOf ?? null,
      conventions: conventionsOf(args),
    },
    revalue,
  )
  const { question, inputs, columns, dataVersion } = prepared
  // Of its subject too: a run belongs to one object, while the fleet computes equal questions once.
  const questionHash = hashOf({ question: prepared.questionHash, subject: { ...subject } })
  const known = await context.store.runOf(context.tenant, questionHash)
  const standing = known ? await context.loaders.run.load(known) : undefined
  if (standing && standing.status !== 'FAILED' && standing.status !== 'CANCELLED') return { id: standing.id }

  const record = await context.dispatch.submit({
    tenant: context.tenant,
    kind: 'RISK',
    subject,
    plan: lower(riskModel(question.instruments, question.currency)),
    inputs,
    columns,
    lanes: question.observations,
    result: { kind: 'LANES' },
    class: 'p0',
    provenance: { dataVersions: [dataVersion] },
  })
  await context.store.rememberRun({
    tenant: context.tenant,
    runId: record.id,
    questionHash,
    portfolioId: book.portfolioId,
    question,
    createdAt: new Date(context.clock.now()),
  })
  return { id: record.id }
}

function conventionsOf(args: RiskArgs): typeof DEFAULT_CONVENTIONS {
  const { quantileRule, shortfallRule, varianceRule, meanRule, horizonRule } = args
  return {
    quantileRule: quantileRule ?? DEFAULT_CONVENTIONS.quantileRule,
    shortfallRule: shortfallRule ?? DEFAULT_CONVENTIONS.shortfallRule,
    varianceRule: varianceRule ?? DEFAULT_CONVENTIONS.varianceRule,
    meanRule: meanRule ?? DEFAULT_CONVENTIONS.meanRule,
    horizonRule: horizonRule ?? DEFAULT_CONVENTIONS.horizonRule,
  }
}
