// The grammar of a Vensim expression.
import { EmbeddedActionsParser, type IToken } from 'chevrotain'
import type { BinaryOperator, Position, UnaryOperator } from '../formula/ast.ts'
import { tooMuch } from './faults.ts'
import { foldOperators, type Operand } from './fold-operators.ts'
import { MISSING } from './missing.ts'
import type { Note, Point, VensimExpression, VensimSubscript } from './syntax.ts'
import * as T from './tokens.ts'

/** Deeper or longer ones would exhaust the stack of whoever walks the tree. */
const MAX_NESTING = 100
const MAX_TERMS = 1000

/** expression = operand { operator operand }, operand = { sign } primary; precedence is the business of `foldOperators`. */
export abstract class ExpressionGrammar extends EmbeddedActionsParser {
  protected place: (token: IToken) => Position = () => ({ line: 1, column: 1 })
  protected path = ''
  protected depth = 0
  protected notes: Note[] = []

  constructor() {
    super(T.VOCABULARY, { maxLookahead: 2, recoveryEnabled: false })
  }

  protected readonly expression = this.RULE('expression', (): VensimExpression => {
    const operands: Operand[] = []
    const operators: BinaryOperator[] = []
    this.ACTION(() => {
      if (++this.depth > MAX_NESTING) throw tooMuch(this.path, this.place(this.LA(1)), 'levels of nesting', MAX_NESTING)
    })
    operands.push(this.SUBRULE1(this.operand))
    this.MANY(() => {
      operators.push(operatorOf(this.CONSUME(T.Binary)))
      operands.push(this.SUBRULE2(this.operand))
    })
    return this.ACTION(() => {
      this.depth--
      if (operands.length > MAX_TERMS) throw tooMuch(this.path, operands[0]!.expression.at, 'terms in a row', MAX_TERMS)
      return foldOperators(operands, operators, (note) => this.notes.push(note))
    })
  })

  private readonly operand = this.RULE('operand', (): Operand => {
    const prefixes: Operand['prefixes'][number][] = []
    this.MANY(() => {
      const token = this.CONSUME(T.Prefix)
      const operator: UnaryOperator = token.image === '-' || token.image === '+' ? token.image : 'not'
      prefixes.push({ operator, at: this.place(token) })
    })
    this.ACTION(() => {
      if (prefixes.length > MAX_NESTING) throw tooMuch(this.path, prefixes[0]!.at, 'signs in a row', MAX_NESTING)
    })
    return { prefixes, expression: this.SUBRULE(this.primary) }
  })

  private readonly primary = this.RULE('primary', (): VensimExpression => {
    const at = this.ACTION(() => this.place(this.LA(1)))
    return this.OR<VensimExpression>({
      IGNORE_AMBIGUITIES: true,
      DEF: [
        { ALT: () => ({ kind: 'number', value: Number(this.CONSUME(T.NumberToken).image), at }) },
        {
          ALT: () => {
            this.CONSUME(T.Missing)
            return { kind: 'number', value: MISSING, at }
          },
        },
        { ALT: () => ({ kind: 'text', value: this.CONSUME(T.Text).image.slice(1, -1), at }) },
        { ALT: () => this.SUBRULE(this.named) },
        { GATE: () => this.opensPoints(), ALT: () => ({ kind: 'points', points: this.SUBRULE(this.points), at }) },
        {
          ALT: () => {
            this.CONSUME(T.LeftParenthesis)
            const inner = this.SUBRULE(this.expression)
            this.CONSUME(T.RightParenthesis)
            return inner
          },
        },
      ],
    })
  })

  private readonly named = this.RULE('named', (): VensimExpression => {
    const token = this.CONSUME(T.Name)
    const name = token.image
    const at = this.ACTION(() => this.place(token))
    const subscripts = this.OPTION1(() => this.SUBRULE(this.subscripts))
    const has = subscripts ? { subscripts } : {}
    let call: { args: VensimExpression[]; outputs: string[] } | undefined
    this.OPTION2(() => {
      const args: VensimExpression[] = []
      const outputs: string[] = []
      this.CONSUME(T.LeftParenthesis)
      this.MANY_SEP1({ SEP: T.Comma, DEF: () => args.push(this.SUBRULE1(this.expression)) })
      this.OPTION3(() => {
        this.CONSUME(T.Colon)
        this.AT_LEAST_ONE_SEP2({ SEP: T.Comma, DEF: () => outputs.push(this.CONSUME2(T.Name).image) })
      })
      this.CONSUME(T.RightParenthesis)
      call = { args, outputs }
    })
    return call ? { kind: 'call', name, ...has, ...call, at } : { kind: 'name', name, ...has, at }
  })

  protected readonly subscripts = this.RULE('subscripts', (): VensimSubscript[] => {
    const subscripts: VensimSubscript[] = []
    this.CONSUME(T.LeftBracket)
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        const token = this.CONSUME(T.Name)
        const gathers = this.OPTION(() => this.CONSUME(T.Bang)) !== undefined
        subscripts.push({ name: token.image, gathers, at: this.ACTION(() => this.place(token)) })
      },
    })
    this.CONSUME(T.RightBracket)
    return subscripts
  })

  /** ([(0,0)-(9,9),(1,2)],(0,0),(9,5)), where the first brackets only scale a picture; or all x, then all y. */
  protected readonly points = this.RULE('points', (): Point[] => {
    const points: Point[] = []
    const flat: number[] = []
    this.CONSUME(T.LeftParenthesis)
    this.OPTION1(() => {
      this.CONSUME(T.LeftBracket)
      this.SUBRULE1(this.point)
      this.CONSUME1(T.Minus)
      this.SUBRULE2(this.point)
      this.MANY(() => {
        this.CONSUME1(T.Comma)
        this.SUBRULE3(this.point)
      })
      this.CONSUME(T.RightBracket)
      this.OPTION2(() => this.CONSUME2(T.Comma))
    })
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () =>
        this.OR([
          { ALT: () => points.push(this.SUBRULE4(this.point)) },
          { ALT: () => flat.push(this.SUBRULE(this.signed)) },
        ]),
    })
    this.CONSUME(T.RightParenthesis)
    const half = flat.length / 2
    return flat.length === 0 ? points : flat.slice(0, Math.ceil(half)).map((x, i) => [x, flat[half + i] ?? Number.NaN])
  })

  private readonly point = this.RULE('point', (): Point => {
    this.CONSUME(T.LeftParenthesis)
    const x = this.SUBRULE1(this.signed)
    this.CONSUME(T.Comma)
    const y = this.SUBRULE2(this.signed)
    this.CONSUME(T.RightParenthesis)
    return [x, y]
  })

  private readonly signed = this.RULE('signed', (): number => {
    let sign = 1
    this.OPTION(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(T.Minus)
            sign = -1
          },
        },
        { ALT: () => this.CONSUME(T.Plus) },
      ])
    })
    return sign * Number(this.CONSUME(T.NumberToken).image)
  })

  /** A parenthesis that holds points, not an expression: a bracket, a number and a comma, or both of these in parentheses. */
  private opensPoints(): boolean {
    const isSign = (i: number) => this.LA(i).tokenType === T.Minus || this.LA(i).tokenType === T.Plus
    const isPair = (i: number) => {
      const n = isSign(i) ? i + 1 : i
      return this.LA(n).tokenType === T.NumberToken && this.LA(n + 1).tokenType === T.Comma
    }
    if (this.LA(1).tokenType !== T.LeftParenthesis) return false
    const second = this.LA(2).tokenType
    return second === T.LeftBracket || isPair(2) || (second === T.LeftParenthesis && isPair(3))
  }
}

function operatorOf(token: IToken): BinaryOperator {
  if (token.tokenType === T.And) return 'and'
  if (token.tokenType === T.Or) return 'or'
  return token.image as BinaryOperator
}
