// The faults of an expression: names and tables that are not declared, wrong arguments, values of another entity.
import { nearest } from '../../../schema/nearest.ts'
import { entityOf, LANE } from '../entities.ts'
import { ARITY, argumentsOf, isTableExpression, TABLE_FUNCTIONS } from '../expressions.ts'
import type { Expression, Model, Reduction, Variable } from '../model.ts'
import type { ModelFault } from './check.ts'

const REDUCTIONS: readonly Reduction[] = ['sum', 'min', 'max', 'any', 'count']

/** What the names in expressions are looked up in. */
export interface Scope {
  readonly model: Model
  readonly names: ReadonlyMap<string, Variable>
  /** What each entity is a member of. */
  readonly parents: ReadonlyMap<string, string | undefined>
}

export function scopeOf(model: Model): Scope {
  const entities = model.entities?.length ? model.entities : [{ name: LANE, of: undefined }]
  return {
    model,
    names: new Map(model.variables.map((v) => [v.name, v])),
    parents: new Map(entities.map((e) => [e.name, e.of])),
  }
}

/** A fault that names what is nearest to what was written. */
export function unknown(path: string, what: string, name: string, names: Iterable<string>): ModelFault {
  const suggestion = nearest(name, names)
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`
  const message = `${what} ${name} is not declared${hint}`
  return { path, message, ...(suggestion === undefined ? {} : { suggestion }) }
}

/** Every fault of an expression that is evaluated for an entity (by default the first). */
export function expressionFaults(
  scope: Scope,
  path: string,
  root: Expression,
  entity: string | undefined,
): ModelFault[] {
  const faults: ModelFault[] = []
  const tell = (message: string) => faults.push({ path, message })
  const [lane] = scope.parents.keys()
  const stack: { e: Expression; at: string }[] = [{ e: root, at: entity ?? lane! }]
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { e, at } = top
    let inside = at
    if (e.op === 'number') {
      if (!Number.isFinite(e.value)) tell(`the equation holds ${e.value}, not a finite number`)
    } else if (e.op === 'ref') {
      const v = scope.names.get(e.name)
      if (!v) faults.push(unknown(path, 'the variable', e.name, scope.names.keys()))
      else if (v.entity !== undefined) faults.push(...entityFault(scope, path, v, at))
    } else if (e.op === 'reduce') {
      if (!REDUCTIONS.includes(e.how)) tell(`there is no reduction ${e.how}; take one of ${REDUCTIONS.join(', ')}`)
      if (!scope.parents.has(e.over)) faults.push(unknown(path, 'the entity', e.over, scope.parents.keys()))
      else if (e.over === at || !isWithin(scope, at, e.over)) tell(`${e.over} is no member of ${at}`)
      if (scope.parents.has(e.over)) inside = e.over
    } else if (isTableExpression(e)) {
      if (!Object.hasOwn(scope.model.tables, e.table))
        faults.push(unknown(path, 'the table', e.table, Object.keys(scope.model.tables)))
    } else if ('args' in e) {
      const arity = Object.hasOwn(ARITY, e.op) ? ARITY[e.op] : undefined
      if (arity === undefined) faults.push(unknownFunction(path, e.op))
      else if (e.args.length !== arity) tell(`${e.op} takes ${arity} arguments, not ${e.args.length}`)
    } else if (e.op !== 'time' && e.op !== 'stepTime' && e.op !== 'initial') {
      faults.push(unknownFunction(path, (e as { op: string }).op))
    }
    const args = argumentsOf(e)
    for (let i = args.length - 1; i >= 0; i--) stack.push({ e: args[i]!, at: inside })
  }
  return faults
}

const unknownFunction = (path: string, op: string) =>
  unknown(path, 'the function', op, [...Object.keys(ARITY), ...TABLE_FUNCTIONS, 'initial', 'reduce'])

/** Whether an entity is the one above, or a member of it at whatever depth. */
function isWithin({ parents }: Scope, above: string, entity: string): boolean {
  for (let at: string | undefined = entity; at !== undefined; at = parents.get(at)) if (at === above) return true
  return false
}

function entityFault(scope: Scope, path: string, v: Variable, at: string): ModelFault[] {
  const own = entityOf(scope.model, v)
  if (own === at || !scope.parents.has(own) || isWithin(scope, own, at)) return []
  if (!isWithin(scope, at, own)) {
    return [{ path, message: `${v.name} is of ${own}, and ${at} is no member of that` }]
  }
  const suggestion = `sum(${own}, ${v.name})`
  return [{ path, message: `${v.name} is of ${own}, a member of ${at}; reduce it: ${suggestion}`, suggestion }]
}
