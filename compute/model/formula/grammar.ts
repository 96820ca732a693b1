// The grammar of a formula, and the tree that it makes of words.
import { EmbeddedActionsParser, type IToken, tokenLabel } from 'chevrotain'
import { QuesnayError } from '../../../schema/errors.ts'
import type { BinaryOperator, Formula, Position, Subscript, UnaryOperator } from './ast.ts'
import { fold, type Piece } from './fold.ts'
import { functionKind } from './functions.ts'
import * as T from './tokens.ts'

/** Deeper ones would exhaust the parser's stack. */
const MAX_NESTING = 200
/** Operands and operators along a path of the tree; longer ones would exhaust the stack of whoever walks it. */
const MAX_LENGTH = 2_000

/** What may stand there too, but is not worth telling to who forgot an operand or an operator. */
const BEFORE_AN_OPERAND = ["'-'", 'IF', 'MOD']
const AFTER_A_NAME = ["'('", "'['", "'!'"]

/** formula = [prefix] operand { binary [prefix] operand }; the precedence of operators is the business of `fold`. */
export class Grammar extends EmbeddedActionsParser {
  /** Where a word stands in the text that the author has before him. */
  place: (token: IToken) => Position = ({ startLine, startColumn }) => ({ line: startLine!, column: startColumn! })
  dialect: T.Dialect = 'quesnay'
  private depth = 0
  /** Of the tallest tree inside the formula that is being read. */
  private height = 0

  constructor() {
    super(T.VOCABULARY, { maxLookahead: 1, recoveryEnabled: false })
    this.performSelfAnalysis()
  }

  /** The tree of the words; undefined where they are none, and `errors` says why. */
  read(words: IToken[], dialect: T.Dialect, place: Grammar['place']): Formula | undefined {
    this.input = words
    this.dialect = dialect
    this.place = place
    this.depth = 0
    this.height = 0
    return this.formula()
  }

  /** What may follow words that begin a formula, in plain words and in the order of the grammar. */
  expectedAfter(words: IToken[]): string[] {
    const next = this.computeContentAssist('formula', words).map(({ nextTokenType }) => tokenLabel(nextTokenType))
    const all = new Set([...next, ...(this.isWhole(words) ? ['the end'] : [])])
    const rare = all.has('an operator') ? AFTER_A_NAME : BEFORE_AN_OPERAND
    return [...all].filter((label) => !rare.includes(label))
  }

  private isWhole(words: IToken[]): boolean {
    try {
      return this.read(words, this.dialect, this.place) !== undefined && this.errors.length === 0
    } catch {
      return false
    }
  }

  readonly formula = this.RULE('formula', (): Formula => {
    const pieces: Piece[] = []
    const around = this.ACTION(() => this.enter())
    this.MANY1(() => {
      const token = this.CONSUME1(T.Prefix)
      pieces.push({ prefix: token.image.toLowerCase() as UnaryOperator, at: this.place(token) })
    })
    pieces.push(this.SUBRULE1(this.operand))
    this.MANY2(() => {
      pieces.push(operatorOf(this.CONSUME(T.Binary).image))
      this.MANY3(() => {
        const token = this.CONSUME2(T.Prefix)
        pieces.push({ prefix: token.image.toLowerCase() as UnaryOperator, at: this.place(token) })
      })
      pieces.push(this.SUBRULE2(this.operand))
    })
    return this.ACTION(() => {
      this.leave(pieces.length, around)
      return fold(pieces)
    })
  })

  private readonly operand = this.RULE('operand', (): Formula => {
    return this.OR([
      { ALT: () => this.number(this.CONSUME(T.NumberToken)) },
      { ALT: () => this.SUBRULE(this.named) },
      { ALT: () => this.SUBRULE(this.remainder) },
      { ALT: () => this.SUBRULE(this.choice) },
      {
        ALT: () => {
          this.CONSUME(T.LeftParenthesis)
          const inner = this.SUBRULE(this.formula)
          this.CONSUME(T.RightParenthesis)
          return inner
        },
      },
    ])
  })

  /** A variable, one with subscripts, or a call. */
  private readonly named = this.RULE('named', (): Formula => {
    const token = this.CONSUME(T.Name)
    const at = this.place(token)
    return this.OR([
      {
        ALT: () => {
          const args = this.SUBRULE(this.args)
          return { kind: 'call', function: this.functionName(token.image), args, at }
        },
      },
      {
        ALT: () => {
          const subscripts = this.SUBRULE(this.subscripts)
          return { kind: 'name', name: T.nameOf(token.image), subscripts, at }
        },
      },
      { ALT: () => ({ kind: 'name', name: T.nameOf(token.image), at }) },
    ])
  })

  /** mod(a, b): the keyword as a function. */
  private readonly remainder = this.RULE('remainder', (): Formula => {
    const at = this.place(this.CONSUME(T.Mod))
    return { kind: 'call', function: 'mod', args: this.SUBRULE(this.args), at }
  })

  private readonly choice = this.RULE('choice', (): Formula => {
    const at = this.place(this.CONSUME(T.If))
    const condition = this.SUBRULE1(this.formula)
    this.CONSUME(T.Then)
    const then = this.SUBRULE2(this.formula)
    this.CONSUME(T.Else)
    return { kind: 'if', condition, then, else: this.SUBRULE3(this.formula), at }
  })

  private readonly args = this.RULE('args', (): Formula[] => {
    const args: Formula[] = []
    this.CONSUME(T.LeftParenthesis)
    this.MANY_SEP({ SEP: T.Comma, DEF: () => args.push(this.SUBRULE(this.formula)) })
    this.CONSUME(T.RightParenthesis)
    return args
  })

  private readonly subscripts = this.RULE('subscripts', (): Subscript[] => {
    const subscripts: Subscript[] = []
    this.CONSUME(T.LeftBracket)
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => subscripts.push(this.SUBRULE(this.subscript)) })
    this.CONSUME(T.RightBracket)
    return subscripts
  })

  private readonly subscript = this.RULE('subscript', (): Subscript => {
    return this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Star)
          return { kind: 'wildcard' }
        },
      },
      {
        ALT: () => {
          const first = this.LA(1)
          const formula = this.SUBRULE(this.formula)
          // A name in parentheses is a place that is computed.
          const bare = this.ACTION(() => this.LA(0) === first && formula.kind === 'name')
          const gathers = this.OPTION({ GATE: () => bare, DEF: () => this.CONSUME(T.Bang) })
          if (!bare || formula.kind !== 'name') return { kind: 'formula', formula }
          return { kind: gathers ? 'all' : 'name', name: formula.name }
        },
      },
    ])
  })

  private number(token: IToken): Formula {
    const at = this.place(token)
    const value = this.ACTION(() => Number(token.image.replaceAll('_', '')))
    if (value === Number.POSITIVE_INFINITY)
      throw this.tooMuch(`the number ${token.image} is out of range`, at, 'write a number below 1.8e308')
    return { kind: 'number', value, at }
  }

  /** XMILE's functions are not ours and are told apart by its reader. */
  private functionName(image: string): string {
    const name = T.nameOf(image)
    return (this.dialect === 'quesnay' && functionKind(name)?.name) || name
  }

  /** The height of what was read of the formula around this one. */
  private enter(): number {
    if (++this.depth > MAX_NESTING) throw this.tooMuch(`nested deeper than ${MAX_NESTING} levels`)
    const around = this.height
    this.height = 0
    return around
  }

  private leave(length: number, around: number): void {
    const height = length + this.height
    if (height > MAX_LENGTH)
      throw this.tooMuch(`more than ${MAX_LENGTH} operands and operators in one another or in a row`)
    this.depth--
    this.height = Math.max(around, height)
  }

  private tooMuch(
    why: string,
    at: Position = this.place(this.LA(0)),
    suggestion = 'split the formula into several variables',
  ): QuesnayError {
    return new QuesnayError('MODEL_INVALID', `line ${at.line}, column ${at.column}: ${why}`, {
      ...at,
      expected: [],
      suggestion,
    })
  }
}

function operatorOf(image: string): BinaryOperator {
  if (image === '==') return '='
  if (image === '!=') return '<>'
  return image.toLowerCase() as BinaryOperator
}
