// From a model as its author wrote it to the scalar model that is lowered to a plan.
import { canonicalName, displayName } from '../formula/ast.ts'
import type { Model } from '../model.ts'
import type { SourceFinding, SourceMacro, SourceModel } from '../source/source.ts'
import { unitFaults } from '../units/unit-faults.ts'
import { correlationsOf, identitiesOf, outputsOf, solvesOf } from './blocks.ts'
import type { Elaboration } from './context.ts'
import { dimensionsOf } from './dimensions.ts'
import { Faults } from './faults.ts'
import { limitOutflows } from './limit-outflows.ts'
import { checkSteady } from './steady.ts'
import { type Declared, declare, newScope } from './symbols.ts'
import { timeSpec } from './times.ts'
import { elaborateVariable } from './variables.ts'

export interface Elaborated {
  readonly model: Model
  readonly findings: readonly SourceFinding[]
}

/**
 * The scalar model of a source: names resolved, macros and arrays expanded, functions with a memory and conveyors turned into hidden
 * variables. A core variable bears the name as shown, an element of an array `name[a,b]`; a hidden one the name of the variable that
 * holds it and its place there, `x.smooth1#1.level`, so that the order of declarations changes no name.
 *
 * Findings: units that do not fit, where the source takes them as findings.
 * Errors: MODEL_INVALID with all faults in `detail.faults` (path, line, column, message, suggestion); CONSTRUCT_UNSUPPORTED where the
 * source is right but asks for what the plan machine cannot do; LIMIT_EXCEEDED where it grows beyond LIMITS.
 */
export function elaborate(source: SourceModel): Elaborated {
  const faults = new Faults()
  const unitFindings = unitFaults(source)
  const stops = ({ severity }: SourceFinding) => source.unitFaults === 'error' && severity === 'WARNING'
  faults.addFindings(unitFindings.filter(stops))
  const all: Elaboration = {
    time: source.time,
    dimensions: dimensionsOf(source.dimensions),
    entities: new Map((source.entities ?? []).map(({ name }) => [canonicalName(name), displayName(name)])),
    macros: macrosOf(source.macros),
    faults,
    findings: unitFindings.filter((finding) => !stops(finding)),
    variables: [],
    tables: {},
    limits: [],
    steady: [],
    spent: { parts: 0 },
    elaborateAll: (symbols) => elaborateAll(symbols, all),
  }
  const scope = newScope()
  all.elaborateAll(declare(scope, source.variables, '', all.dimensions, faults))
  const time = source.time && timeSpec(source.time, faults, source.unitFaults === 'finding' ? all.findings : undefined)
  const blocks = {
    ...some('correlations', correlationsOf(source.correlations ?? [], scope, all)),
    ...some('solves', solvesOf(source.solves ?? [], scope, all)),
    ...some('identities', identitiesOf(source.identities ?? [], scope, all)),
  }
  const outputs = outputsOf(source, scope, all)
  checkSteady(all.steady, all.variables, faults)
  faults.throwAny()
  const model: Model = {
    name: source.name,
    variables: limitOutflows(all.variables, all.limits, time?.dt ?? 1),
    tables: all.tables,
    ...(time ? { time } : {}),
    outputs,
    ...some('entities', entitiesOf(source)),
    ...blocks,
  }
  return { model, findings: all.findings }
}

function elaborateAll(symbols: readonly Declared[], all: Elaboration): void {
  for (const symbol of symbols) elaborateVariable(symbol, all)
}

const some = <K extends string, V>(key: K, values: readonly V[]): { [key in K]?: readonly V[] } =>
  values.length > 0 ? ({ [key]: values } as { [key in K]: readonly V[] }) : {}

const entitiesOf = ({ entities = [] }: SourceModel) =>
  entities.map(({ name, of }) => ({ name: displayName(name), ...(of === undefined ? {} : { of: displayName(of) }) }))

function macrosOf(macros: readonly SourceMacro[]): Map<string, SourceMacro[]> {
  const byName = new Map<string, SourceMacro[]>()
  for (const macro of macros) {
    const name = canonicalName(macro.name)
    byName.set(name, [...(byName.get(name) ?? []), macro])
  }
  return byName
}
