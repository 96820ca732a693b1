// The grammar of a Vensim definition, and what it makes of words.
import { EOF, type IToken } from 'chevrotain'
import type { Position } from '../formula/ast.ts'
import { ExpressionGrammar } from './expression-grammar.ts'
import type { Note, RangeItem, RightSide, Statement, VensimExpression, VensimSubscript } from './syntax.ts'
import * as T from './tokens.ts'

type Maps = Extract<Statement, { kind: 'range' }>['maps']

export class Grammar extends ExpressionGrammar {
  constructor() {
    super()
    this.performSelfAnalysis()
  }

  /** The statement of the words; undefined where they are none, and `errors` says why. */
  read(
    words: IToken[],
    path: string,
    place: (token: IToken) => Position,
  ): { statement: Statement; notes: Note[] } | undefined {
    this.input = words
    this.path = path
    this.place = place
    this.depth = 0
    this.notes = []
    const statement = this.statement()
    return statement && this.errors.length === 0 ? { statement, notes: this.notes } : undefined
  }

  /** Name, inputs and outputs of `F(a, b : c)`. */
  readHeader(words: IToken[], place: (token: IToken) => Position) {
    this.input = words
    this.place = place
    const header = this.header()
    return header && this.errors.length === 0 ? header : undefined
  }

  private readonly header = this.RULE('header', () => {
    const name = this.CONSUME1(T.Name).image
    const inputs: string[] = []
    const outputs: string[] = []
    this.CONSUME(T.LeftParenthesis)
    this.MANY_SEP1({ SEP: T.Comma, DEF: () => inputs.push(this.CONSUME2(T.Name).image) })
    this.OPTION(() => {
      this.CONSUME(T.Colon)
      this.AT_LEAST_ONE_SEP2({ SEP: T.Comma, DEF: () => outputs.push(this.CONSUME3(T.Name).image) })
    })
    this.CONSUME(T.RightParenthesis)
    return { name, inputs, outputs }
  })

  private readonly statement = this.RULE('statement', (): Statement => {
    const name = this.CONSUME(T.Name).image
    let statement: Statement | undefined
    this.OPTION1(() => {
      statement = this.OR<Statement>([
        { ALT: () => this.SUBRULE(this.range, { ARGS: [name] }) },
        {
          ALT: () => {
            this.CONSUME(T.Equivalent)
            return { kind: 'alias', name, of: this.CONSUME2(T.Name).image }
          },
        },
        { ALT: () => this.SUBRULE(this.equation, { ARGS: [name] }) },
      ])
    })
    return statement ?? { kind: 'equation', name, subscripts: [], except: [], right: dataOf(undefined) }
  })

  private readonly range = this.RULE('range', (name: string): Statement => {
    const items: RangeItem[] = []
    const maps: Maps[number][] = []
    this.CONSUME(T.Colon)
    this.AT_LEAST_ONE_SEP1({ SEP: T.Comma, DEF: () => items.push(this.SUBRULE(this.rangeItem)) })
    this.OPTION(() => {
      this.CONSUME(T.Arrow)
      this.AT_LEAST_ONE_SEP2({ SEP: T.Comma, DEF: () => maps.push(this.SUBRULE(this.map)) })
    })
    return { kind: 'range', name, items, maps }
  })

  private readonly rangeItem = this.RULE('rangeItem', (): RangeItem => {
    return this.OR<RangeItem>([
      {
        ALT: () => {
          const name = this.CONSUME1(T.Name).image
          // GET DIRECT SUBSCRIPT('file', ...): told apart by its name.
          this.OPTION(() => {
            this.CONSUME1(T.LeftParenthesis)
            this.MANY_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.expression) })
            this.CONSUME1(T.RightParenthesis)
          })
          return { name }
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.LeftParenthesis)
          const from = this.CONSUME2(T.Name).image
          this.CONSUME(T.Minus)
          const to = this.CONSUME3(T.Name).image
          this.CONSUME(T.RightParenthesis)
          return { from, to }
        },
      },
    ])
  })

  private readonly map = this.RULE('map', (): Maps[number] => {
    return this.OR<Maps[number]>([
      { ALT: () => ({ to: this.CONSUME1(T.Name).image }) },
      {
        ALT: () => {
          const items: string[] = []
          this.CONSUME(T.LeftParenthesis)
          const to = this.CONSUME2(T.Name).image
          this.CONSUME(T.Colon)
          this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => items.push(this.CONSUME3(T.Name).image) })
          this.CONSUME(T.RightParenthesis)
          return { to, items }
        },
      },
    ])
  })

  private readonly equation = this.RULE('equation', (name: string): Statement => {
    const except: VensimSubscript[][] = []
    let mode: string | undefined
    const subscripts = this.OPTION1(() => this.SUBRULE1(this.subscripts)) ?? []
    this.OPTION2(() => {
      mode = this.CONSUME(T.DataMode).image
    })
    this.OPTION3(() => {
      this.CONSUME(T.Except)
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => except.push(this.SUBRULE2(this.subscripts)) })
    })
    const right = this.OR<RightSide>([
      {
        ALT: () => {
          this.OR1([{ ALT: () => this.CONSUME(T.Assign) }, { ALT: () => this.CONSUME(T.ConstantAssign) }])
          return this.OPTION4(() => this.SUBRULE(this.rightSide)) ?? { kind: 'empty' }
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.DataAssign)
          this.OPTION5(() => this.SUBRULE(this.expression))
          return { kind: 'data', construct: 'a data equation (:=)' }
        },
      },
      { ALT: () => ({ kind: 'lookup', points: this.SUBRULE(this.points) }) },
      { ALT: () => dataOf(mode) },
    ])
    return { kind: 'equation', name, subscripts, except, right }
  })

  private readonly rightSide = this.RULE('rightSide', (): RightSide => {
    return this.OR<RightSide>([
      { ALT: () => ({ kind: 'numbers', numbers: this.tabbed(this.CONSUME(T.TabbedArray)) }) },
      {
        ALT: () => {
          const items = [this.SUBRULE1(this.expression)]
          let isList = false
          this.MANY(() => {
            this.OR2([{ ALT: () => this.CONSUME(T.Comma) }, { ALT: () => this.CONSUME(T.Semicolon) }])
            isList = true
            // A semicolon may end the last row.
            this.OPTION(() => items.push(this.SUBRULE2(this.expression)))
          })
          return this.ACTION(() =>
            isList
              ? { kind: 'numbers', numbers: items.map((item) => this.constant(item)) }
              : { kind: 'expression', expression: items[0]! },
          )
        },
      },
    ])
  })

  private constant(item: VensimExpression): number {
    if (item.kind === 'number') return item.value
    if (item.kind === 'unary' && item.operator === '-' && item.operand.kind === 'number') return -item.operand.value
    return Number.NaN
  }

  private tabbed(token: IToken): number[] {
    const body = this.ACTION(() => token.image.slice(token.image.indexOf('(') + 1, -1).trim()) ?? ''
    return body === '' ? [] : body.split(/[\s,;]+/).map(Number)
  }
}

/** What has no equation has its values in a file. */
function dataOf(mode: string | undefined): RightSide {
  return { kind: 'data', construct: mode ? `a data variable (${mode.toUpperCase()})` : 'a data variable' }
}

export const isEnd = (token: IToken) => token.tokenType === EOF
