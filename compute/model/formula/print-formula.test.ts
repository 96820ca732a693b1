import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalName, type Formula, type Subscript } from './ast.ts'
import { PRECEDENCE } from './fold.ts'
import { FUNCTIONS } from './functions.ts'
import { parseFormula } from './parse-formula.ts'
import { printFormula } from './print-formula.ts'

const anyName = fc
  .oneof(
    fc.constantFrom(
      'a',
      'b_c',
      'm.x',
      'if',
      'mod',
      'not',
      'time',
      '2nd_year',
      'w/_slash',
      'a"b',
      'back\\slash',
      'größe',
      'x.',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  )
  .map((text) => canonicalName(text))
  .filter((name) => name !== '' && name === canonicalName(name))

const { formula } = fc.letrec<{ formula: Formula; subscript: Subscript }>((tie) => ({
  formula: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('number' as const),
      value: fc.oneof(fc.nat(), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(Math.abs)),
    }),
    fc.record({ kind: fc.constant('name' as const), name: anyName }),
    fc.record({
      kind: fc.constant('name' as const),
      name: anyName,
      subscripts: fc.array(tie('subscript'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('call' as const),
      function: fc.constantFrom(...FUNCTIONS.map(({ name }) => name), 'a_macro', 'my macro'.replace(' ', '_')),
      args: fc.array(tie('formula'), { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('unary' as const),
      operator: fc.constantFrom('-' as const, '+' as const, 'not' as const),
      operand: tie('formula'),
    }),
    fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom(...(Object.keys(PRECEDENCE) as (keyof typeof PRECEDENCE)[])),
      left: tie('formula'),
      right: tie('formula'),
    }),
    fc.record({
      kind: fc.constant('if' as const),
      condition: tie('formula'),
      // biome-ignore lint/suspicious/noThenProperty: the tree has a branch of this name
      then: tie('formula'),
      else: tie('formula'),
    }),
  ),
  subscript: fc.oneof(
    fc.record({ kind: fc.constant('name' as const), name: anyName }),
    fc.constant({ kind: 'wildcard' as const }),
    fc.record({ kind: fc.constant('all' as const), name: anyName }),
    fc.record({ kind: fc.constant('formula' as const), formula: tie('formula') }),
  ),
}))

const withoutPlaces = (tree: Formula): Formula =>
  JSON.parse(JSON.stringify(tree, (key, value) => (key === 'at' ? undefined : value)))
const again = (text: string) => printFormula(parseFormula(text))

describe('a printed formula', () => {
  it('is parsed to the tree that it was printed from', () => {
    fc.assert(
      fc.property(formula, (tree) => {
        expect(withoutPlaces(parseFormula(printFormula(tree)))).toEqual(tree)
      }),
      { numRuns: 2_000 },
    )
  })

  it("is parsed to the same tree in XMILE's dialect, where functions keep their names in small letters", () => {
    fc.assert(
      fc.property(formula, (tree) => {
        const printed = printFormula(tree, { dialect: 'xmile' })
        const small = JSON.parse(JSON.stringify(tree), (key, value) =>
          key === 'function' ? value.toLowerCase() : value,
        )
        expect(withoutPlaces(parseFormula(printed, { dialect: 'xmile' }))).toEqual(small)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['((a + b)) + c', 'a + b + c'],
    ['a + (b + c)', 'a + (b + c)'],
    ['a - (b - c)', 'a - (b - c)'],
    ['(a * b) / c', 'a * b / c'],
    ['(-a) ^ 2', '(-a)^2'],
    ['-(a ^ 2)', '-a^2'],
    ['(a ^ b) ^ c', '(a^b)^c'],
    ['a ^ (b ^ c)', 'a^b^c'],
    ['2 ^ (-1)', '2^-1'],
    ['not (a = b)', 'not (a = b)'],
    ['(not a) = b', 'not a = b'],
    ['1 + (if a then b else c)', '1 + (if a then b else c)'],
    ['(a < b) and ((c or d))', 'a < b and (c or d)'],
    ['MAX((a), (b + 1))', 'max(a, b + 1)'],
    ['"birth rate" * "w/ slash"', 'birth_rate * "w/_slash"'],
  ])('writes %s as %s', (text, printed) => {
    expect(again(text)).toBe(printed)
  })

  it('has keywords in capitals and calls as the caller writes them in XMILE', () => {
    const tree = parseFormula('if not a and b > 2 then smooth1(c, 3) else d mod 2')
    const printed = printFormula(tree, {
      dialect: 'xmile',
      call: (call, print) => (call.function === 'smooth1' ? `SMTH1(${call.args.map(print).join(', ')})` : undefined),
    })
    expect(printed).toBe('IF NOT a AND b > 2 THEN SMTH1(c, 3) ELSE d MOD 2')
  })

  it('holds a number below 0, as changes make it, together', () => {
    const negative: Formula = { kind: 'number', value: -2 }
    expect(printFormula({ kind: 'binary', operator: '^', left: negative, right: negative })).toBe('(-2)^-2')
    expect(printFormula(negative)).toBe('-2')
  })
})
