// Arbitrary models with all that a model may have beside functions: members, solve blocks, correlation, memory, several stages.
import fc from 'fast-check'
import { call, expression, initial, reduce, type Term } from '../../compute/model/build.ts'
import type { Distribution, Expression, Model, Parameter, Variable } from '../../compute/model/model.ts'

const unit = '1'
const number = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.double({ min: -9, max: 9, noNaN: true }))
const UNARY = ['neg', 'abs', 'sin', 'cos', 'arctan', 'floor', 'round', 'truncate', 'exp', 'not'] as const
const BINARY = ['add', 'sub', 'mul', 'min', 'max', 'lt', 'le', 'and', 'or', 'remainder', 'div', 'pow'] as const
const TABLE_FUNCTIONS = ['lookup', 'extrapolate', 'stepLookup', 'bracket'] as const

interface Place {
  readonly names: readonly string[]
  readonly timed: boolean
  /** Member entities with the names that an expression for one of their rows may read. */
  readonly members: readonly { readonly over: string; readonly names: readonly string[] }[]
}

function anyExpression(place: Place, depth: number): fc.Arbitrary<Expression> {
  const { names, timed, members } = place
  const leaf = fc.oneof(
    number.map(expression),
    fc.constantFrom(...names).map(expression),
    ...(timed ? [fc.constantFrom<Expression>({ op: 'time' }, { op: 'stepTime' })] : []),
  )
  if (depth === 0) return leaf
  const inner = anyExpression(place, depth - 1)
  const gathered = members.map(({ over, names }) =>
    fc
      .tuple(
        fc.constantFrom('sum', 'min', 'max', 'any', 'count'),
        anyExpression({ ...place, names, members: [] }, depth - 1),
      )
      .map(([how, x]) => reduce(how, over, x)),
  )
  return fc.oneof(
    leaf,
    fc.tuple(fc.constantFrom(...UNARY), inner).map(([op, a]) => call(op, a)),
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...BINARY), inner, inner).map(([op, a, b]) => call(op, a, b)) },
    fc.tuple(inner, inner, inner).map(([a, b, c]) => call('select', a, b, c)),
    fc
      .tuple(fc.constantFrom(...TABLE_FUNCTIONS), fc.constantFrom('rising', 'falling'), inner)
      .map(([op, table, x]): Expression => ({ op, table, x })),
    inner.map(initial),
    ...gathered,
    ...gathered,
  )
}

/** Distributions whose parameters stand in their ranges whatever the expression. */
function anyDistribution(expressions: fc.Arbitrary<Expression>): fc.Arbitrary<Distribution> {
  const free: fc.Arbitrary<Parameter> = fc.oneof(number, expressions)
  const above = (least: number): fc.Arbitrary<Parameter> =>
    fc.oneof(
      fc.double({ min: least, max: least + 3, noNaN: true }),
      expressions.map((e) => call('add', least, call('abs', call('sin', e)))),
    )
  const tuple = (...each: fc.Arbitrary<Parameter>[]) => fc.tuple(...each)
  return fc.oneof(
    tuple(free, above(0.1)).map(([mean, sd]): Distribution => ({ kind: 'normal', mean: mean!, sd: sd! })),
    tuple(free, above(0.1)).map(([mu, sigma]): Distribution => ({ kind: 'logNormal', mu: mu!, sigma: sigma! })),
    tuple(above(-4), above(2)).map(([min, max]): Distribution => ({ kind: 'uniform', min: min!, max: max! })),
    tuple(free, above(0.5), above(-4), above(2)).map(
      ([mean, sd, min, max]): Distribution => ({
        kind: 'truncatedNormal',
        mean: typeof mean === 'number' ? mean / 3 : call('sin', mean!),
        sd: sd!,
        min: min!,
        max: max!,
      }),
    ),
    tuple(above(-4), above(0), above(4)).map(
      ([min, mode, max]): Distribution => ({ kind: 'triangular', min: min!, mode: mode!, max: max! }),
    ),
    above(0.1).map((mean): Distribution => ({ kind: 'exponential', mean })),
    tuple(above(0.3), above(0.1)).map(
      ([shape, scale]): Distribution => ({ kind: 'gamma', shape: shape!, scale: scale! }),
    ),
    tuple(above(0.3), above(0.3)).map(([alpha, beta]): Distribution => ({ kind: 'beta', alpha: alpha!, beta: beta! })),
    above(0.5).map((mean): Distribution => ({ kind: 'poisson', mean })),
    fc.array(fc.tuple(number, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 4 }).map(
      (pairs): Distribution => ({
        kind: 'empirical',
        values: pairs.map(([value]) => value),
        weights: pairs.map(([, weight]) => weight),
      }),
    ),
  )
}

/** Half of the last of the unknowns, and something of each bounded: such a circle has one solution, and is soon at it. */
const contracting = (unknown: string, other: string, rest: Expression): Expression =>
  call('add', call('mul', 0.25, call('sin', call('add', unknown, rest))), call('mul', 0.25, call('arctan', other)))

const aux = (name: string, equation: Term, entity?: string): Variable => ({
  kind: 'auxiliary',
  name,
  unit,
  equation: expression(equation),
  ...(entity === undefined ? {} : { entity }),
})

const ENTITIES = [{ name: 'household' }, { name: 'unit', of: 'household' }, { name: 'person', of: 'unit' }]
const GIVEN = ['income', 'rate', 'drawn']

/**
 * Timed models. What they need is named `rate` (input), `growth` (series), `income` and `wage` (columns of households and persons),
 * `path` (trajectory). Auxiliaries stand in order, so that their only circle is that of the block.
 */
export const richModel: fc.Arbitrary<Model> = fc
  .record({ hasMembers: fc.boolean(), method: fc.constantFrom('euler', 'rk2', 'rk4') })
  .chain(({ hasMembers, method }) => {
    const state = ['stock', 'other', 'before', 'late', 'path', 'growth', 'noise', 'friend']
    const lanes = [...GIVEN, ...state]
    const persons = ['wage', 'luck']
    const members = hasMembers
      ? [
          { over: 'person', names: [...lanes, ...persons] },
          { over: 'unit', names: lanes },
        ]
      : []
    const place = (names: readonly string[], inside: typeof members = members): Place => ({
      names,
      timed: true,
      members: inside,
    })
    const still: Place = { names: ['income', 'rate'], timed: false, members: [] }
    const own = anyExpression(place(lanes), 3)
    const after = anyExpression(place([...lanes, 'a', 'b']), 2)
    const later = anyExpression(place([...lanes, 'a', 'b', 'x', 'y', 'c']), 3)
    const atStart = anyExpression(still, 2)
    return fc
      .record({
        a: own,
        b: anyExpression(place([...lanes, 'a']), 3),
        inner: after,
        outer: after,
        c: anyExpression(place([...lanes, 'a', 'b', 'x', 'y']), 3),
        d: later,
        flows: fc.tuple(later, later),
        initials: fc.tuple(atStart, atStart, atStart, atStart),
        remembered: later,
        delayed: later,
        lag: fc.oneof(number.map(expression), anyExpression(still, 1)),
        drawn: anyDistribution(anyExpression(still, 1)),
        noise: anyDistribution(anyExpression(place(['income', 'stock', 'growth'], []), 1)),
        friend: anyDistribution(anyExpression(place(['rate', 'growth'], []), 1)),
        luck: anyDistribution(anyExpression({ ...still, names: ['wage', 'rate'] }, 1)),
        ofUnit: anyExpression({ ...place([...lanes, 'a', 'b']), members: members.slice(0, 1) }, 2),
        ofPerson: anyExpression({ names: [...lanes, ...persons, 'a'], timed: true, members: [] }, 3),
        grown: fc.boolean(),
        correlation: fc.double({ min: -0.9, max: 0.9, noNaN: true }),
        solver: fc.constantFrom('newton' as const, 'gaussSeidel' as const),
        damping: fc.constantFrom(1, 0.7),
        guess: fc.option(atStart, { nil: undefined }),
        time: fc.record({
          start: fc.constantFrom(0, 2, 2024),
          dt: fc.constantFrom(0.25, 1),
          steps: fc.integer({ min: 0, max: 7 }),
          saveEvery: fc.integer({ min: 1, max: 3 }),
        }),
        savedTwice: fc.boolean(),
        outputs: fc.shuffledSubarray([...lanes, 'a', 'b', 'x', 'y', 'c', 'd', ...(hasMembers ? ['total'] : [])], {
          minLength: 1,
          maxLength: 4,
        }),
      })
      .map((m): Model => {
        // Kept small, so that few of the values are infinite.
        const bounded = (e: Expression) => call('clamp', call('arctan', e), -3, 3)
        const variables: Variable[] = [
          { kind: 'column', name: 'income', unit },
          { kind: 'input', name: 'rate', unit },
          { kind: 'series', name: 'growth', unit },
          { kind: 'trajectory', name: 'path', unit },
          { kind: 'random', name: 'drawn', unit, distribution: m.drawn },
          { kind: 'random', name: 'noise', unit, distribution: m.noise, everyStep: true },
          { kind: 'random', name: 'friend', unit, distribution: m.friend, everyStep: true },
          { kind: 'stock', name: 'stock', unit, initial: m.initials[0], flow: bounded(m.flows[0]), min: -50 },
          { kind: 'stock', name: 'other', unit, initial: m.initials[1], flow: bounded(m.flows[1]), max: 50 },
          { kind: 'previous', name: 'before', unit, value: m.remembered, initial: m.initials[2] },
          { kind: 'delay', name: 'late', unit, input: m.delayed, steps: m.lag, initial: m.initials[3] },
          aux('a', m.a),
          aux('b', m.b),
          aux('x', contracting('x', 'between', m.inner)),
          aux('between', call('add', call('mul', 0.5, 'y'), call('sin', m.outer))),
          aux('y', contracting('y', 'x', m.outer)),
          aux('c', m.c),
          aux('d', m.d),
        ]
        if (hasMembers) {
          variables.push(
            { kind: 'column', name: 'wage', unit, entity: 'person' },
            { kind: 'random', name: 'luck', unit, distribution: m.luck, entity: 'person' },
            aux('ofUnit', m.ofUnit, 'unit'),
            aux('ofPerson', m.ofPerson, 'person'),
            {
              kind: 'stock',
              name: 'savings',
              unit,
              entity: 'person',
              initial: expression(m.grown ? 'wage' : 1),
              flow: bounded(expression(m.grown ? 'a' : 'ofPerson')),
            },
            aux(
              'total',
              call(
                'add',
                reduce('sum', 'unit', call('add', 'ofUnit', reduce('max', 'person', 'ofPerson'))),
                reduce('sum', 'person', 'savings'),
              ),
            ),
          )
        }
        const { steps } = m.time
        return {
          name: 'rich',
          variables,
          tables: { rising: { xs: [-1, 0, 2], ys: [0.5, 1, 3] }, falling: { xs: [0, 1], ys: [2, -1] } },
          time: {
            ...m.time,
            unit: 'year',
            method: method as 'euler' | 'rk2' | 'rk4',
            ...(m.savedTwice ? { saveAt: [...new Set([Math.floor(steps / 2), steps])] } : {}),
          },
          outputs: m.outputs,
          ...(hasMembers ? { entities: ENTITIES } : {}),
          correlations: [
            {
              names: ['noise', 'friend'],
              matrix: [
                [1, m.correlation],
                [m.correlation, 1],
              ],
            },
          ],
          solves: [
            {
              name: 'circle',
              unknowns: ['x', 'y'],
              method: m.solver,
              tolerance: 1e-9,
              maxIterations: 60,
              damping: m.damping,
              ...(m.guess ? { guess: { y: m.guess } } : {}),
            },
          ],
          identities: [
            { name: 'books', left: { op: 'ref', name: 'a' }, right: { op: 'ref', name: 'a' }, tolerance: 1e-9 },
          ],
        }
      })
  })
