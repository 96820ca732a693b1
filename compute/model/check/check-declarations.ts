// The faults of what a model declares beside its variables: time, tables, outputs, entities, correlations, solve blocks, identities.

import { entityOf } from '../entities.ts'
import { cholesky } from '../lowering/cholesky.ts'
import type { Correlation, Model, SolveBlock, Table, TimeSpec, Variable } from '../model.ts'
import type { ModelFault } from './check.ts'
import { expressionFaults, type Scope, unknown } from './check-expression.ts'

/** Ten million: a thousand years of hours, and far below what the machine's counters hold. */
const MAX_STEPS = 10_000_000
/** Far above what any block that converges needs; the machine takes no more. */
const MAX_ITERATIONS = 10_000
/** Member entities below the lane that a plan may have. */
const MAX_MEMBER_LEVELS = 3

export function tableFaults(name: string, { xs, ys }: Table): ModelFault[] {
  const path = `tables.${name}`
  if (xs.length === 0) return [{ path, message: 'the table has no points' }]
  if (xs.length !== ys.length) return [{ path, message: `the table has ${xs.length} xs and ${ys.length} ys` }]
  const bad = [...xs, ...ys].find((x) => !Number.isFinite(x))
  if (bad !== undefined) return [{ path, message: `the table holds ${bad}; every point is a finite number` }]
  const i = xs.findIndex((x, i) => i > 0 && x <= xs[i - 1]!)
  return i < 0 ? [] : [{ path, message: `xs rise strictly, but ${xs[i]} follows ${xs[i - 1]}` }]
}

export function timeFaults(time: TimeSpec | undefined): ModelFault[] {
  if (!time) return []
  const faults: ModelFault[] = []
  const add = (member: string, message: string) => faults.push({ path: `time.${member}`, message })
  if (!Number.isFinite(time.start)) add('start', `the start is ${time.start}, not a finite number`)
  if (!(time.dt > 0 && time.dt < Number.POSITIVE_INFINITY)) add('dt', `the step is ${time.dt}; it is above 0`)
  const { steps, saveAt, method = 'euler' } = time
  if (!(Number.isSafeInteger(steps) && steps >= 0 && steps <= MAX_STEPS)) {
    add('steps', `the horizon is ${steps} steps; it is a whole number from 0 to ${MAX_STEPS}`)
  }
  if (!['euler', 'rk2', 'rk4'].includes(method)) {
    add('method', `there is no method ${method}; take euler, rk2 or rk4`)
  }
  if (!(Number.isSafeInteger(time.saveEvery) && time.saveEvery > 0)) {
    add('saveEvery', `${time.saveEvery} is no interval; it is a whole number of steps above 0`)
  }
  if (!saveAt) return faults
  if (saveAt.length === 0) add('saveAt', 'no step is saved; name one')
  const outside = saveAt.find((step) => !(Number.isSafeInteger(step) && step >= 0 && step <= steps))
  if (outside !== undefined) add('saveAt', `${outside} is none of the steps 0 to ${steps}`)
  const i = saveAt.findIndex((step, i) => i > 0 && step <= saveAt[i - 1]!)
  if (i >= 0) add('saveAt', `the steps rise, but ${saveAt[i]} follows ${saveAt[i - 1]}`)
  return faults
}

export function outputFaults({ model, names }: Scope): ModelFault[] {
  if (model.outputs.length === 0) return [{ path: 'outputs', message: 'the model saves nothing; name an output' }]
  const first = model.entities?.[0]?.name
  const seen = new Set<string>()
  return model.outputs.flatMap((name): ModelFault[] => {
    const path = `outputs.${name}`
    const v = names.get(name)
    if (!v) return [unknown(path, 'the output', name, names.keys())]
    const again = seen.has(name)
    seen.add(name)
    if (again) return [{ path, message: 'the output is named twice' }]
    if (v.entity === undefined || first === undefined || v.entity === first) return []
    const suggestion = `sum(${v.entity}, ${name})`
    const message = `an output is of ${first}, and ${name} of ${v.entity}; reduce it: ${suggestion}`
    return [{ path, message, suggestion }]
  })
}

export function entityFaults({ entities }: Model): ModelFault[] {
  if (!entities || entities.length === 0) return []
  const faults: ModelFault[] = []
  const before = new Set<string>()
  for (const [i, { name, of }] of entities.entries()) {
    const tell = (message: string) => faults.push({ path: `entities.${name}`, message })
    if (name.trim() === '') tell('an entity has an empty name')
    else if (before.has(name)) tell('the entity is declared twice; rename one of the two')
    if (i === 0 && of !== undefined) tell(`the first entity is the lane, no member of ${of}`)
    if (i > 0 && of === undefined) tell(`every entity but the first is a member of another; say of which`)
    if (i > 0 && of !== undefined && !before.has(of)) {
      if (entities.some((e) => e.name === of)) tell(`${of} is declared after ${name}, its member; put it before`)
      else faults.push(unknown(`entities.${name}`, 'the entity', of, before))
    }
    before.add(name)
  }
  const members = entities.length - 1
  if (members > MAX_MEMBER_LEVELS) {
    const message = `there are ${members} member entities; a plan has at most ${MAX_MEMBER_LEVELS}`
    faults.push({ path: 'entities', message })
  }
  return faults
}

export function correlationFaults(scope: Scope): ModelFault[] {
  const taken = new Set<string>()
  return (scope.model.correlations ?? []).flatMap((correlation) => {
    const path = `correlations.${correlation.names.join(', ')}`
    const messages = correlationMessages(scope, correlation)
    for (const name of correlation.names) {
      if (taken.has(name)) messages.push(`${name} stands in a correlation twice; make it one matrix`)
      taken.add(name)
    }
    const undeclared = correlation.names.filter((name) => !scope.names.has(name))
    return [
      ...undeclared.map((name) => unknown(path, 'the random parameter', name, scope.names.keys())),
      ...messages.map((message) => ({ path, message })),
    ]
  })
}

function correlationMessages({ model, names: declared }: Scope, { names, matrix }: Correlation): string[] {
  const variables = names.flatMap((name) => declared.get(name) ?? [])
  const other = variables.filter((v) => v.kind !== 'random')
  const kinds = new Set(variables.map((v) => kindOfDraw(model, v)))
  const messages = other.map((v) => `${v.name} is a variable of kind ${v.kind}; only random parameters correlate`)
  if (names.length < 2) messages.push('a correlation is of two parameters or more')
  if (other.length === 0 && kinds.size > 1)
    messages.push(`the parameters are of different kinds: ${[...kinds].join('; ')}; correlate those of one kind`)
  const n = names.length
  if (matrix.length !== n || matrix.some((row) => row.length !== n)) {
    return [...messages, `the matrix is not ${n} by ${n}, as the names are`]
  }
  const entries = matrix.flatMap((row, i) => row.map((value, j) => ({ value, i, j })))
  const place = (i: number, j: number) => `of ${names[i]} and ${names[j]}`
  const bad = entries.find((e) => !Number.isFinite(e.value))
  if (bad) return [...messages, `the correlation ${place(bad.i, bad.j)} is ${bad.value}, not a finite number`]
  const diagonal = entries.find((e) => e.i === e.j && e.value !== 1)
  if (diagonal) return [...messages, `${names[diagonal.i]} has with itself the correlation ${diagonal.value}, not 1`]
  const skew = entries.find((e) => e.value !== matrix[e.j]![e.i])
  if (skew) {
    return [
      ...messages,
      `the correlation ${place(skew.i, skew.j)} is ${skew.value} and ${place(skew.j, skew.i)} ${matrix[skew.j]![skew.i]}`,
    ]
  }
  return cholesky(matrix)
    ? messages
    : [...messages, 'the matrix is not positive definite: no numbers correlate like this']
}

function kindOfDraw(model: Model, v: Variable): string {
  const once = v.kind === 'random' && v.everyStep ? 'at each step' : 'once'
  return `drawn ${once} for each ${entityOf(model, v)}`
}

export function solveFaults(scope: Scope): ModelFault[] {
  const taken = new Map<string, string>()
  const blocks = new Set<string>()
  return (scope.model.solves ?? []).flatMap((solve) => {
    const path = `solves.${solve.name}`
    const faults: ModelFault[] = solveMessages(solve).map((message) => ({ path, message }))
    const tell = (message: string) => faults.push({ path, message })
    if (blocks.has(solve.name)) tell('the name is declared twice; rename one of the two')
    blocks.add(solve.name)
    for (const name of solve.unknowns) {
      const v = scope.names.get(name)
      if (!v) faults.push(unknown(path, 'the unknown', name, scope.names.keys()))
      else if (v.kind !== 'auxiliary') tell(`${name} is a variable of kind ${v.kind}; an unknown is an auxiliary`)
      else if (v.entity !== undefined && v.entity !== scope.model.entities?.[0]?.name) {
        tell(`${name} is of ${v.entity}; an unknown is of ${scope.model.entities?.[0]?.name}`)
      }
      const other = taken.get(name)
      if (other !== undefined) {
        tell(other === solve.name ? `${name} is named twice` : `${name} is an unknown of ${other} already`)
      }
      taken.set(name, solve.name)
    }
    for (const [name, guess] of Object.entries(solve.guess ?? {})) {
      if (!solve.unknowns.includes(name)) faults.push(unknown(path, 'the unknown', name, solve.unknowns))
      faults.push(...expressionFaults(scope, path, guess, undefined))
    }
    return faults
  })
}

function solveMessages({ unknowns, method, tolerance, maxIterations, damping, name }: SolveBlock): string[] {
  const messages: string[] = []
  if (name.trim() === '') messages.push('a solve block has an empty name')
  if (unknowns.length === 0) messages.push('the block has no unknowns')
  if (method !== 'newton' && method !== 'gaussSeidel')
    messages.push(`there is no method ${method}; take newton or gaussSeidel`)
  if (!(tolerance > 0 && tolerance < Number.POSITIVE_INFINITY))
    messages.push(`the tolerance is ${tolerance}; it is above 0`)
  if (!(Number.isSafeInteger(maxIterations) && maxIterations > 0 && maxIterations <= MAX_ITERATIONS))
    messages.push(`the most iterations are ${maxIterations}; a whole number from 1 to ${MAX_ITERATIONS}`)
  if (!(damping > 0 && damping <= 1)) messages.push(`the damping is ${damping}; it is above 0 and at most 1`)
  return messages
}

export function identityFaults(scope: Scope): ModelFault[] {
  const seen = new Set<string>()
  return (scope.model.identities ?? []).flatMap(({ name, left, right, tolerance }) => {
    const path = `identities.${name}`
    const faults: ModelFault[] = []
    if (name.trim() === '') faults.push({ path, message: 'an identity has an empty name' })
    if (seen.has(name)) faults.push({ path, message: 'the name is declared twice; rename one of the two' })
    seen.add(name)
    if (!(tolerance >= 0 && tolerance < Number.POSITIVE_INFINITY))
      faults.push({ path, message: `the tolerance is ${tolerance}; it is 0 or above` })
    return [...faults, ...[left, right].flatMap((e) => expressionFaults(scope, path, e, undefined))]
  })
}
