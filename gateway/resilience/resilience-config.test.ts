// Limits of a subgraph: its own before those for all before the defaults.
import { describe, expect, it } from 'vitest'
import { parseEdge } from '../edge/edge-config.ts'
import { limitsOf } from './resilience-config.ts'

const of = (resilience: object, name: string) => limitsOf(parseEdge({ resilience }, 'test').resilience, name)

describe('the limits of a subgraph', () => {
  it('are the defaults where nothing is given', () => {
    expect(of({}, 'economies')).toEqual({
      timeoutMs: 60_000,
      retries: 2,
      retryDelayMs: 100,
      maxInFlight: 128,
      maxQueued: 1_000,
      breaker: { windowMs: 10_000, minimumRequests: 10, failureFraction: 0.5, openMs: 5_000 },
    })
  })

  it('are its own, else those for all, also within the breaker', () => {
    const config = {
      retries: 1,
      breaker: { openMs: 1_000 },
      subgraphs: { portfolios: { timeoutMs: 5_000, breaker: { minimumRequests: 5 } } },
    }
    const expected = { timeoutMs: 5_000, retries: 1, breaker: { minimumRequests: 5, openMs: 1_000, windowMs: 10_000 } }
    expect(of(config, 'portfolios')).toMatchObject(expected)
    expect(of(config, 'economies')).toMatchObject({ timeoutMs: 60_000, retries: 1, breaker: { openMs: 1_000 } })
  })

  it('are refused by name where one is none', () => {
    const wrong = { subgraphs: { economies: { timeoutMs: 0, retrys: 1 } } }
    expect(() => of(wrong, 'economies')).toThrow(/resilience\.subgraphs\.economies/)
  })
})
