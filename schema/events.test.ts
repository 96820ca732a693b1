// Subjects of events: one token for each text, no two texts one token, nothing that reaches beyond it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventSubject, eventToken } from './events.ts'

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 })

describe('the token of a text', () => {
  it('is one token without dots, wildcards and white space, and short enough for a subject', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(eventToken(given)).toMatch(/^[^\s.*>\p{C}]{1,150}$/u)
      }),
    )
  })

  it('is another one for another text', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        fc.pre(one !== other)
        expect(eventToken(one)).not.toBe(eventToken(other))
      }),
    )
  })

  it.each([
    ['r-1_x', 'r-1_x'],
    ['us.rate', 'us%2Erate'],
    ['*', '%2A'],
    ['>', '%3E'],
    ['%2E', '%252E'],
    ['é ', '%C3%A9%20'],
  ])('of %j is %s', (given, token) => {
    expect(eventToken(given)).toBe(token)
  })

  it('of a long text is made of its hash', () => {
    expect(eventToken(`${'a.'.repeat(100)}b`)).toMatch(/^%sha256-[0-9a-f]{64}$/)
  })

  it.each(['', 'x'.repeat(1_001), '\ud800'])('is refused for %j', (given) => {
    expect(() => eventToken(given, 'id')).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})

describe('the subject of an event', () => {
  it('lies below its tenant, whose name cannot reach into those of others', () => {
    expect(eventSubject('acme', 'parameter', 'uk.rate')).toBe('qz.ev.acme.parameter.uk%2Erate')
    expect(eventSubject('acme.parameter', 'uk')).toBe('qz.ev.acme%2Eparameter.uk')
  })
})
