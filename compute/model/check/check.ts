// Checks a model before it is lowered: every fault at once, each with its place and, where there is one, the fix.
import { QuesnayError } from '../../../schema/errors.ts'
import type { Model, Variable } from '../model.ts'
import { allEquations, readsOf, variableReads } from '../references.ts'
import { circleFaults } from './check-circles.ts'
import {
  correlationFaults,
  entityFaults,
  identityFaults,
  outputFaults,
  solveFaults,
  tableFaults,
  timeFaults,
} from './check-declarations.ts'
import { expressionFaults, type Scope, scopeOf, unknown } from './check-expression.ts'
import { checkVariable } from './check-variable.ts'

export interface ModelFault {
  /** The variable, `time.dt`, `tables.NAME`, `outputs.NAME`, `entities.NAME`, `correlations.NAMES`, `solves.NAME` or `identities.NAME`. */
  readonly path: string
  readonly message: string
  readonly suggestion?: string
}

/** Every fault of a model; none where it can be lowered. */
export function modelFaults(model: Model): ModelFault[] {
  const scope = scopeOf(model)
  const faults = [
    ...duplicateFaults(model.variables),
    ...model.variables.flatMap((v) => checkVariable(v)),
    ...Object.entries(model.tables).flatMap(([name, table]) => tableFaults(name, table)),
    ...timeFaults(model.time),
    ...entityFaults(model),
    ...outputFaults(scope),
    ...model.variables.flatMap((v) => [
      ...placeFaults(scope, v),
      ...allEquations(v).flatMap((e) => expressionFaults(scope, v.name, e, v.entity)),
    ]),
    ...correlationFaults(scope),
    ...solveFaults(scope),
    ...identityFaults(scope),
    ...(model.time ? [] : needsTimeFaults(model)),
  ]
  // Circles are only told where every name is known.
  return faults.length > 0 ? faults : circleFaults(model)
}

/** Throws MODEL_INVALID with the first fault as its message and all of them in `detail.faults`. */
export function checkModel(model: Model): void {
  const faults = modelFaults(model)
  const [first] = faults
  if (!first) return
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
  throw new QuesnayError('MODEL_INVALID', `${first.path}: ${first.message}${more}`, { ...first, faults })
}

function duplicateFaults(variables: readonly Variable[]): ModelFault[] {
  const seen = new Set<string>()
  return variables.flatMap(({ name }) => {
    const again = seen.has(name)
    seen.add(name)
    return again ? [{ path: name, message: 'the name is declared twice; rename one of the two' }] : []
  })
}

/** Kinds that the machine keeps per lane alone. */
const OF_LANES: ReadonlySet<Variable['kind']> = new Set<Variable['kind']>(['delay', 'trajectory'])

function placeFaults(scope: Scope, v: Variable): ModelFault[] {
  if (v.entity === undefined) return []
  if (!scope.parents.has(v.entity)) return [unknown(v.name, 'the entity', v.entity, scope.parents.keys())]
  const [first] = scope.parents.keys()
  if (v.entity === first || !OF_LANES.has(v.kind)) return []
  const message = `a variable of kind ${v.kind} is of ${first}, not of its member ${v.entity}; reduce it first`
  return [{ path: v.name, message }]
}

function needsTimeFaults({ variables, identities = [] }: Model): ModelFault[] {
  const needs: ReadonlySet<Variable['kind']> = new Set([...OF_LANES, 'stock', 'previous', 'series'])
  const message = 'the equation reads the time of a model without time'
  return [
    ...variables.flatMap((v) => {
      if (needs.has(v.kind)) return [{ path: v.name, message: `a ${v.kind} needs a model with time` }]
      return variableReads(v).now.time ? [{ path: v.name, message }] : []
    }),
    ...identities.flatMap(({ name, left, right }) =>
      readsOf([left, right]).time ? [{ path: `identities.${name}`, message }] : [],
    ),
  ]
}
