// Reading Vensim never hangs or fails in a way of its own, whatever the text.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readVensim } from '../../compute/model/vensim/read-vensim.ts'
import { isQuesnayError } from '../../schema/errors.ts'
import { mdl } from '../support/mdl.ts'

const CODES = ['MODEL_INVALID', 'CONSTRUCT_UNSUPPORTED', 'LIMIT_EXCEEDED']

/** True where the text is read, or refused with an error of ours that says where. */
function isAnswered(text: string): boolean {
  try {
    readVensim(text)
    return true
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    return CODES.includes(error.code) && typeof error.detail['path'] === 'string' && Number(error.detail['line']) >= 1
  }
}

const PARTS = [
  ...[
    'x',
    'y',
    'D',
    'p',
    'Time',
    'TIME STEP',
    '"q"',
    'x[D]',
    'x[p]',
    'y[D!]',
    'f',
    'SUM',
    'INTEG',
    'WITH LOOKUP',
    'TABBED ARRAY(1 2)',
  ],
  ...[
    'ACTIVE INITIAL',
    'A FUNCTION OF',
    ':MACRO:',
    ':END OF MACRO:',
    ':EXCEPT:',
    ':AND:',
    ':NOT:',
    ':NA:',
    ':RAW:',
    ':THE CONDITION:',
  ],
  ...[
    '1',
    '2.5',
    '1e9',
    '=',
    ':=',
    '==',
    '(',
    ')',
    '[',
    ']',
    ',',
    ';',
    ':',
    '->',
    '<->',
    '<',
    '<>',
    '^',
    '*',
    '-',
    '+',
    '!',
    '~',
    '|',
    '~~|\n',
  ],
  ...['{', '}', '"', "'", '\\\n', '\n', '***', '\\\\\\---///', '///---\\\\\\', '15:0,0,0,1'],
]

describe('random texts', () => {
  it('of any characters are answered', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), isAnswered), { numRuns: 500 })
  })

  it('of words of the language are answered', () => {
    const words = fc.array(fc.constantFrom(...PARTS), { maxLength: 80 }).map((parts) => parts.join(' '))
    fc.assert(
      fc.property(
        words,
        (text) => isAnswered(text) && isAnswered(`${text} ~~|\n${mdl(['D: p, q', 'f((0,0),(1,1))'])}`),
      ),
      { numRuns: 1500 },
    )
  })

  it('with a part of a good model cut out or put in are answered', () => {
    const good = mdl([
      'D: p, q -> E',
      'E: r, s',
      'x[D] = 1,2',
      'y[E] = INTEG(SUM(x[D!]) - y[E], x[D])',
      ':MACRO: F(a)',
      'F = a^2',
      ':END OF MACRO:',
      'z = F(y[r]) {note}',
    ])
    const edit = fc.tuple(fc.nat(good.length), fc.nat(20), fc.constantFrom('', ...PARTS))
    fc.assert(
      fc.property(edit, ([at, cut, put]) => isAnswered(good.slice(0, at) + put + good.slice(at + cut))),
      { numRuns: 1000 },
    )
  })

  it('that repeat what could be slow are answered at once', () => {
    const started = performance.now()
    for (const part of [
      'a ',
      '"',
      '{',
      '{}',
      '\\\n',
      '(',
      '[',
      'x[',
      ':',
      ':MACRO:',
      '~',
      '|',
      '-',
      '^',
      'a b(',
      '1,',
      '***|',
      'TABBED ARRAY(',
      "'",
      ' ',
    ]) {
      expect(isAnswered(part.repeat(20_000))).toBe(true)
      expect(isAnswered(`x = ${part.repeat(20_000)}~~|`)).toBe(true)
    }
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})
