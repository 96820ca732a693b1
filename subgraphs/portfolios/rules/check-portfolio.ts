// What a new portfolio must hold to.
import { QuesnayError } from '../../../schema/errors.ts'
import { assertCurrency } from '../../../schema/terms/economy.ts'
import { assertSlug } from '../../../schema/terms/slug.ts'
import type { Finding } from '../../shared/types.ts'

export interface PortfolioSpec {
  readonly id: string
  readonly title: string
  readonly description: string | null
  readonly currency: string
  readonly positions: readonly PositionSpec[]
}

export interface PositionSpec {
  readonly instrumentId: string
  /** Negative: short. */
  readonly quantity: number
}

const MAX_TITLE = 200
const MAX_POSITIONS = 2_000
/** A quantity beyond is no holding of anything, and times a price it might overflow. */
const MAX_QUANTITY = 1e15

/** @throws BAD_INPUT (id, title, currency, quantity), LIMIT_EXCEEDED (positions) */
export function assertPortfolio({ id, title, currency, positions }: PortfolioSpec): void {
  assertSlug(id, 'input.id')
  assertCurrency(currency, 'input.currency')
  if (title.trim() === '' || title.length > MAX_TITLE)
    throw new QuesnayError('BAD_INPUT', `title must have 1 to ${MAX_TITLE} characters`, {
      path: 'input.title',
      suggestion: 'give a short title',
    })
  if (positions.length > MAX_POSITIONS)
    throw new QuesnayError('LIMIT_EXCEEDED', `at most ${MAX_POSITIONS} positions`, {
      path: 'input.positions',
      limit: MAX_POSITIONS,
    })
  for (const [i, { quantity }] of positions.entries())
    if (!(Math.abs(quantity) <= MAX_QUANTITY))
      throw new QuesnayError('BAD_INPUT', `a quantity lies between -${MAX_QUANTITY} and ${MAX_QUANTITY}`, {
        path: `input.positions.${i}.quantity`,
        suggestion: 'hold less, or a larger unit of it',
      })
}

/** Findings on the positions: ERROR for what is not there or stands twice, which keeps the portfolio from being made. */
export function checkPositions(positions: readonly PositionSpec[], known: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = []
  const add = (severity: Finding['severity'], code: string, path: string, message: string, suggestion: string) =>
    findings.push({ severity, code, path, message, suggestion })
  if (positions.length === 0)
    add('WARNING', 'NO_POSITIONS', 'input.positions', 'the portfolio holds nothing', 'give positions')
  for (const [i, { instrumentId }] of positions.entries()) {
    const path = `input.positions.${i}.instrumentId`
    if (!known.has(instrumentId))
      add(
        'ERROR',
        'INSTRUMENT_UNKNOWN',
        path,
        `there is no instrument "${instrumentId}"`,
        'list them with instruments, or import it with importPrices',
      )
    if (positions.findIndex((p) => p.instrumentId === instrumentId) < i)
      add('ERROR', 'POSITION_TWICE', path, `"${instrumentId}" stands twice`, 'add the quantities')
  }
  return findings
}
