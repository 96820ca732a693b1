// From what the files say to a tree: metadata handed down, cells filled, ids, labels, units and indexation.
import type { Metadata, Parameter, ParameterNode, Scale } from '../tree.ts'
import { readBreakdown } from './breakdown.ts'
import { checkMetadata } from './check-metadata.ts'
import { type FillContext, fillBreakdown } from './fill-breakdown.ts'
import { defaultLabel } from './labels.ts'
import { AROUND, type Naming, parameterOf, textOf } from './parameter-of.ts'
import type { RawChild, RawMetadata, RawNode } from './raw-tree.ts'
import { scaleOf } from './scale-of.ts'
import { readUnit } from './units.ts'
import { renameUprating } from './uprating.ts'

/** What is not handed to children. */
const OWN_ONLY = new Set(['breakdown', 'label', 'name', 'description'])
/** What of its metadata has a place of its own in a node. */
const MODELLED = new Set(['label', 'unit', 'breakdown'])

const HAND_DOWN = 'write propagate_metadata_to_children: true beside it, or uprating below each parameter'

export interface ResolveContext extends Omit<Naming, 'labelOf'>, FillContext {
  /** Breakdowns, indices and metadata for children have a meaning. */
  readonly policyEngine: boolean
  /** Id of the root: the prefix of every id, '' where there is none. */
  readonly root: string
}

export interface Resolved {
  readonly nodes: ParameterNode[]
  readonly scales: Scale[]
  readonly parameters: Parameter[]
}

/** Walks a tree from its root; `steps` yields often, so that others have their turn. Lists come in the order of the files. */
export class Resolver {
  readonly resolved: Resolved = { nodes: [], scales: [], parameters: [] }
  readonly #labels = new Map<string, string>()
  readonly #context: ResolveContext
  readonly #naming: Naming

  constructor(context: ResolveContext) {
    this.#context = context
    this.#naming = { ...context, labelOf: (id) => this.#labels.get(id) }
  }

  /**
   * @param origin path at the source, '' for the root
   * @param around what the nodes above say of unit, period and reference, the nearest first
   */
  *steps(node: RawNode, origin: string, handed?: RawMetadata, around: RawMetadata = {}): Generator<undefined> {
    const { below, policyEngine, currency, findings, root } = this.#context
    const id = origin === '' ? root : below(origin)
    checkMetadata(node.metadata, node.place, currency, findings)
    if (id !== '') this.#node(node, id)
    if (policyEngine) fillBreakdown(node, id, this.#context)
    const down = policyEngine ? handedDown(node.metadata, handed) : undefined
    if (policyEngine && !down && node.metadata['uprating'] !== undefined)
      findings.warn('NOT_HANDED_DOWN', node.place, `the uprating of ${id} has no effect`, HAND_DOWN)
    const near = withOwn(around, node.metadata)
    for (const [name, child] of node.children) {
      const path = origin === '' ? name : `${origin}.${name}`
      if (child.is === 'node') yield* this.steps(child, path, down, near)
      else this.#leaf(child, path, down, near)
      yield
    }
  }

  #leaf(child: Exclude<RawChild, RawNode>, origin: string, handed: RawMetadata | undefined, around: RawMetadata): void {
    const { currency, findings, below } = this.#context
    const id = below(origin)
    checkMetadata(child.metadata, child.place, currency, findings)
    const effective = handed ? { ...child.metadata, ...handed } : child.metadata
    if (handed) this.#overridden(child, handed, id)
    if (child.is === 'parameter') {
      this.resolved.parameters.push(parameterOf(child, effective, id, origin, this.#naming, around))
      return
    }
    for (const { metadata, parts } of child.brackets) {
      checkMetadata(metadata, child.place, currency, findings)
      for (const part of parts.values()) checkMetadata(part.metadata, part.place, currency, findings)
    }
    const { scale, parameters } = scaleOf(child, effective, id, origin, this.#naming)
    this.#labels.set(id, scale.label)
    this.resolved.scales.push(scale)
    for (const parameter of parameters) this.resolved.parameters.push(parameter)
  }

  /** What a file says and the node above takes back. */
  #overridden({ metadata, place }: RawChild, handed: RawMetadata, id: string): void {
    for (const key of ['unit', 'period', 'uprating'])
      if (key in handed && key in metadata && JSON.stringify(handed[key]) !== JSON.stringify(metadata[key]))
        this.#context.findings.info(
          'OVERRIDDEN',
          place,
          `${key} of ${id} is that of the node above it, which hands it down`,
          'take one of them away',
        )
  }

  /** Nodes of which nothing is said are not listed. */
  #node({ metadata, description, label: heading }: RawNode, id: string): void {
    const { currency, below } = this.#context
    const own = textOf(metadata['label']) ?? heading
    const breakdown = readBreakdown(metadata['breakdown'])
    const unit = textOf(metadata['unit'])
    const kept: Record<string, unknown> = {}
    for (const key in metadata) if (!MODELLED.has(key)) kept[key] = metadata[key]
    if ('uprating' in kept) kept['uprating'] = renameUprating(kept['uprating'], below)
    const label = own ?? defaultLabel(id, description, () => undefined)
    this.#labels.set(id, label)
    const said = {
      ...(description === undefined ? {} : { description }),
      ...(unit === undefined ? {} : { unit: readUnit(unit, currency).unit }),
      ...(breakdown ? { breakdown } : {}),
      ...(Object.keys(kept).length > 0 ? { metadata: kept as Metadata } : {}),
    }
    if (own !== undefined || Object.keys(said).length > 0) this.resolved.nodes.push({ id, label, ...said })
  }
}

/** What a node hands to its children: the outermost node's word counts. undefined where it hands down nothing. */
function handedDown(metadata: RawMetadata, handed: RawMetadata | undefined): RawMetadata | undefined {
  const all = handed ? { ...metadata, ...handed } : metadata
  if (all['propagate_metadata_to_children'] !== true) return undefined
  const down: Record<string, unknown> = {}
  for (const key in all) if (!OWN_ONLY.has(key)) down[key] = all[key]
  return down
}

/** What the nodes say that counts where nothing nearer does. */
function withOwn(around: RawMetadata, metadata: RawMetadata): RawMetadata {
  const said = AROUND.filter((key) => metadata[key] !== undefined && metadata[key] !== null)
  return said.length === 0 ? around : { ...around, ...Object.fromEntries(said.map((key) => [key, metadata[key]])) }
}
