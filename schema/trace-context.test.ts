// The trace context: read as W3C writes it, and refused where it is not.
import { describe, expect, it } from 'vitest'
import { knownTraceparent, readTraceparent, traceIdOf, writeTraceparent } from './trace-context.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

describe('readTraceparent', () => {
  it('reads the example of the specification and writes it again', () => {
    const text = `00-${TRACE}-${SPAN}-01`
    expect(readTraceparent(text)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true })
    expect(writeTraceparent(readTraceparent(text)!)).toBe(text)
    expect(readTraceparent(`00-${TRACE}-${SPAN}-00`)?.sampled).toBe(false)
    expect(traceIdOf(text)).toBe(TRACE)
  })

  it('reads what it knows of a later version', () => {
    expect(knownTraceparent(`cc-${TRACE}-${SPAN}-01-what-comes`)).toBe(`00-${TRACE}-${SPAN}-01`)
  })

  it.each([
    ['nothing', undefined],
    ['no text', 7],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the version that is forbidden', `ff-${TRACE}-${SPAN}-01`],
    ['more than version 00 has', `00-${TRACE}-${SPAN}-01-x`],
    ['a line break behind it', `00-${TRACE}-${SPAN}-01\nx: y`],
  ])('refuses %s', (_, text) => {
    expect(readTraceparent(text)).toBeUndefined()
  })
})
