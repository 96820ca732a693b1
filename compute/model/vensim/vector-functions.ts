// Vensim's functions that find elements of an array by number: VECTOR ELM MAP, VECTOR SORT ORDER, VECTOR RANK.
import type { Formula } from '../formula/ast.ts'
import { functionKind } from '../formula/functions.ts'
import { invalid, unsupported } from './faults.ts'
import { binary, call, choose, isRandom, NAME_IT, negated, number } from './formulas.ts'
import { MISSING } from './missing.ts'
import type { Scope, Translate } from './scope.ts'
import type { VensimExpression, VensimName } from './syntax.ts'
import { keyOf, shownName } from './tokens.ts'

type Call = Extract<VensimExpression, { kind: 'call' }>

/** By key: they are read element by element. */
export const VECTOR_FUNCTIONS = {
  vector_elm_map: { args: 2, make: elementMap },
  vector_sort_order: { args: 2, make: sortOrder },
  vector_rank: { args: 2, make: rank },
} as const

/**
 * VECTOR ELM MAP(v[element], offset): the value that lies so many elements behind this one, over all subscripts of v, the last
 * moving fastest; :NA: outside of v (vensim.com/documentation/fn_vector_elm_map.html).
 */
function elementMap({ name, args: [vector, by], at }: Call, scope: Scope, translate: Translate): Formula {
  const layout = vector?.kind === 'name' ? scope.layout(keyOf(vector.name)) : undefined
  if (vector?.kind !== 'name' || !layout?.length || vector.subscripts?.length !== layout.length)
    throw invalid(scope.path, vector?.at ?? at, `${shownName(name)} needs an element of an array first`)
  const key = keyOf(vector.name)
  const here = translate(vector, scope)
  if (here.kind !== 'name')
    throw invalid(scope.path, vector.at, `${shownName(name)} needs an element of an array first`)
  let base = 0
  for (const [k, elements] of layout.entries()) {
    const subscript = here.subscripts![k]!
    const index = subscript.kind === 'name' ? elements.indexOf(subscript.name) : -1
    if (index < 0) throw invalid(scope.path, vector.at, `${shownName(vector.name)} has no such element`)
    base = base * elements.length + index
  }
  const size = layout.reduce((product, elements) => product * elements.length, 1)
  const offset = translate(by!, scope)
  const fixed = numberIn(offset)
  if (fixed !== undefined) {
    const place = base + Math.round(fixed)
    if (place < 0 || place >= size) return number(MISSING)
    return {
      kind: 'name',
      name: key,
      subscripts: elementsAt(layout, place).map((one) => ({ kind: 'name', name: one })),
    }
  }
  if (isRandom(offset)) throw unsupported(scope.path, offset.at ?? at, `${shownName(name)} by a random number`, NAME_IT)
  if (functionKind(key) || scope.macros.has(key))
    throw unsupported(scope.path, at, `${shownName(name)} of an array with the name of a function`, 'rename the array')
  const place = binary(offset, '+', number(base + 1))
  const inside = binary(binary(place, '>=', number(0.5)), 'and', binary(place, '<=', number(size + 0.5)))
  return choose(inside, { kind: 'call', function: key, args: [place] }, number(MISSING))
}

function elementsAt(layout: readonly (readonly string[])[], place: number): string[] {
  let rest = place
  return layout
    .toReversed()
    .map((elements) => {
      const element = elements[rest % elements.length]!
      rest = Math.floor(rest / elements.length)
      return element
    })
    .reverse()
}

/** The value of a number, and of + - * of such: places of elements are numbers once an equation is read at one. */
function numberIn(formula: Formula): number | undefined {
  if (formula.kind === 'number') return formula.value
  if (formula.kind === 'unary' && formula.operator !== 'not') {
    const x = numberIn(formula.operand)
    return x === undefined ? undefined : formula.operator === '-' ? -x : x
  }
  if (formula.kind !== 'binary') return undefined
  const [a, b] = [numberIn(formula.left), numberIn(formula.right)]
  if (a === undefined || b === undefined) return undefined
  if (formula.operator === '+') return a + b
  if (formula.operator === '-') return a - b
  return formula.operator === '*' ? a * b : undefined
}

/**
 * VECTOR SORT ORDER(v[range], direction): at the n-th element of the last range of v, the number (from 0) of the element that is
 * n-th when they are sorted, upwards where the direction is above 0; equal ones keep their order.
 */
function sortOrder(one: Call, scope: Scope, translate: Translate): Formula {
  const { range, elements, here } = rangeOf(one, scope)
  const vector = translate(gathering(one.args[0]!, range), scope)
  if (isRandom(vector)) throw unsupported(scope.path, one.at, `${shownName(one.name)} of a random number`, NAME_IT)
  const place = number(elements.indexOf(here) + 1)
  const order = (x: Formula) => binary(call('rank', x, place), '-', number(1))
  return byDirection(translate(one.args[1]!, scope), order(vector), order(negated(vector)))
}

/** VECTOR RANK(v[range], direction): the place, from 1, that the element takes when they are sorted; equal ones keep their order. */
function rank(one: Call, scope: Scope, translate: Translate): Formula {
  const { range, elements, here } = rangeOf(one, scope)
  const at = (element: string) => translate(one.args[0]!, { ...scope, place: new Map(scope.place).set(range, element) })
  const own = at(here)
  if (isRandom(own)) throw unsupported(scope.path, one.at, `${shownName(one.name)} of a random number`, NAME_IT)
  const before = (isLess: '<' | '>') =>
    elements.flatMap((element, i) => {
      if (element === here) return []
      const operator = i < elements.indexOf(here) ? (`${isLess}=` as const) : isLess
      return choose(binary(at(element), operator, own), number(1), number(0))
    })
  const count = (ones: Formula[]) => ones.reduce((sum, term) => binary(sum, '+', term), number(1))
  return byDirection(translate(one.args[1]!, scope), count(before('<')), count(before('>')))
}

function byDirection(direction: Formula, up: Formula, down: Formula): Formula {
  const fixed = numberIn(direction)
  if (fixed !== undefined) return fixed > 0 ? up : down
  return choose(binary(direction, '>', number(0)), up, down)
}

/** The last range among the subscripts of the vector, its elements and the one that the equation is read at. */
function rangeOf({ name, args: [vector], at }: Call, scope: Scope) {
  const range = vector && lastRange(vector, scope)
  const here = range === undefined ? undefined : scope.place.get(range)
  if (range === undefined || here === undefined)
    throw invalid(scope.path, at, `${shownName(name)} needs an array over a subscript range that stands on the left`)
  return { range, elements: scope.subscripts.ranges.get(range)!.elements, here }
}

function lastRange(expression: VensimExpression, scope: Scope): string | undefined {
  const ranges = namesIn(expression).flatMap(({ subscripts = [] }) =>
    subscripts.map((one) => keyOf(one.name)).filter((key) => scope.subscripts.ranges.has(key)),
  )
  return ranges.at(-1)
}

function namesIn(expression: VensimExpression): VensimName[] {
  if (expression.kind === 'name') return [expression]
  if (expression.kind === 'call') return expression.args.flatMap(namesIn)
  if (expression.kind === 'unary') return namesIn(expression.operand)
  return expression.kind === 'binary' ? [...namesIn(expression.left), ...namesIn(expression.right)] : []
}

/** The expression with an exclamation mark behind a range. */
function gathering(expression: VensimExpression, range: string): VensimExpression {
  const inside = (part: VensimExpression) => gathering(part, range)
  switch (expression.kind) {
    case 'name': {
      const subscripts = expression.subscripts?.map((one) =>
        keyOf(one.name) === range ? { ...one, gathers: true } : one,
      )
      return { ...expression, ...(subscripts && { subscripts }) }
    }
    case 'call':
      return { ...expression, args: expression.args.map(inside) }
    case 'unary':
      return { ...expression, operand: inside(expression.operand) }
    case 'binary':
      return { ...expression, left: inside(expression.left), right: inside(expression.right) }
    default:
      return expression
  }
}
