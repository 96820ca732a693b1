// A question of risk: the book, the history it is measured by, and the conventions; what is submitted and what is kept.
import { QuesnayError } from '../../../schema/errors.ts'
import { canonicalJson, sha256 } from '../../../schema/hash.ts'
import type { Finding } from '../../shared/types.ts'
import type { PricedInstrument } from './market.ts'
import { returnHistory } from './returns.ts'
import { returnColumn, valueInput } from './risk-model.ts'
import { type HeldInstrument, type PortfolioValue, valuePortfolio } from './valuation.ts'
import { assertConfidence, type RiskConventions } from './value-at-risk.ts'

export interface RiskAsked {
  readonly confidence: readonly number[]
  readonly horizonDays: number
  /** Returns used at most. */
  readonly window: number
  readonly asOf?: string | null
  readonly conventions: RiskConventions
}

/** What is needed to read the result of a run; kept beside it. */
export interface RiskQuestion {
  readonly portfolioId: string
  readonly currency: string
  readonly asOf: string
  readonly confidence: readonly number[]
  readonly horizonDays: number
  readonly conventions: RiskConventions
  /** In the order of the outputs after the total. */
  readonly instruments: readonly string[]
  /** Values that profits and losses are of, in the same order. */
  readonly values: readonly number[]
  readonly observations: number
  readonly from: string
  readonly to: string
  readonly findings: readonly Finding[]
}

export interface PreparedRisk {
  readonly question: RiskQuestion
  readonly inputs: Readonly<Record<string, number>>
  readonly columns: Readonly<Record<string, Float64Array>>
  /** SHA-256 of the returns. */
  readonly dataVersion: string
  /** SHA-256 of the question and its data: equal hashes, equal answers. */
  readonly questionHash: string
}

export interface Book {
  readonly portfolioId: string
  readonly currency: string
  readonly held: readonly HeldInstrument[]
  readonly rates: readonly PricedInstrument[]
}

const MAX_HORIZON_DAYS = 250
const MAX_WINDOW = 10_000
const MAX_LEVELS = 20
/** A spread is of two observations at least. */
const FEWEST_RETURNS = 2

/**
 * Values a book and gathers its history.
 * @param revalue values to measure risk at instead of today's, by position in their order; for a stressed book
 * @throws BAD_INPUT: arguments out of range; no positions; PRICES_MISSING or RATE_MISSING in detail.findings; too short a history
 */
export function prepareRisk(
  book: Book,
  asked: RiskAsked,
  revalue?: (valued: PortfolioValue) => readonly number[],
): PreparedRisk {
  assertAsked(asked)
  const valued = valuePortfolio(book.held, book.currency, book.rates, asked.asOf)
  assertValued(book, valued)
  const values = revalue?.(valued) ?? valued.positions.map(({ value }) => value!)
  const asOf = valued.asOf!
  const instruments = book.held.map(({ instrument }) => instrument)
  const overlapping = asked.conventions.horizonRule === 'OVERLAPPING_RETURNS'
  const horizonDays = overlapping ? asked.horizonDays : 1
  const history = returnHistory(instruments, book.currency, book.rates, { horizonDays, window: asked.window, asOf })
  const observations = history.dates.length
  if (observations < FEWEST_RETURNS)
    throw new QuesnayError(
      'BAD_INPUT',
      `the instruments of ${book.portfolioId} share ${observations} returns up to ${asOf}; ${FEWEST_RETURNS} are needed`,
      {
        path: 'portfolio',
        suggestion: 'import prices of more days on which all of them have one',
      },
    )
  const question: RiskQuestion = {
    portfolioId: book.portfolioId,
    currency: book.currency,
    asOf,
    confidence: asked.confidence,
    horizonDays: asked.horizonDays,
    conventions: asked.conventions,
    instruments: instruments.map(({ id }) => id),
    values,
    observations,
    from: history.dates[0]!,
    to: history.dates.at(-1)!,
    findings: [...valued.findings, ...historyFindings(asked, observations, history.droppedDays)],
  }
  const dataVersion = hashReturns(history.returns)
  return {
    question,
    inputs: Object.fromEntries(instruments.map(({ id }, i) => [valueInput(id), values[i]!])),
    columns: Object.fromEntries(instruments.map(({ id }) => [returnColumn(id), history.returns.get(id)!])),
    dataVersion,
    questionHash: sha256(canonicalJson({ question, dataVersion })),
  }
}

function assertAsked({ confidence, horizonDays, window }: RiskAsked): void {
  const refuse = (message: string, path: string, suggestion: string): never => {
    throw new QuesnayError('BAD_INPUT', message, { path, suggestion })
  }
  if (confidence.length === 0) refuse('no confidence is given', 'confidence', 'give [0.95, 0.99]')
  for (const level of confidence) assertConfidence(level)
  if (confidence.length > MAX_LEVELS)
    throw new QuesnayError('LIMIT_EXCEEDED', `at most ${MAX_LEVELS} levels of confidence`, {
      path: 'confidence',
      limit: MAX_LEVELS,
    })
  if (!Number.isInteger(horizonDays) || horizonDays < 1 || horizonDays > MAX_HORIZON_DAYS)
    refuse(`horizonDays must be a whole number from 1 to ${MAX_HORIZON_DAYS}`, 'horizonDays', 'give 1 or 10')
  if (!Number.isInteger(window) || window < FEWEST_RETURNS || window > MAX_WINDOW)
    refuse(`window must be a whole number from ${FEWEST_RETURNS} to ${MAX_WINDOW}`, 'window', 'give 500')
}

function assertValued({ portfolioId, held }: Book, { value, findings }: PortfolioValue): void {
  if (held.length === 0)
    throw new QuesnayError('BAD_INPUT', `the portfolio "${portfolioId}" holds nothing`, {
      path: 'portfolio',
      suggestion: 'make one with positions',
    })
  if (value !== null) return
  const faults = findings.filter(({ severity }) => severity === 'ERROR')
  throw new QuesnayError(
    'BAD_INPUT',
    `the portfolio "${portfolioId}" cannot be valued: ${faults.map(({ message }) => message).join('; ')}`,
    {
      path: 'portfolio',
      findings: faults,
      suggestion: faults[0]?.suggestion,
    },
  )
}

function historyFindings(
  { confidence, conventions, horizonDays }: RiskAsked,
  observations: number,
  dropped: number,
): Finding[] {
  const findings: Finding[] = []
  const add = (severity: Finding['severity'], code: string, path: string, message: string, suggestion: string) =>
    findings.push({ severity, code, path, message, suggestion })
  for (const level of confidence)
    if (observations * (1 - level) < 1)
      add(
        'WARNING',
        'TAIL_EMPTY',
        'confidence',
        `${observations} observations hold less than one beyond ${level}: the historical figure is near the worst of them`,
        'ask for a lower confidence or import a longer history',
      )
  if (conventions.horizonRule === 'OVERLAPPING_RETURNS' && horizonDays > 1)
    add(
      'INFO',
      'OVERLAPPING',
      'horizonDays',
      `windows of ${horizonDays} days overlap, so they are not independent`,
      'read the figures as if from fewer observations',
    )
  if (dropped > 0)
    add(
      'INFO',
      'DAYS_DROPPED',
      'portfolio',
      `${dropped} days are left out: some instrument has no price on them`,
      'import the prices that are missing',
    )
  return findings
}

/** In the order of the instruments' ids, so that the order of positions does not matter. */
function hashReturns(returns: ReadonlyMap<string, Float64Array>): string {
  const sorted = [...returns].sort(([a], [b]) => (a < b ? -1 : 1))
  return sha256(
    canonicalJson(
      sorted.map(([id, values]) => [id, sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))]),
    ),
  )
}
