// What a new portfolio must hold to: its title, currency and quantities.
import { describe, expect, it } from 'vitest'
import { assertPortfolio, type PortfolioSpec } from './check-portfolio.ts'

const good: PortfolioSpec = {
  id: 'mine',
  title: 'Mine',
  description: null,
  currency: 'USD',
  positions: [{ instrumentId: 'us-equity', quantity: -1e15 }],
}
const holding = (quantity: number) => ({ ...good, positions: [{ instrumentId: 'us-equity', quantity }] })

describe('assertPortfolio', () => {
  it('accepts a short position of any size that is one', () => {
    expect(() => assertPortfolio(good)).not.toThrow()
  })

  it.each([1e16, 1e308, Number.POSITIVE_INFINITY, Number.NaN])('refuses a quantity of %s', (quantity) => {
    expect(() => assertPortfolio(holding(quantity))).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        detail: expect.objectContaining({ path: 'input.positions.0.quantity' }),
      }),
    )
  })

  it.each([
    ['no title', { title: ' ' }, 'input.title'],
    ['a currency in small letters', { currency: 'usd' }, 'input.currency'],
    ['an id with spaces', { id: 'my portfolio' }, 'input.id'],
  ])('refuses %s', (_, change, path) => {
    expect(() => assertPortfolio({ ...good, ...change })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path }) }),
    )
  })
})
