// The breaker: opens by share and number within its window, tries with one request, and forgets what is old.
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../test/support/manual-clock.ts'
import { CircuitBreaker, type Verdict } from './circuit-breaker.ts'

const LIMITS = { windowMs: 1_000, minimumRequests: 4, failureFraction: 0.5, openMs: 500 }

function opened(limits = LIMITS) {
  const clock = manualClock()
  const states: string[] = []
  const breaker = new CircuitBreaker(limits, clock, (state) => states.push(state))
  const end = (...verdicts: Verdict[]) => {
    for (const verdict of verdicts) breaker.enter()?.(verdict)
  }
  return { clock, breaker, states, end }
}

describe('a circuit breaker', () => {
  it('stays closed below the least number of requests, though all fail', () => {
    const { breaker, end } = opened()
    end('failed', 'failed', 'failed')
    expect(breaker.state).toBe('closed')
    end('failed')
    expect(breaker.state).toBe('open')
  })

  it('stays closed while fewer fail than the share', () => {
    const { breaker, end } = opened()
    end('succeeded', 'succeeded', 'succeeded', 'failed', 'failed')
    expect(breaker.state).toBe('closed')
    end('failed')
    expect(breaker.state).toBe('open')
  })

  it('forgets what has fallen out of the window', async () => {
    const { clock, breaker, end } = opened()
    end('failed', 'failed', 'failed')
    await clock.advance(1_000)
    end('failed')
    expect(breaker.state).toBe('closed')
  })

  it('keeps what is in the window when a part of it turns', async () => {
    const { clock, breaker, end } = opened()
    end('failed', 'failed', 'failed')
    await clock.advance(850)
    end('failed')
    expect(breaker.state).toBe('open')
  })

  it('does not count what tells nothing', () => {
    const { breaker, end } = opened()
    end('failed', 'failed', 'failed', 'ignored', 'ignored')
    expect(breaker.state).toBe('closed')
  })

  it('lets nothing through while it is open, and says for how long', async () => {
    const { clock, breaker, end } = opened()
    end('failed', 'failed', 'failed', 'failed')
    expect([breaker.enter(), breaker.retryAfterMs]).toEqual([undefined, 500])
    await clock.advance(200)
    expect([breaker.enter(), breaker.retryAfterMs]).toEqual([undefined, 300])
  })

  it('lets one through after its time, and no other meanwhile', async () => {
    const { clock, breaker, end, states } = opened()
    end('failed', 'failed', 'failed', 'failed')
    await clock.advance(500)
    const leave = breaker.enter()
    expect(breaker.enter()).toBeUndefined()
    leave!('succeeded')
    expect(states).toEqual(['open', 'halfOpen', 'closed'])
    end('failed', 'failed', 'failed')
    expect(breaker.state).toBe('closed')
  })

  it('opens again where that one fails', async () => {
    const { clock, breaker, end, states } = opened()
    end('failed', 'failed', 'failed', 'failed')
    await clock.advance(500)
    end('failed')
    expect([states, breaker.retryAfterMs]).toEqual([['open', 'halfOpen', 'open'], 500])
  })

  it('lets the next one try where that one tells nothing', async () => {
    const { clock, breaker, end } = opened()
    end('failed', 'failed', 'failed', 'failed')
    await clock.advance(500)
    end('ignored', 'succeeded')
    expect(breaker.state).toBe('closed')
  })

  it('does not listen to requests that were under way when it opened', async () => {
    const { clock, breaker, end } = opened()
    const late = [breaker.enter()!, breaker.enter()!]
    end('failed', 'failed', 'failed', 'failed')
    await clock.advance(500)
    late[0]!('failed')
    expect(breaker.state).toBe('open')
    const leave = breaker.enter()!
    late[1]!('succeeded')
    expect(breaker.state).toBe('halfOpen')
    leave('succeeded')
    expect(breaker.state).toBe('closed')
  })
})
