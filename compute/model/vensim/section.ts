// The equations of the model, or of one macro, become variables.
import type { GraphicalFunction, SourceFinding, SourceVariable } from '../source/source.ts'
import type { Dimensions } from './dimensions.ts'
import { unsupported } from './faults.ts'
import { graphOf, mirrored } from './graphs.ts'
import { knownNumbers } from './known-number.ts'
import type { Macro, Names, Scope } from './scope.ts'
import type { Subscripts } from './subscripts.ts'
import type { Note, Parsed, VensimExpression } from './syntax.ts'
import { keyOf, shownName } from './tokens.ts'
import { type Built, buildVariable, type Written } from './variables.ts'

export interface Surroundings {
  readonly subscripts: Subscripts
  readonly dimensions: Dimensions
  readonly macros: ReadonlyMap<string, Macro>
  readonly findings: SourceFinding[]
}

/** All equations of each variable, in the order of their first. */
export function equationsByKey(parsed: readonly Parsed[]): Map<string, Written[]> {
  const byKey = new Map<string, Written[]>()
  for (const { statement, definition } of parsed) {
    if (statement.kind !== 'equation') continue
    const key = keyOf(statement.name)
    const known = byKey.get(key)
    if (known) known.push({ statement, definition })
    else byKey.set(key, [{ statement, definition }])
  }
  return byKey
}

/** What a name stands for, by its first equation. */
export function namesOf(equations: ReadonlyMap<string, readonly Written[]>): Map<string, 'variable' | 'lookup'> {
  return new Map(
    [...equations].map(
      ([key, [first]]) => [key, first!.statement.right.kind === 'lookup' ? 'lookup' : 'variable'] as const,
    ),
  )
}

const NOWHERE: ReadonlyMap<string, string> = new Map()

/** The variables of a section in the order of the file, and behind them the tables that its equations hold inside. */
export function buildSection(parsed: readonly Parsed[], names: Names, around: Surroundings): Built[] {
  const { subscripts, dimensions, macros, findings } = around
  const tables = new Map<string, SourceVariable>()
  const mirrors = new Set<string>()
  const all = equationsByKey(parsed)
  const layout = (key: string) => {
    const equations = all.get(key)?.map(({ statement }) => statement)
    return equations && dimensions.layout(equations, key, all.get(key)![0]!.definition.at)
  }
  const constant = knownNumbers((key) => onlyExpression(all.get(key)))
  const mirror = (key: string) => {
    mirrors.add(key)
    return keyOf(mirrorName(key))
  }
  const built = [...all].map(([key, written]) => {
    const { statement, definition } = written[0]!
    const path = shownName(statement.name)
    if (key === 'self') throw unsupported(path, definition.at, 'a variable of the name self', 'rename it')
    const own = new Map<VensimExpression, string>()
    const scope: Scope = {
      subscripts,
      macros,
      layout,
      constant,
      path,
      at: definition.at,
      names,
      place: NOWHERE,
      note: noteTo(findings, path),
      table: (points, of) => {
        const name = own.get(of) ?? `${path} (lookup ${own.size + 1})`
        own.set(of, name)
        tables.set(name, { name, kind: 'table', graph: graphOf(points, path, of.at), at: of.at })
        return keyOf(`"${name}"`)
      },
      mirrored: mirror,
    }
    return buildVariable(written, scope, dimensions)
  })
  for (const { statement, notes } of parsed)
    for (const note of notes) noteTo(findings, shownName(statement.name))('WARNING', note)
  const both = [...built, ...[...tables.values()].map((variable) => ({ variable }))]
  return [...both, ...[...mirrors].flatMap((key) => mirrorOf(key, both))]
}

function onlyExpression([first, second]: readonly Written[] = []): VensimExpression | undefined {
  if (!first || second || first.statement.subscripts.length > 0) return undefined
  return first.statement.right.kind === 'expression' ? first.statement.right.expression : undefined
}

const mirrorName = (name: string) => `${name} (mirrored)`

function mirrorOf(key: string, built: readonly Built[]): Built[] {
  return built.flatMap(({ variable }) => {
    if (variable.kind !== 'table' || keyOf(variable.name) !== key) return []
    return [{ variable: { ...variable, name: mirrorName(variable.name), graph: mirroredGraph(variable.graph) } }]
  })
}

function mirroredGraph(graph: GraphicalFunction | Readonly<Record<string, GraphicalFunction>>) {
  if (isGraph(graph)) return mirrored(graph)
  return Object.fromEntries(Object.entries(graph).map(([key, one]) => [key, mirrored(one)]))
}

const isGraph = (graph: GraphicalFunction | Readonly<Record<string, GraphicalFunction>>): graph is GraphicalFunction =>
  Array.isArray(graph['xs'])

/** Each finding is told once of a variable. */
function noteTo(findings: SourceFinding[], path: string) {
  return (severity: SourceFinding['severity'], { code, message, suggestion }: Note) => {
    if (!findings.some((one) => one.path === path && one.code === code))
      findings.push({ severity, code, path, message, suggestion })
  }
}
