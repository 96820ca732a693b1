// Vensim models against outside figures: those of other simulators, and the trees of another parser (@sdeverywhere/parse).
import { type Expr, parseVensimModel } from '@sdeverywhere/parse'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elaborate } from '../../compute/model/elaborate/elaborate.ts'
import type { Formula } from '../../compute/model/formula/ast.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import { readVensim } from '../../compute/model/vensim/read-vensim.ts'
import { nameKey, readColumns } from '../support/expected-output.ts'
import { newMachine, runBoth } from '../support/kernels.ts'
import { mdl, read, run, variable } from '../support/mdl.ts'
import { lacksSharedData, sharedData } from '../support/shared-data.ts'

const TEACUP = `{UTF-8}
Characteristic Time = 10 ~ Minutes ~ How long will it take the teacup to cool 1/e of the way to equilibrium? |
Heat Loss to Room = (Teacup Temperature - Room Temperature) / Characteristic Time
	~	Degrees Fahrenheit/Minute [0,?]
	~	This is the rate at which heat flows from the cup into the room.
	|
Room Temperature = 70 ~ Degrees Fahrenheit [-459.67,?] ~|
Teacup Temperature = INTEG (- Heat Loss to Room, 180) ~ Degrees Fahrenheit [32,212] ~|
FINAL TIME = 30 ~ Minute ~ The final time for the simulation. |
INITIAL TIME = 0 ~ Minute ~|
SAVEPER = TIME STEP ~ Minute [0,?] ~|
TIME STEP = 0.125 ~ Minute [0,?] ~|
\\\\\\---/// Sketch information - do not modify anything except names
`

const SIR = `{UTF-8}
susceptible = INTEG(-succumbing, total population) ~ people ~|
infectious = INTEG(succumbing - recovering, 5) ~ people ~|
recovered = INTEG(recovering, 0) ~ people ~|
succumbing = susceptible * infectious / total population * \\
		contact infectivity ~ people/day ~|
recovering = infectious / duration ~ people/day ~|
total population = 1000 ~ people ~|
duration = 5 ~ day ~|
contact infectivity = 0.3 ~ 1/day ~|
INITIAL TIME = 0 ~ day ~|
FINAL TIME = 100 ~ day ~|
TIME STEP = 1/32 ~ day ~|
`

/** Euler by hand, in double precision: the last values of the named columns. */
const BY_HAND: Readonly<Record<string, () => Readonly<Record<string, number>>>> = {
  teacup: () => ({ 'Teacup Temperature': 70 + 110 * (1 - 0.125 / 10) ** 240 }),
  SIR: () => {
    let [s, i, r] = [1000, 5, 0]
    for (let step = 0; step < 3200; step++) {
      const [succumbing, recovering] = [((s * i) / 1000) * 0.3, i / 5]
      ;[s, i, r] = [s - succumbing / 32, i + (succumbing - recovering) / 32, r + recovering / 32]
    }
    return { susceptible: s, infectious: i, recovered: r }
  },
}

/** The files have six digits, and were computed in single precision, which drifts by up to 5e-6 of a value. */
const tolerance = (wanted: number) =>
  1e-8 + 5e-6 * Math.abs(wanted) + (wanted === 0 ? 0 : 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(wanted))) - 5))

describe.skipIf(lacksSharedData('xmile'))('models that other simulators ran', () => {
  const machine = newMachine()

  it.each([
    ['teacup', TEACUP, 240],
    ['SIR', SIR, 3200],
  ])('%s gives the same numbers on the machine and in the interpreter', async (name, text, steps) => {
    const { model } = elaborate(readVensim(text).source)
    const { values } = await runBoth(machine, { plan: lower(model) }, { from: 0, to: 1 })
    const found = new Map(
      model.outputs.map((output, i) => [nameKey(output), values.subarray(i * (steps + 1), (i + 1) * (steps + 1))]),
    )
    for (const [column, wanted] of readColumns(sharedData('xmile', name, 'output.csv'))) {
      if (column === 'time') continue
      expect(wanted).toHaveLength(steps + 1)
      const wrong = wanted.findIndex((value, i) => !(Math.abs(found.get(column)![i]! - value) <= tolerance(value)))
      expect([column, wrong]).toEqual([column, -1])
    }
    for (const [column, value] of Object.entries(BY_HAND[name]!()))
      expect(Math.abs(found.get(nameKey(column))!.at(-1)! / value - 1)).toBeLessThan(1e-12)
  })

  it('gives no finding on the units of the teacup, which fit', () => {
    const { source, findings } = readVensim(TEACUP)
    expect([...findings, ...elaborate(source).findings]).toEqual([])
  })
})

describe('random numbers', () => {
  it('are truncated as Vensim does: an exponential of mean 1 between 0 and 1, a normal between -1 and 2', async () => {
    const text = mdl(['e = 10 + 2 * RANDOM EXPONENTIAL(0, 1, 0, 1, 0)', 'n = RANDOM NORMAL(-1, 2, 0, 1, 0)'], {
      'FINAL TIME': 0,
    })
    const { model } = elaborate(readVensim(text).source)
    const lanes = 20_000
    const { values } = await runBoth(newMachine(), { plan: lower(model) }, { from: 0, to: lanes })
    const draws = (name: string) => [...values.subarray(model.outputs.indexOf(name) * lanes).subarray(0, lanes)]
    const e = draws('e').map((x) => (x - 10) / 2)
    const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length
    expect(Math.min(...e)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...e)).toBeLessThanOrEqual(1)
    // Mean 1 - 1 / (e - 1), share below 1/2 (1 - e^-1/2) / (1 - e^-1); four standard errors are 0.008 and 0.014.
    expect(Math.abs(mean(e) - (1 - 1 / (Math.E - 1)))).toBeLessThan(0.008)
    const below = (1 - Math.exp(-0.5)) / (1 - Math.exp(-1))
    expect(Math.abs(mean(e.map((x) => (x < 0.5 ? 1 : 0))) - below)).toBeLessThan(0.014)
    const n = draws('n')
    expect([Math.min(...n) >= -1, Math.max(...n) <= 2]).toEqual([true, true])
    // Mean (phi(-1) - phi(2)) / (Phi(2) - Phi(-1)).
    expect(Math.abs(mean(n) - 0.22964)).toBeLessThan(0.02)
  })
})

it('takes -2^2 for -4 and -x^2 for -(x^2), as the outputs of Vensim have it', () => {
  const { associativity, power } = run(['associativity = -2^2', 'power = -Time^2'])
  expect(associativity).toEqual([-4, -4, -4, -4, -4])
  expect(power).toEqual([0, -1, -4, -9, -16])
})

describe('another parser', () => {
  const atom = fc.constantFrom('alpha', 'Beta Two', '"q (x)"', 'Time', '1', '2.5', '.5', '1e-3')
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      fc
        .tuple(
          tie('expression'),
          fc.constantFrom('+', '-', '*', '/', ' < ', '<=', '>', '>=', ':AND:', ':OR:'),
          tie('expression'),
        )
        .map((x) => x.join(' ')),
      fc.tuple(fc.constantFrom('-', ':NOT: '), atom).map((x) => x.join('')),
      tie('expression').map((x) => `(${x})`),
      fc.tuple(atom, atom).map(([a, b]) => `${a} ^ ${b}`),
      fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `MAX(${a}, ${b})`),
      fc.tuple(tie('expression'), atom, atom).map(([a, b, c]) => `IF THEN ELSE( ${a} ,${b},\t${c})`),
      tie('expression').map((x) => `table ( ${x} )`),
    ),
  }))

  it('makes the same tree of an expression', () => {
    fc.assert(
      fc.property(expression, (text) => {
        const ours = read(`x = ${text}`, 'alpha = 1', 'beta two = 2', '"Q (x)" = 3', 'table((0,0),(1,1))')
        const x = variable(ours, 'x')
        const [theirs] = parseVensimModel(`x = ${text} ~~|`).equations
        if (x.kind !== 'auxiliary' || x.equation.kind !== 'formula' || theirs?.rhs.kind !== 'expr')
          throw new Error('no expression')
        expect(shapeOfOurs(x.equation.formula)).toEqual(shapeOfTheirs(theirs.rhs.expr))
      }),
      { numRuns: 300 },
    )
  })

  it('reads the same points of a lookup and the same elements of a range', () => {
    const text = mdl(['f([(0,-1)-(10,2)], (0,-1), (5,10), (10,-0.5))', 'D: (A1-A3), Other One', 'x[D] = 1, 2, 3, 4'])
    const { source } = readVensim(text)
    const theirs = parseVensimModel(text)
    expect(theirs.dimensions[0]?.subscriptRefs.map(({ subName }) => subName)).toEqual(source.dimensions[0]?.elements)
    const f = theirs.equations[0]?.rhs
    expect(variable({ source, findings: [] }, 'f')).toMatchObject({
      graph: {
        xs: f?.kind === 'lookup' && f.lookupDef.points.map(([x]) => x),
        ys: f?.kind === 'lookup' && f.lookupDef.points.map(([, y]) => y),
      },
    })
  })
})

type Shape = string | number | readonly Shape[]

function shapeOfOurs(formula: Formula): Shape {
  switch (formula.kind) {
    case 'number':
      return formula.value
    case 'name':
      return formula.name
    case 'unary':
      return [formula.operator, shapeOfOurs(formula.operand)]
    case 'binary':
      return [formula.operator, shapeOfOurs(formula.left), shapeOfOurs(formula.right)]
    case 'call':
      return [formula.function, ...formula.args.map(shapeOfOurs)]
    case 'if':
      return ['if', shapeOfOurs(formula.condition), shapeOfOurs(formula.then), shapeOfOurs(formula.else)]
  }
}

const OPERATORS: Readonly<Record<string, string>> = { ':AND:': 'and', ':OR:': 'or', ':NOT:': 'not' }
const CALLS: Readonly<Record<string, string>> = { _MAX: 'max', _IF_THEN_ELSE: 'if' }

function shapeOfTheirs(expr: Expr): Shape {
  switch (expr.kind) {
    case 'number':
      return expr.value
    case 'variable-ref':
      return nameKey(expr.varName)
    case 'unary-op':
      return [OPERATORS[expr.op] ?? expr.op, shapeOfTheirs(expr.expr)]
    case 'binary-op':
      return [OPERATORS[expr.op] ?? expr.op, shapeOfTheirs(expr.lhs), shapeOfTheirs(expr.rhs)]
    case 'parens':
      return shapeOfTheirs(expr.expr)
    case 'lookup-call':
      return ['lookup', nameKey(expr.varRef.varName), shapeOfTheirs(expr.arg)]
    case 'function-call': {
      const name = CALLS[expr.fnId]
      // It takes a name with one argument for a function.
      const args = expr.args.map(shapeOfTheirs)
      return name ? [name, ...args] : ['lookup', nameKey(expr.fnName), ...args]
    }
    default:
      throw new Error(`${expr.kind} is not compared`)
  }
}
