// Vensim's functions that need to see how their arguments are written: tables and arrays.
import type { Formula } from '../formula/ast.ts'
import { invalid, unsupported } from './faults.ts'
import { binary, call, choose, isRandom, NAME_IT, named, negated, number } from './formulas.ts'
import { knownNumber } from './known-number.ts'
import type { Scope, Translate } from './scope.ts'
import type { VensimExpression } from './syntax.ts'
import { keyOf, shownName } from './tokens.ts'
import { VECTOR_FUNCTIONS } from './vector-functions.ts'

type Call = Extract<VensimExpression, { kind: 'call' }>

interface SpecialFunction {
  readonly args: number
  make(call: Call, scope: Scope, translate: Translate): Formula
}

/** By key. */
export const SPECIAL_FUNCTIONS: Readonly<Record<string, SpecialFunction>> = {
  with_lookup: {
    args: 2,
    make: ({ args: [x, points] }, scope, translate) => {
      if (points?.kind !== 'points')
        throw invalid(scope.path, points?.at, 'WITH LOOKUP needs points, as in ((0,0),(1,2))')
      return call('lookup', named(scope.table(points.points, points)), translate(x!, scope))
    },
  },
  lookup_extrapolate: {
    args: 2,
    make: (one, scope, translate) => call('extrapolate', ...tableAndX(one, scope, translate)),
  },
  lookup_backward: {
    args: 2,
    make: (one, scope, translate) => call('stepLookup', ...tableAndX(one, scope, translate)),
  },
  lookup_forward: {
    args: 2,
    // The next point at or above x is the last one at or below -x of the table mirrored at 0.
    make: (one, scope, translate) => {
      const [table, x] = tableAndX(one, scope, translate)
      if (table.kind !== 'name') return call('stepLookup', table, x)
      return call('stepLookup', { ...table, name: scope.mirrored(table.name) }, negated(x))
    },
  },
  elmcount: {
    args: 1,
    make: ({ args: [range] }, scope) => {
      const elements = range?.kind === 'name' ? scope.subscripts.ranges.get(keyOf(range.name))?.elements : undefined
      if (!elements) throw invalid(scope.path, range?.at, 'ELMCOUNT needs the name of a subscript range')
      return number(elements.length)
    },
  },
  vector_select: { args: 5, make: vectorSelect },
  ...VECTOR_FUNCTIONS,
}

function tableAndX({ name, args: [table, x], at }: Call, scope: Scope, translate: Translate): [Formula, Formula] {
  const kind = table?.kind === 'name' ? scope.names.get(keyOf(table.name)) : undefined
  if (kind !== 'lookup' && kind !== 'parameter')
    throw invalid(scope.path, table?.at ?? at, `${shownName(name)} needs the name of a lookup first`)
  return [translate(table!, scope), translate(x!, scope)]
}

/**
 * VECTOR SELECT(which, x, missing, action, error): by its action the sum (0, 6), product (1, 7), minimum (2, 8), maximum (3, 9) or
 * mean (4, 10) of which * x, or from 6 on of x, where `which` is not 0; `missing` where it is 0 everywhere
 * (vensim.com/documentation/fn_vector_select.html).
 */
function vectorSelect({ args, at }: Call, scope: Scope, translate: Translate): Formula {
  const [which, x, missing, action, error] = args.map((arg) => translate(arg, scope))
  const how = knownNumber(action!, scope.constant) ?? Number.NaN
  if (!(Number.isInteger(how) && how >= 0 && how <= 10) || how === 5)
    throw unsupported(
      scope.path,
      at,
      'VECTOR SELECT with this numerical action',
      'write one of the numbers 0 to 4 and 6 to 10',
    )
  if (knownNumber(error!, scope.constant) !== 0)
    throw unsupported(scope.path, at, 'VECTOR SELECT with an error action', 'write 0 as its last argument')
  const drawn = [which!, x!].find(isRandom)
  if (drawn) throw unsupported(scope.path, drawn.at ?? at, 'VECTOR SELECT of a random number', NAME_IT)
  const value = how < 6 ? binary(which!, '*', x!) : x!
  const selected = (otherwise: Formula) => choose(binary(which!, '<>', number(0)), value, otherwise)
  const results = [
    () => call('sum', selected(number(0))),
    () => call('product', selected(number(1))),
    () => call('min', selected(infinity(scope))),
    () => call('max', selected(negated(infinity(scope)))),
    () => call('safeDivide', call('sum', selected(number(0))), call('count', which!)),
  ]
  return choose(call('any', which!), results[how < 6 ? how : how - 6]!(), missing!)
}

/** `inf` fits any unit; where the model has a variable of this name, the number that it stands for. */
function infinity({ names }: Scope): Formula {
  return names.has('inf') || names.has('inf$') ? number(Number.MAX_VALUE) : named('inf')
}
