// Arbitrary models for property tests: every kind of variable, every function, auxiliaries without cycles.
import fc from 'fast-check'
import { ARITY } from '../../compute/model/expressions.ts'
import type { Distribution, Expression, FunctionName, Model, Variable } from '../../compute/model/model.ts'

const number = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.double({ min: -100, max: 100, noNaN: true }),
  fc.constantFrom(0, 1, -1, 0.5, 1e-3),
)

const table = fc
  .uniqueArray(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 6 })
  .chain((xs) => {
    const rising = [...new Set(xs.map((x) => x + 0))].sort((a, b) => a - b)
    return fc.record({
      xs: fc.constant(rising),
      ys: fc.array(number, { minLength: rising.length, maxLength: rising.length }),
    })
  })

/** An expression over the names given, at most so many functions deep. */
function expression(names: readonly string[], hasTime: boolean, depth: number): fc.Arbitrary<Expression> {
  const leaves: fc.Arbitrary<Expression>[] = [number.map((value): Expression => ({ op: 'number', value }))]
  if (names.length > 0) leaves.push(fc.constantFrom(...names).map((name): Expression => ({ op: 'ref', name })))
  if (hasTime) leaves.push(fc.constant<Expression>({ op: 'time' }))
  const leaf = fc.oneof(...leaves)
  if (depth === 0) return leaf
  const inner = expression(names, hasTime, depth - 1)
  const call = fc
    .constantFrom(...(Object.keys(ARITY) as FunctionName[]))
    .chain((op) =>
      fc.array(inner, { minLength: ARITY[op], maxLength: ARITY[op] }).map((args): Expression => ({ op, args })),
    )
  const reading = fc
    .tuple(fc.constantFrom('lookup' as const, 'bracket' as const), fc.constantFrom('t1', 't2'), inner)
    .map(([op, table, x]): Expression => ({ op, table, x }))
  return fc.oneof({ weight: 2, arbitrary: leaf }, { weight: 5, arbitrary: call }, { weight: 1, arbitrary: reading })
}

const distribution: fc.Arbitrary<Distribution> = fc.oneof(
  fc.record({ kind: fc.constant('normal' as const), mean: number, sd: fc.double({ min: 0, max: 5, noNaN: true }) }),
  fc.record({
    kind: fc.constant('logNormal' as const),
    mu: fc.double({ min: -1, max: 1, noNaN: true }),
    sigma: fc.constant(0.5),
  }),
  fc.record({
    kind: fc.constant('uniform' as const),
    min: fc.constant(-2),
    max: fc.double({ min: -2, max: 9, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('truncatedNormal' as const),
    mean: fc.double({ min: -3, max: 3, noNaN: true }),
    sd: fc.double({ min: 0.5, max: 3, noNaN: true }),
    min: fc.constant(-1),
    max: fc.double({ min: 0, max: 4, noNaN: true }),
  }),
)

const GIVEN = ['constant', 'input', 'column', 'random_1', 'random_2']

/** A model with time, or without; what it needs is named `input`, `series` and `column`. */
export const anyModel: fc.Arbitrary<Model> = fc.boolean().chain((hasTime) => {
  const given = hasTime ? [...GIVEN, 'series'] : GIVEN
  const stockNames = hasTime ? ['stock_1', 'stock_2', 'stock_3'] : []
  const auxiliaries = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const known = (count: number) => [...given, ...stockNames, ...auxiliaries.slice(0, count)]
  // The auxiliaries just before are read most, so that many values have several readers near each other.
  const near = (count: number) => {
    const recent = auxiliaries.slice(Math.max(0, count - 3), count)
    return [...known(count), ...recent, ...recent, ...recent, ...recent]
  }
  const equations = fc.tuple(...auxiliaries.map((_, i) => expression(near(i), hasTime, i % 2 ? 1 : 3)))
  const stock = fc.record({
    // Initial values read no auxiliaries, which may read stocks in turn.
    initial: expression(given, hasTime, 2),
    flow: expression(near(auxiliaries.length), hasTime, 3),
    min: fc.option(fc.double({ min: -100, max: 0, noNaN: true }), { nil: undefined }),
    max: fc.option(fc.double({ min: 1, max: 100, noNaN: true }), { nil: undefined }),
  })
  return fc
    .record({
      constant: number,
      distributions: fc.tuple(distribution, distribution),
      tables: fc.record({ t1: table, t2: table }),
      equations,
      stocks: fc.array(stock, { minLength: stockNames.length, maxLength: stockNames.length }),
      time: fc.record({
        start: fc.constantFrom(0, 2024),
        dt: fc.constantFrom(0.25, 1, 0.1),
        steps: fc.integer({ min: 0, max: 12 }),
        saveEvery: fc.integer({ min: 1, max: 5 }),
        unit: fc.constant('year'),
      }),
      outputs: fc.shuffledSubarray(known(auxiliaries.length).reverse(), { minLength: 1, maxLength: 3 }),
    })
    .map(({ constant, distributions, tables, equations, stocks, time, outputs }): Model => {
      const unit = '1'
      const variables: Variable[] = [
        { kind: 'constant', name: 'constant', unit, value: constant },
        { kind: 'input', name: 'input', unit },
        { kind: 'column', name: 'column', unit },
        ...distributions.map((d, i): Variable => ({ kind: 'random', name: `random_${i + 1}`, unit, distribution: d })),
        ...equations.map((equation, i): Variable => ({ kind: 'auxiliary', name: auxiliaries[i]!, unit, equation })),
      ]
      if (hasTime) variables.push({ kind: 'series', name: 'series', unit })
      for (const [i, { initial, flow, min, max }] of stocks.entries()) {
        const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
        variables.push({ kind: 'stock', name: stockNames[i]!, unit, initial, flow, ...bounds })
      }
      return { name: 'any', variables, tables, outputs, ...(hasTime ? { time } : {}) }
    })
})
