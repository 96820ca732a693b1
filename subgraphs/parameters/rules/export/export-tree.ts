// Writes a tree of parameters, imported or our own, as the YAML files of OpenFisca or PolicyEngine.
import type { SourceFile } from '../import/read-yaml.ts'
import type { Parameter, ParameterNode, Tree } from '../tree.ts'
import { flattenTree } from './flatten-tree.ts'
import { isFile, type Place, placesOf } from './layout.ts'
import { members, type WriteContext, writeNode, writeParameter, writeScale } from './write-parameter.ts'
import { writeYaml } from './write-yaml.ts'

export interface ExportOptions {
  readonly dialect: 'OPENFISCA' | 'POLICYENGINE'
  /** Only what lies at or below this id, which paths and ids begin after. */
  readonly prefix?: string | undefined
  /** As known on this day; absent: as known now. */
  readonly knownAt?: string | undefined
}

/**
 * The files, by path. Reading them again gives the same values on every day.
 * PolicyEngine computes what an index carries on, and such values are not written, unless the index is not among the files; OpenFisca has
 * no indices, and all values are written. Neither knows since when a value was known.
 * Errors: CONSTRUCT_UNSUPPORTED for names that files cannot have.
 */
export function exportTree(tree: Tree, options: ExportOptions): SourceFile[] {
  const flat = flattenTree(tree)
  const root = options.prefix ?? ''
  const files: SourceFile[] = []
  const places = placesOf(flat, root)
  const context = contextOf(flat, options, root)
  if (places.node) files.push({ path: 'index.yaml', text: writeYaml(writeNode(places.node, context)) })
  if (places.scale || places.parameter) {
    const name = root.slice(root.lastIndexOf('.') + 1)
    return [{ path: `${name}.yaml`, text: writeYaml(contentOf(places, context)) }]
  }
  for (const child of sorted(places)) writePlace(child, child.name, context, files)
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function contextOf(tree: Tree, { dialect, knownAt }: ExportOptions, root: string): WriteContext {
  const labels = new Map([...tree.nodes, ...tree.scales].map(({ id, label }) => [id, label]))
  const ids = new Set(tree.parameters.map(({ id }) => id))
  const policyEngine = dialect === 'POLICYENGINE'
  const isBelow = (id: string) => root === '' || id.startsWith(`${root}.`)
  return {
    policyEngine,
    knownAt,
    labelOf: (id) => labels.get(id),
    aroundOf: aroundIn(new Map(tree.nodes.map((node) => [node.id, node])), root),
    rename: (id) => bracketed(isBelow(id) && root !== '' ? id.slice(root.length + 1) : id, tree),
    isCarriedOn: ({ indexation, metadata }: Parameter) => {
      const raw = metadata?.['uprating'] as { parameter?: unknown } | undefined
      const index = indexation?.index ?? raw?.parameter
      return policyEngine && typeof index === 'string' && (index === 'self' || (ids.has(index) && isBelow(index)))
    },
  }
}

/** What the nodes at or below the root say that counts for what is below them. */
function aroundIn(nodes: ReadonlyMap<string, ParameterNode>, root: string): WriteContext['aroundOf'] {
  return (id) => {
    const found: Record<string, unknown> = {}
    for (let end = id.lastIndexOf('.'); end >= root.length && end > 0; end = id.lastIndexOf('.', end - 1)) {
      const { unit, metadata } = nodes.get(id.slice(0, end)) ?? {}
      found['unit'] ??= unit
      found['period'] ??= metadata?.['period']
      found['reference'] ??= metadata?.['reference']
    }
    return found
  }
}

/** gov.x.1.amount of a scale is gov.x[0].amount there. */
function bracketed(id: string, { scales }: Tree): string {
  const [, scale, number, part] = /^(.+)\.(\d+)\.(\w+)$/.exec(id) ?? []
  const isBracket = scales.some((one) => one.id === scale || one.id.endsWith(`.${scale}`))
  return scale !== undefined && isBracket ? `${scale}[${Number(number) - 1}].${part}` : id
}

const sorted = ({ children }: Place) => [...children.values()].sort((a, b) => (a.name < b.name ? -1 : 1))

function writePlace(place: Place, path: string, context: WriteContext, files: SourceFile[]): void {
  if (isFile(place, path)) {
    files.push({ path: `${path}.yaml`, text: writeYaml(contentOf(place, context)) })
    return
  }
  if (place.node) files.push({ path: `${path}/index.yaml`, text: writeYaml(writeNode(place.node, context)) })
  for (const child of sorted(place)) writePlace(child, `${path}/${child.name}`, context, files)
}

/** What a file, or a child within one, holds. */
function contentOf(place: Place, context: WriteContext): Record<string, unknown> {
  if (place.parameter) return writeParameter(place.parameter, context)
  if (place.scale) return writeScale(place.scale, place.parts, context)
  const below = sorted(place).map((child) => [child.name, contentOf(child, context)] as const)
  return members({ ...(place.node ? writeNode(place.node, context) : {}), ...Object.fromEntries(below) })
}
