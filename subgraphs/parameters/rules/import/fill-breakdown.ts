// Fills the cells that a breakdown has and the files do not give: 0, since ever.

import { SINCE_EVER } from '../dates.ts'
import { type Enums, membersOf, readBreakdown } from './breakdown.ts'
import type { FindingList } from './finding-list.ts'
import { emptyNode, type RawChild, type RawMetadata, type RawNode, type RawParameter } from './raw-tree.ts'

/** The most cells filled below one node. */
const MAX_FILLED = 20_000

export interface FillContext {
  readonly enums: Enums
  readonly findings: FindingList
  knownOn(from: string): string
}

/** Changes the node. A child that the breakdown does not have is an ERROR; a number beyond a range only a WARNING. */
export function fillBreakdown(node: RawNode, id: string, context: FillContext): void {
  const { findings } = context
  const raw = node.metadata['breakdown']
  if (raw === undefined || raw === null) return
  const levels = readBreakdown(raw)
  if (!levels)
    return void findings.warn(
      'UNKNOWN_KEY',
      node.place,
      `the breakdown of ${id} is neither a word nor a list`,
      'name a variable',
    )
  const filling = new Filling(id, node.place, context)
  filling.fill(node, id, levels)
  if (filling.tooMany)
    findings.warn(
      'BREAKDOWN_UNKNOWN',
      node.place,
      `${id} has more than ${MAX_FILLED} cells; not all are filled`,
      'list them',
    )
  else if (filling.filled > 0)
    findings.info(
      'FILLED',
      node.place,
      `${filling.filled} cells of ${id} are not given; they are 0`,
      'write them where they are not 0',
    )
}

class Filling {
  filled = 0
  tooMany = false
  readonly #id: string
  readonly #place: string
  readonly #context: FillContext
  /** Levels that have been reported. */
  readonly #told = new Set<string>()

  constructor(id: string, place: string, context: FillContext) {
    this.#id = id
    this.#place = place
    this.#context = context
  }

  fill(node: RawNode, id: string, [level, ...deeper]: readonly string[]): void {
    if (level === undefined) return
    const names = [...node.children.keys()]
    const members = membersOf(level, this.#context.enums, names)
    if (!members) {
      this.#unknown(level)
      // What lies below the children that are there may be known.
      for (const [name, child] of node.children) if (child.is === 'node') this.fill(child, `${id}.${name}`, deeper)
      return
    }
    this.#checkChildren(names, members, level, id)
    const like = [...node.children.values()].find((child) => child.is === 'parameter')
    for (const member of members) {
      const key = member.replace(/[^A-Za-z0-9_-]/g, '_')
      const child = node.children.get(key)
      if (child?.is === 'node') this.fill(child, `${id}.${key}`, deeper)
      else if (!child && !this.tooMany) node.children.set(key, this.#cell(deeper, like))
    }
  }

  #unknown(level: string): void {
    const message = `it is not known what "${level.slice(0, 80)}" of ${this.#id} runs over; its cells are taken as they are`
    if (!this.#told.has(level))
      this.#context.findings.info('BREAKDOWN_UNKNOWN', this.#place, message, 'give its values with the import (enums)')
    this.#told.add(level)
  }

  #cell(deeper: readonly string[], like: RawParameter | undefined): RawChild {
    if (deeper.length === 0) {
      this.filled++
      this.tooMany = this.filled > MAX_FILLED
      return zero(this.#place, like, this.#context)
    }
    const node = emptyNode(this.#place)
    this.fill(node, this.#id, deeper)
    return node
  }

  #checkChildren(names: readonly string[], members: readonly string[], level: string, id: string): void {
    const known = new Set(members.map((member) => member.replace(/[^A-Za-z0-9_-]/g, '_')))
    for (const name of names) {
      if (known.has(name)) continue
      const message = `"${name}" of ${id} is none of ${level.slice(0, 80)}`
      const suggestion = `there is ${[...known].slice(0, 8).join(', ')}${known.size > 8 ? ', ...' : ''}`
      if (/^-?\d+$/.test(name)) this.#context.findings.warn('BREAKDOWN_CHILD', this.#place, message, suggestion)
      else this.#context.findings.error('BREAKDOWN_CHILD', this.#place, message, suggestion)
    }
  }
}

/** Of the unit of the cells beside it. */
function zero(place: string, like: RawParameter | undefined, { knownOn }: FillContext): RawParameter {
  const metadata: Record<string, unknown> = {}
  for (const key of ['unit', 'period']) if (like?.metadata[key] !== undefined) metadata[key] = like.metadata[key]
  return {
    is: 'parameter',
    place,
    metadata: metadata as RawMetadata,
    kind: like?.kind === 'BOOLEAN' ? 'BOOLEAN' : 'NUMBER',
    values: [{ from: SINCE_EVER, known: knownOn(SINCE_EVER), values: [0] }],
  }
}
