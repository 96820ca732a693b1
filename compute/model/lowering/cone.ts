// The cone of a change: what is downstream of it, a model that runs that alone, and several variants of a model in one pass.
import { QuesnayError } from '../../../schema/errors.ts'
import { nearest } from '../../../schema/nearest.ts'
import type { Model, SolveBlock, Variable } from '../model.ts'
import { allReads, readsOf } from '../references.ts'
import { changingNames, downstream } from './changing.ts'

export interface Cone {
  readonly variables: ReadonlySet<string>
  /** In the order of the model. */
  readonly outputs: readonly string[]
}

/**
 * The changed variables and everything computed from them: by equations, stocks, what is remembered or delayed, solve blocks.
 * Errors: BAD_INPUT for a name that the model does not have.
 */
export function coneOf(model: Model, changed: readonly string[]): Cone {
  const names = new Set(model.variables.map((v) => v.name))
  for (const name of changed) {
    if (names.has(name)) continue
    const suggestion = nearest(name, names)
    const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`
    throw new QuesnayError('BAD_INPUT', `the model has no variable ${name}${hint}`, { path: name })
  }
  const together = blockMates(model)
  const guesses = new Map((model.solves ?? []).flatMap((s) => s.unknowns.map((name) => [name, guessReads(s)] as const)))
  const reads = (v: Variable) => [...allReads(v), ...(guesses.get(v.name) ?? [])]
  const variables = downstream(changed, model.variables, reads, together)
  return { variables, outputs: model.outputs.filter((name) => variables.has(name)) }
}

/**
 * The model that runs the cone of a change alone; its outputs are those inside. A variable outside that it reads and that changes
 * over time becomes a trajectory: `frontier` names these, for the baseline run to save at every step. What does not change over
 * time, is drawn or given, or is of members, stays with what it needs. Identities that the change does not touch are left out.
 * By Euler's method its results equal those of the whole model bit for bit.
 * Errors: BAD_INPUT as coneOf; CONSTRUCT_UNSUPPORTED where the method would need the frontier within a step.
 */
export function coneModel(model: Model, changed: readonly string[]): { model: Model; frontier: readonly string[] } {
  const { variables: cone, outputs } = coneOf(model, changed)
  const byName = new Map(model.variables.map((v) => [v.name, v]))
  const changing = changingNames(model)
  const together = blockMates(model)
  const solveOf = new Map((model.solves ?? []).flatMap((s) => s.unknowns.map((name) => [name, s] as const)))
  const groupOf = new Map((model.correlations ?? []).flatMap((c) => c.names.map((name) => [name, c.names] as const)))
  const identities = (model.identities ?? []).filter(({ left, right }) =>
    bothReads([left, right]).some((n) => cone.has(n)),
  )
  const becomes = (v: Variable) =>
    !cone.has(v.name) && changing.has(v.name) && COMPUTED.has(v.kind) && isOfLanes(model, v)

  const kept = new Set<string>()
  const frontier = new Set<string>()
  const open = [...outputs, ...identities.flatMap(({ left, right }) => bothReads([left, right]))]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (kept.has(name) || frontier.has(name)) continue
    const v = byName.get(name)!
    if (becomes(v)) {
      frontier.add(name)
      continue
    }
    kept.add(name)
    open.push(...allReads(v), ...(together.get(name) ?? []), ...(groupOf.get(name) ?? []))
    const solve = solveOf.get(name)
    if (solve) open.push(...guessReads(solve))
  }
  const method = model.time?.method ?? 'euler'
  if (frontier.size > 0 && method !== 'euler') {
    const [first] = [...frontier].sort()
    const message = `the cone of a change needs ${first} within a step of the method ${method}; run the whole model, or by euler`
    throw new QuesnayError('CONSTRUCT_UNSUPPORTED', message, { path: first, message })
  }
  return {
    frontier: [...frontier].sort(),
    model: {
      ...model,
      variables: model.variables.flatMap((v): Variable[] =>
        kept.has(v.name) ? [v] : frontier.has(v.name) ? [trajectoryOf(v)] : [],
      ),
      outputs,
      identities,
      solves: (model.solves ?? []).filter((s) => s.unknowns.some((name) => kept.has(name))),
      correlations: (model.correlations ?? []).filter((c) => c.names.some((name) => kept.has(name))),
    },
  }
}

/** What is computed and not given or drawn. */
const COMPUTED: ReadonlySet<Variable['kind']> = new Set<Variable['kind']>(['auxiliary', 'stock', 'previous', 'delay'])

const isOfLanes = (model: Model, v: Variable) => v.entity === undefined || v.entity === model.entities?.[0]?.name

function trajectoryOf({ name, unit, entity, provenance, unchecked }: Variable): Variable {
  return {
    kind: 'trajectory',
    name,
    unit,
    ...(entity === undefined ? {} : { entity }),
    ...(provenance === undefined ? {} : { provenance }),
    ...(unchecked === undefined ? {} : { unchecked }),
  }
}

function blockMates(model: Model): ReadonlyMap<string, readonly string[]> {
  return new Map((model.solves ?? []).flatMap(({ unknowns }) => unknowns.map((name) => [name, unknowns] as const)))
}

const guessReads = (solve: SolveBlock) => bothReads(Object.values(solve.guess ?? {}))

function bothReads(expressions: Parameters<typeof readsOf>[0]): string[] {
  const { now, start } = readsOf(expressions)
  return [...now, ...start]
}
