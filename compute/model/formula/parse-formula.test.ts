import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isQuesnayError, type QuesnayError } from '../../../schema/errors.ts'
import type { Formula } from './ast.ts'
import { type ParseOptions, parseFormula } from './parse-formula.ts'

/** A tree as nested prefix notation: (+ a (* b 2)). */
function lisp(node: Formula): string {
  switch (node.kind) {
    case 'number':
      return String(node.value)
    case 'name':
      return node.name + (node.subscripts ? `[${node.subscripts.map(subscript).join(' ')}]` : '')
    case 'call':
      return `(${[node.function, ...node.args.map(lisp)].join(' ')})`
    case 'unary':
      return `(${node.operator} ${lisp(node.operand)})`
    case 'if':
      return `(if ${lisp(node.condition)} ${lisp(node.then)} ${lisp(node.else)})`
    case 'binary':
      return `(${node.operator} ${lisp(node.left)} ${lisp(node.right)})`
  }
}
type Subscripts = NonNullable<Extract<Formula, { kind: 'name' }>['subscripts']>
const subscript = (node: Subscripts[number]) =>
  node.kind === 'wildcard'
    ? '*'
    : node.kind === 'all'
      ? `${node.name}!`
      : node.kind === 'name'
        ? node.name
        : `{${lisp(node.formula)}}`

const read = (text: string, options?: ParseOptions) => lisp(parseFormula(text, options))
function thrown(text: string, options?: ParseOptions): QuesnayError {
  try {
    parseFormula(text, options)
  } catch (error) {
    if (isQuesnayError(error)) return error
    throw error
  }
  throw new Error(`${text} was parsed`)
}

describe('precedence', () => {
  it.each([
    ['-2^2', '(- (^ 2 2))'],
    ['2^-1', '(^ 2 (- 1))'],
    ['2^3^2', '(^ 2 (^ 3 2))'],
    ['2^-3^2', '(^ 2 (- (^ 3 2)))'],
    ['-a * b', '(* (- a) b)'],
    ['a * -b ^ c', '(* a (- (^ b c)))'],
    ['--a', '(- (- a))'],
    ['a - b - c', '(- (- a b) c)'],
    ['a / b * c mod d // e', '(// (mod (* (/ a b) c) d) e)'],
    ['a + b * c', '(+ a (* b c))'],
    ['a + 1 < b * 2', '(< (+ a 1) (* b 2))'],
    ['a < b = c > d', '(= (< a b) (> c d))'],
    ['not a = b', '(= (not a) b)'],
    ['a or b and c or d', '(or (or a (and b c)) d)'],
    ['not a and not b', '(and (not a) (not b))'],
    ['(a + b) * c', '(* (+ a b) c)'],
    ['if a then b else c + 1', '(if a b (+ c 1))'],
    ['1 + IF a > 1 THEN 2 ELSE 3 * 4', '(+ 1 (if (> a 1) 2 (* 3 4)))'],
    ['if a then if b then 1 else 2 else 3', '(if a (if b 1 2) 3)'],
  ])('of %s', (text, tree) => {
    expect(read(text)).toBe(tree)
    expect(read(text, { dialect: 'xmile' })).toBe(tree)
  })
})

describe('names and numbers', () => {
  it.each([
    ['Birth_Rate', 'birth_rate'],
    ['"birth  rate"', 'birth_rate'],
    ['"revenue\\ngap"', 'revenue_gap'],
    ['"say \\"hi\\" \\\\ twice"', 'say_"hi"_\\_twice'],
    ['market.price', 'market.price'],
    ['"Big Market".price', 'big_market.price'],
    ['größe_µ + Δ°c', '(+ größe_µ δ°c)'],
    ['$cash', '$cash'],
    ['ifs + order + nota', '(+ (+ ifs order) nota)'],
    ['"if"', 'if'],
    ['x[a, *, b!, i + 1, (i), 2]', 'x[a * b! {(+ i 1)} {i} {2}]'],
    ['1 + 1. + .5 + 1e-3 + 2.5E+2', '(+ (+ (+ (+ 1 1) 0.5) 0.001) 250)'],
    ['a\u00a0+\n\tb', '(+ a b)'],
    ['{ a comment } a { another\n }', 'a'],
    ['"a{b}" + "c#d"', '(+ a{b} c#d)'],
    ['mod(a, b) + f()', '(+ (mod a b) (f))'],
  ])('%s', (text, tree) => {
    expect(read(text)).toBe(tree)
  })

  it('are ours alone in 1_000, ==, != and comments from # to the end of the line', () => {
    expect(read('1_000.5 == a # the rest\n != b')).toBe('(<> (= 1000.5 a) b)')
    expect(thrown('1_000', { dialect: 'xmile' }).detail).toMatchObject({ column: 2 })
    expect(thrown('a == b', { dialect: 'xmile' }).detail).toMatchObject({ column: 3, suggestion: "write '='" })
    expect(thrown('a != b', { dialect: 'xmile' }).detail).toMatchObject({ column: 3, suggestion: "write '<>'" })
    expect(thrown('a # b', { dialect: 'xmile' }).detail).toMatchObject({ column: 3 })
  })

  it("begin with a dot in XMILE's dialect alone", () => {
    expect(read('.price + sub.price', { dialect: 'xmile' })).toBe('(+ .price sub.price)')
    expect(thrown('.price').detail).toMatchObject({ line: 1, column: 1 })
  })

  it("of our functions are as in the table, whatever the case; XMILE's are left alone", () => {
    expect(read('ROUNDTO(a, 1)')).toBe('(roundTo a 1)')
    expect(read('SMTH1(a, 1) + DelayN(b, 2, 3)', { dialect: 'xmile' })).toBe('(+ (smth1 a 1) (delayn b 2 3))')
  })

  it('too great to hold are an error', () => {
    expect(thrown('2 * 1e999')).toMatchObject({ code: 'MODEL_INVALID', detail: { line: 1, column: 5 } })
  })
})

describe('places', () => {
  it('are those of the beginning of each node', () => {
    const tree = parseFormula('ab +\n  f(c)')
    expect(tree).toMatchObject({
      at: { line: 1, column: 1 },
      right: { at: { line: 2, column: 3 }, args: [{ at: { line: 2, column: 5 } }] },
    })
  })

  it('count from where the text begins in its file', () => {
    const tree = parseFormula('ab +\n    c', { at: { line: 7, column: 21 } })
    expect(tree).toMatchObject({ at: { line: 7, column: 21 }, right: { at: { line: 8, column: 5 } } })
  })
})

describe('an error', () => {
  it('names what was found, what was expected, and where', () => {
    const error = thrown('a *\n  ) b', { at: { line: 3, column: 10 } })
    expect(error.code).toBe('MODEL_INVALID')
    expect(error.message).toBe("line 4, column 3: expected a number, a name or '(' after '*', found ')'")
    expect(error.detail).toEqual({
      line: 4,
      column: 3,
      expected: ['a number', 'a name', "'('"],
      suggestion: "remove the ')' or open it before",
      text: 'a *\n  ) b',
    })
  })

  it.each([
    ['', 1, "expected a number, a name or '(', found the end"],
    ['  # nothing', 12, "expected a number, a name or '(', found the end"],
    ['a +', 4, "expected a number, a name or '(' after '+', found the end"],
    ['a b', 3, "expected an operator or the end after 'a', found 'b'"],
    ['(a', 3, "expected an operator or ')' after 'a', found the end"],
    ['f(a; b)', 4, "expected an operator, ',' or ')' after 'a', found ';'"],
    ['x[]', 3, "expected '*', a number, a name or '(' after '[', found ']'"],
    ['if a then b', 12, "expected an operator or ELSE after 'b', found the end"],
    ['a 😀+', 5, "expected an operator or the end after 'a', found '😀'"],
    ['3 \u{2028}€', 4, "expected an operator or the end after '3', found '€'"],
  ])('in %j is at column %i', (text, column, message) => {
    const error = thrown(text)
    if (text.includes('😀')) expect(error.message).toContain("found '😀'")
    else {
      expect(error.message).toBe(`line 1, column ${column}: ${message}`)
      expect(error.detail).toMatchObject({ line: 1, column })
    }
  })

  it.each([
    ['a && b', "write 'and'"],
    ['a || b', "write 'or'"],
    ['!a', "write 'not'"],
    ['a ** b', "write '^' for a power"],
    ['a =< b', "write '<='"],
    ['a => b', "write '>='"],
    ['a := b', "write '='"],
    ['a ≤ b', "write '<='"],
    ['a×b', "write '*'"],
    ['5 % 2', "write 'mod' for a remainder, or '/ 100' for a percentage"],
    ['a ? b : c', 'write IF condition THEN value ELSE value'],
    [
      'if a b',
      'write a name of several words with underscores, a_b, or in quotation marks; or put an operator between',
    ],
    ['if (a) + 1', 'write IF condition THEN value ELSE value'],
    ['max(a, (b + c)', "close the '(' of line 1, column 4"],
    ['x[a', "close the '[' of line 1, column 2"],
    ['a)', "remove the ')' or open it before"],
    [
      'birth rate * 2',
      'write a name of several words with underscores, birth_rate, or in quotation marks; or put an operator between',
    ],
    ['2x', "put an operator between, such as '*'"],
    ['2 (a + b)', "put an operator between, such as '*'"],
    ['"abc', 'close the quotation mark'],
    ['{ abc', 'close the comment with }'],
    ["'abc'", 'put a name in double quotation marks'],
    ['1 + 1e999', 'write a number below 1.8e308'],
  ])('in %s suggests what was meant', (text, suggestion) => {
    expect(thrown(text).detail['suggestion']).toBe(suggestion)
  })

  it.each([
    ['parentheses', '('.repeat(100_000)],
    ['signs', `${'-'.repeat(100_000)}1`],
    ['terms', Array(50_000).fill('a').join('+')],
    ['powers', Array(50_000).fill('2').join('^')],
    ['terms in parentheses', `${'('.repeat(150)}a${`${'+a'.repeat(900)})`.repeat(150)}`],
    ['comments', '{'.repeat(300_000)],
    ['quotation marks', `"${'\\"'.repeat(300_000)}`],
    ['choices', 'if a then b else '.repeat(50_000)],
  ])('is all that endless %s give', (_, text) => {
    expect(thrown(text).code).toBe('MODEL_INVALID')
  })

  it('is the only thing that text of any kind gives, beside a tree', () => {
    const words = fc.constantFrom(
      'a',
      '1',
      '(',
      ')',
      '[',
      ']',
      '*',
      '-',
      'if',
      'then',
      'else',
      'not',
      'mod',
      ',',
      '!',
      '"',
      '{',
      '.',
      '^',
      '=',
      '\n',
      ' ',
    )
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(words, { maxLength: 30 }).map((all) => all.join('')),
    )
    fc.assert(
      fc.property(texts, fc.constantFrom('quesnay' as const, 'xmile' as const), (text, dialect) => {
        try {
          parseFormula(text, { dialect })
        } catch (error) {
          if (!isQuesnayError(error) || error.code !== 'MODEL_INVALID') throw error
          const { line, column, expected } = error.detail as { line: number; column: number; expected: string[] }
          expect(line).toBeGreaterThanOrEqual(1)
          expect(column).toBeGreaterThanOrEqual(1)
          expect(expected).toBeInstanceOf(Array)
        }
      }),
      { numRuns: 5_000 },
    )
  })

  it('leaves the parser fit for the next formula', () => {
    thrown('('.repeat(500))
    thrown('a b')
    expect(read('a + b')).toBe('(+ a b)')
  })
})
