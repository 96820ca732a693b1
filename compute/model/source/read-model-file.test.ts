import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../../infra/paths.ts'
import { isQuesnayError, type QuesnayError } from '../../../schema/errors.ts'
import type { Formula } from '../formula/ast.ts'
import { printFormula } from '../formula/print-formula.ts'
import { unitFaults } from '../units/unit-faults.ts'
import { readModelFile } from './read-model-file.ts'
import type { SourceVariable } from './source.ts'

const TEACUP = `name: teacup
time: { start: 0, stop: 30, dt: 1/8, unit: minute, method: RK4, saveEvery: 1 }
variables:
  teacup temperature: { stock: 180, flow: -heat_loss, unit: degF }
  heat loss: { formula: "(teacup_temperature - room_temperature) / characteristic_time", unit: degF/minute }
  room temperature: { constant: 70, unit: degF }
  characteristic time: 10
`
const source = (text: string) => readModelFile(text).source
const variables = (lines: string) => source(`name: m\nvariables:\n${lines}`).variables
const only = (lines: string) => variables(lines)[0]!
const text = (formula: Formula) => printFormula(formula)
type Kind = SourceVariable['kind']
type OfKind<V, K extends Kind> = V extends { kind: Kind } ? (K extends V['kind'] ? V : never) : never
const of = <K extends Kind>(variable: SourceVariable, kind: K) => {
  expect(variable.kind).toBe(kind)
  return variable as OfKind<SourceVariable, K>
}
const wrong = (work: () => unknown): QuesnayError => {
  try {
    work()
  } catch (error) {
    if (isQuesnayError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a model file', () => {
  it('gives its name, clock and variables in order', () => {
    const model = source(TEACUP)
    expect(model).toMatchObject({
      name: 'teacup',
      unitFaults: 'error',
      time: { start: 0, stop: 30, dt: 0.125, unit: 'minute', method: 'rk4', saveEvery: 1 },
    })
    expect(model.variables.map(({ kind, name, unit }) => [kind, name, unit])).toEqual([
      ['stock', 'teacup temperature', 'degF'],
      ['auxiliary', 'heat loss', 'degF/minute'],
      ['auxiliary', 'room temperature', 'degF'],
      ['auxiliary', 'characteristic time', undefined],
    ])
  })

  it('may be JSON, also with tabs', () => {
    const model = source(TEACUP)
    const json = {
      name: 'm',
      time: { stop: 1, unit: 'year' },
      variables: { a: { constant: 1, unit: 'USD' }, b: 'a * 2' },
    }
    expect(source(JSON.stringify(json, null, '\t')).variables).toEqual([
      expect.objectContaining({ name: 'a', unit: 'USD' }),
      expect.objectContaining({ name: 'b' }),
    ])
    expect(model.time!.method).toBe('rk4')
  })

  it('has places of formulas that are places in the file, however they are quoted', () => {
    const model = source(`name: m
variables:
  plain: a + b
  quoted: "a + b"
  several:
    formula: >
      a +
        b
  literal:
    formula: |
      # a comment
      a + b
  lines: a +
    b
`)
    const right = model.variables.map((v) => {
      const { equation } = of(v, 'auxiliary')
      if (equation.kind !== 'formula' || equation.formula.kind !== 'binary') throw new Error(v.name)
      return [v.name, equation.formula.right.at]
    })
    expect(right).toEqual([
      ['plain', { line: 3, column: 14 }],
      ['quoted', { line: 4, column: 16 }],
      ['several', { line: 8, column: 9 }],
      ['literal', { line: 12, column: 11 }],
      ['lines', { line: 14, column: 5 }],
    ])
  })

  it('reads stocks with a flow, or with inflows and outflows, which become flows', () => {
    const [a, b, f, g, h] = variables(`  a: { stock: 1 + 1, flow: f - g, min: 0, max: 9 }
  B b: { stock: 2, inflows: [f, G g], outflows: h, nonNegative: true }
  f: 1
  g g: 2
  h: { formula: 3, nonNegative: true }
`)
    const stock = of(a!, 'stock')
    expect(stock).toMatchObject({ inflows: [], outflows: [], min: 0, max: 9 })
    expect(text((stock.flow as { formula: Formula }).formula)).toBe('f - g')
    expect(of(b!, 'stock')).toMatchObject({ inflows: ['f', 'G g'], outflows: ['h'], nonNegative: true })
    expect([f!, g!, h!].map(({ kind }) => kind)).toEqual(['flow', 'flow', 'flow'])
  })

  it('reads conveyors, queues and leaks', () => {
    const [belt, queue, out, lost] =
      variables(`  belt: { stock: 0, outflows: [out, lost], conveyor: { length: 4, capacity: 10, inflowLimit: c } }
  line: { stock: 0, queue: true }
  out: 0
  lost: { formula: 0, leak: { share: 0.1, from: 0.5, to: 1, exponential: true }, overflow: true }
`)
    expect(of(belt!, 'stock').conveyor).toMatchObject({
      length: { value: 4 },
      capacity: { value: 10 },
      inflowLimit: { name: 'c' },
    })
    expect(of(queue!, 'stock').queue).toBe(true)
    expect(of(out!, 'flow').name).toBe('out')
    expect(of(lost!, 'flow')).toMatchObject({
      leak: { share: { value: 0.1 }, from: 0.5, to: 1, exponential: true },
      overflow: true,
    })
  })

  it('reads tables, graphs and schedules', () => {
    const [table, graph, schedule] = variables(`  t: { table: [[0, 0], [1, 2]], type: extrapolate }
  g: { formula: time, graph: { a: [[0, 1]], B: [[0, 2]] }, type: discrete, dimensions: [d] }
  s: { schedule: [[0, 0.10], [11925, 0.12]] }
`)
    expect(of(table!, 'table').graph).toEqual({ type: 'extrapolate', xs: [0, 1], ys: [0, 2] })
    expect(of(graph!, 'auxiliary').graph).toEqual({
      a: { type: 'discrete', xs: [0], ys: [1] },
      b: { type: 'discrete', xs: [0], ys: [2] },
    })
    expect(of(schedule!, 'schedule')).toMatchObject({
      thresholds: [0, 11925].map((value) => ({ kind: 'number', value })),
      values: [0.1, 0.12].map((value) => ({ kind: 'number', value })),
    })
  })

  it('reads inputs and series with and without a default, and columns of an entity', () => {
    const [i, j, s, r, c] = variables(`  i: { input: 5 }
  j: { input: }
  s: { series: 1/4, macroVariable: GDP }
  r: { series: ~ }
  c: { column: true, entity: person, doc: wages, provenance: a survey, unchecked: true }
`)
    expect(of(i!, 'input').default).toBe(5)
    expect(of(j!, 'input')).not.toHaveProperty('default')
    expect(of(s!, 'series')).toMatchObject({ default: 0.25, macroVariable: 'GDP' })
    expect(of(r!, 'series')).not.toHaveProperty('default')
    expect(of(c!, 'column')).toMatchObject({ entity: 'person', doc: 'wages', provenance: 'a survey', unchecked: true })
  })

  it('reads equations for each element, its name in any case', () => {
    const [a] = variables('  a: { formula: { North: 1, "south , Old": b }, dimensions: [region, age] }\n')
    const { equation, dimensions } = of(a!, 'auxiliary')
    expect(dimensions).toEqual(['region', 'age'])
    expect(equation.kind === 'elements' && Object.keys(equation.formulas)).toEqual(['north', 'south,old'])
  })

  it.each([
    ['normal(0.3, 0.05)', 'normal', ['mean', 'sd']],
    ['normal(0.3, 0.05, 0, 1)', 'truncatedNormal', ['mean', 'sd', 'min', 'max']],
    ['normal(sd = 1, mean = 0, high = 2, low = -2)', 'truncatedNormal', ['sd', 'mean', 'max', 'min']],
    ['truncatedNormal(0, 1, -1, 1)', 'truncatedNormal', ['mean', 'sd', 'min', 'max']],
    ['LOGNORMAL(mu = 0, sigma = 1)', 'logNormal', ['mu', 'sigma']],
    ['logNormal(2, 1)', 'logNormal', ['mean', 'sd']],
    ['uniform(0, a)', 'uniform', ['min', 'max']],
    ['triangular(0, 1, 2)', 'triangular', ['min', 'mode', 'max']],
    ['exponential(2)', 'exponential', ['mean']],
    ['gamma(2, 1)', 'gamma', ['shape', 'scale']],
    ['beta(2, 5)', 'beta', ['alpha', 'beta']],
    ['beta(2, 5, 1, 2)', 'beta', ['alpha', 'beta', 'min', 'max']],
    ['poisson(3)', 'poisson', ['mean']],
  ])('reads the distribution %s', (written, kind, parameters) => {
    const { distribution } = of(only(`  r: { random: "${written}" }\n`), 'random')
    expect(distribution.kind).toBe(kind)
    expect(Object.keys(distribution.parameters)).toEqual(parameters)
  })

  it('reads values and weights of an empirical distribution', () => {
    const [a, b, c] = variables(`  a: { random: "empirical(1, 2, -5)" }
  b: { random: [1, 2], weights: [3, 1] }
  c: { random: "empirical(1, 2)", weights: [0, 1] }
`)
    expect(of(a!, 'random').distribution).toEqual({ kind: 'empirical', parameters: {}, values: [1, 2, -5] })
    expect(of(b!, 'random').distribution).toMatchObject({ values: [1, 2], weights: [3, 1] })
    expect(of(c!, 'random').distribution).toMatchObject({ values: [1, 2], weights: [0, 1] })
  })

  it('reads dimensions, entities, macros, correlations, solve blocks, identities and outputs', () => {
    const model = source(`name: m
dimensions:
  region: [North, South]
  age: 3
  zone: { elements: [a, b], maps: { region: [north, south] } }
entities: { household: , person: { of: household } }
variables: { x: 1, y: 2 }
macros:
  grow: { parameters: { x: , rate: 0.05 }, variables: { level: { stock: x, flow: level * rate } }, result: level }
  twice: { parameters: [x], result: 2 * x }
correlations:
  - { names: [x, y], correlation: 0.5 }
  - { names: [x, y], matrix: [[1, 0.2], [0.2, 1]] }
solve:
  block: { unknowns: [x, y], method: gaussSeidel, tolerance: 1e-9, maxIterations: 50, damping: 0.5, guess: { x: y / 2 } }
identities:
  first: x = y
  second: { holds: "x + 1 = y", tolerance: 1e-6 }
outputs: [x]
`)
    expect(model.dimensions).toEqual([
      { name: 'region', elements: ['North', 'South'] },
      { name: 'age', elements: ['1', '2', '3'] },
      { name: 'zone', elements: ['a', 'b'], maps: [{ to: 'region', elements: ['north', 'south'] }] },
    ])
    expect(model.entities).toEqual([{ name: 'household' }, { name: 'person', of: 'household' }])
    const [grow, twice] = model.macros
    expect(grow).toMatchObject({
      name: 'grow',
      parameters: [{ name: 'x' }, { name: 'rate', default: { value: 0.05 } }],
    })
    expect(grow!.variables).toEqual([expect.objectContaining({ kind: 'stock', name: 'level' })])
    expect(twice).toMatchObject({ parameters: [{ name: 'x' }], variables: [] })
    expect(model.correlations!.map(({ matrix }) => matrix)).toEqual([
      [
        [1, 0.5],
        [0.5, 1],
      ],
      [
        [1, 0.2],
        [0.2, 1],
      ],
    ])
    expect(model.solves).toEqual([
      expect.objectContaining({
        name: 'block',
        unknowns: ['x', 'y'],
        method: 'gaussSeidel',
        damping: 0.5,
        maxIterations: 50,
      }),
    ])
    expect(
      model.identities!.map(({ name, left, right, tolerance }) => [name, text(left), text(right), tolerance]),
    ).toEqual([
      ['first', 'x', 'y', undefined],
      ['second', 'x + 1', 'y', 1e-6],
    ])
    expect(model.outputs).toEqual(['x'])
  })
})

describe('a fault in a model file', () => {
  const BEGIN = 'name: m\nvariables:\n'
  it.each([
    ['', 'this is no model file', 'name:'],
    ['§- a', 'this is no model file', 'name:'],
    ['§name: m', 'variables are missing', 'variables:'],
    ['§variables: { a: 1 }', 'name is missing', 'name:'],
    ['name: m\n§variabels: { a: 1 }', '"variabels" is not known', 'did you mean "variables"?'],
    ['name: m\n§name: n', 'given twice', 'remove one'],
    ['name: [m§', 'not YAML', 'mend'],
    [`${BEGIN}  a: { formula: 1, §unti: x }`, '"unti" is not known', 'did you mean "unit"?'],
    [`${BEGIN}  a: { formula: 1, §flow: x }`, '"flow" has no meaning for formula', undefined],
    [`${BEGIN}  a: §{ unit: x }`, 'does not say what it is', 'constant, formula'],
    [`${BEGIN}  a: §{ formula: 1, stock: 2 }`, 'formula and stock at once', 'keep one'],
    [`${BEGIN}  a:§`, 'expected what it is', 'stock'],
    [`${BEGIN}  a b: 1\n  §A_B: 2`, 'given twice', 'remove one'],
    [`${BEGIN}  §Time: 1`, 'a name of the language', 'another name'],
    [`${BEGIN}  a: { formula: b §c }`, "found 'c'", 'b_c'],
    [`${BEGIN}  a:\n    formula: |\n      b +\n      §* 2`, "found '*'", undefined],
    [`${BEGIN}  a: { constant: §b }`, 'a constant is a number', 'formula:'],
    [`${BEGIN}  a: { constant: §1e999 }`, 'the number 1e999 is out of range', undefined],
    [`${BEGIN}  a: §.nan`, 'the number .nan is out of range', undefined],
    [`${BEGIN}  a: { constant: §true }`, 'expected a formula, found true', undefined],
    [`${BEGIN}  a: { stock: 1, flow: §1, inflows: [b] }`, 'inflows and outflows', 'keep one'],
    [`${BEGIN}  a: { stock: 1, min: §low }`, 'expected a number, found the text "low"', undefined],
    [`${BEGIN}  a: { table: [[0, 0], §[0, 1]] }`, 'does not lie above', 'sort'],
    [`${BEGIN}  a: { table: [§[0]] }`, 'two numbers', '[[0, 0]'],
    [`${BEGIN}  a: { table: §[] }`, 'one point or more', '[[0, 0]'],
    [`${BEGIN}  a: { table: [[0, 1]], type: §smooth }`, 'expected continuous', undefined],
    [`${BEGIN}  a: { column: §false }`, 'expected true', 'column: true'],
    [`${BEGIN}  a: { random: §norml(1) }`, 'there is no distribution norml', 'did you mean "normal'],
    [`${BEGIN}  a: { random: §5 }`, 'expected a distribution', 'normal(mean, sd'],
    [`${BEGIN}  a: { random: §normal(1) }`, 'normal lacks sd', 'normal(mean, sd, min?, max?)'],
    [`${BEGIN}  a: { random: "§normal(1, 2, 3)" }`, 'normal lacks max', 'both'],
    [`${BEGIN}  a: { random: "uniform(1, 2, §3)" }`, 'uniform has no argument 3', 'uniform(min, max)'],
    [`${BEGIN}  a: { random: "normal(1, §mean = 2)" }`, 'given mean twice', undefined],
    [`${BEGIN}  a: { random: "normal(1, §variance = 2)" }`, 'no argument variance', undefined],
    [`${BEGIN}  a: { random: "§logNormal(mean = 1, sd = 1, mu = 1, sigma = 1)" }`, 'given twice', 'mu and sigma'],
    [`${BEGIN}  a: { random: "§empirical(b)" }`, 'empirical needs numbers', undefined],
    [`${BEGIN}  a: { random: §[1, 2], weights: [1] }`, 'a weight of 0 or more for each', undefined],
    [`${BEGIN}  a: { random: "normal(1, 2)", weights: §[1] }`, 'only empirical has weights', undefined],
    [`${BEGIN}  a: &x 1\n  b: §*x`, 'no anchors and aliases', 'write the value out'],
    ['name: m\ntime: §{ stop: 5 }\nvariables: { a: 1 }', 'a stop and a unit', 'start: 0'],
    ['name: m\ntime: { stop: 5, unit: year, dt: §0 }\nvariables: { a: 1 }', 'dt is above 0', undefined],
    ['name: m\ntime: { start: 6, stop: §5, unit: year }\nvariables: { a: 1 }', 'before start', undefined],
    ['name: m\ntime: { stop: 5, unit: year, saveEvery: §-1 }\nvariables: { a: 1 }', 'saveEvery is above 0', undefined],
    ['name: m\ndimensions: { d: §[a, A] }\nvariables: { a: 1 }', 'the element a is given twice', undefined],
    ['name: m\ndimensions: { d: §1.5 }\nvariables: { a: 1 }', 'how many', undefined],
    [
      'name: m\ndimensions: { d: { elements: [a, b], maps: { e: §[x] } } }\nvariables: { a: 1 }',
      'expected 2 elements',
      undefined,
    ],
    ['name: m\nidentities: { i: §a }\nvariables: { a: 1 }', 'two sides', undefined],
    ['name: m\ncorrelations: [{ names: [a, b], matrix: §[[1]] }]\nvariables: { a: 1 }', '2 rows of 2', undefined],
    ['name: m\nmacros: { f: §{ result: 1 } }\nvariables: { a: 1 }', 'parameters and a result', undefined],
    ['name: m\nsolve: { s: §{ tolerance: 1 } }\nvariables: { a: 1 }', 'unknowns are missing', undefined],
  ])('is told where it stands (§): %j', (marked, message, suggestion) => {
    const before = marked.split('§')[0]!.split('\n')
    const error = wrong(() => readModelFile(marked.replace('§', '')))
    expect(error.code).toBe('MODEL_INVALID')
    expect(error.message).toContain(message)
    expect(error.detail).toMatchObject({ line: before.length, column: before.at(-1)!.length + 1 })
    if (suggestion) expect(error.detail['suggestion']).toContain(suggestion)
  })

  it('of a formula carries the variable, what was expected, and the formula', () => {
    const { message, detail } = wrong(() => readModelFile(`${BEGIN}  heat loss: { formula: "a * )" }`))
    expect(message).toBe("heat loss.formula: line 3, column 30: expected a number, a name or '(' after '*', found ')'")
    expect(detail).toMatchObject({ path: 'heat loss.formula', expected: ['a number', 'a name', "'('"], text: 'a * )' })
  })
})

describe('text of any kind', () => {
  const attempt = (file: string) => {
    try {
      readModelFile(file)
    } catch (error) {
      if (!isQuesnayError(error) || error.code !== 'MODEL_INVALID') throw error
      expect(error.detail).toMatchObject({ path: expect.any(String), line: expect.any(Number) })
    }
  }

  it('is a model or a typed error: a model file with a piece cut out or put in', () => {
    const pieces = fc.constantFrom(
      '',
      ' ',
      '\n',
      ':',
      '{',
      '}',
      '[',
      ']',
      '- ',
      '"',
      "'",
      '|',
      '>',
      '&a ',
      '*a',
      '!',
      '#',
      '?',
      ',',
      '~',
      '<<: ',
      'null',
      '.inf',
    )
    fc.assert(
      fc.property(fc.nat(TEACUP.length), fc.nat(12), pieces, (at, length, piece) => {
        attempt(TEACUP.slice(0, at) + piece + TEACUP.slice(at + length))
      }),
      { numRuns: 1_000 },
    )
  })

  it.each(['['.repeat(20_000), '{a: '.repeat(10_000), '\t', '? ', '---\n---\n', '%YAML 9', '{ [a]: 1 }', '1'])(
    'is a typed error: %.20s',
    (file) => {
      expect(() => readModelFile(file)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }))
      attempt(file)
    },
  )
})

describe('each example', () => {
  const folder = packageFile('examples', 'models')
  it.each(readdirSync(folder))('%s is a model whose units fit', (name) => {
    const { source: model, findings } = readModelFile(readFileSync(packageFile('examples', 'models', name), 'utf8'))
    expect(findings).toEqual([])
    expect(unitFaults(model)).toEqual([])
    expect(model.variables.every(({ unit }) => unit !== undefined)).toBe(true)
  })
})
