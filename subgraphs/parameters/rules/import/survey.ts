// Looks over a tree before it is resolved: which kind of tree it is, and which money it counts in.

import { nearest } from '../../../../schema/nearest.ts'
import type { FindingList } from './finding-list.ts'
import { isNear, metadataKeys } from './known-keys.ts'
import type { RawChild, RawMetadata } from './raw-tree.ts'

/** Keys that only PolicyEngine's trees have. */
const SIGNS = ['uprating', 'breakdown', 'propagate_metadata_to_children', 'threshold_uprating']

export interface Survey {
  readonly policyEngine: boolean
  /** The currency that most units name; undefined where none does. */
  readonly currency: string | undefined
}

export function survey(root: RawChild): Survey {
  const currencies = new Map<string, number>()
  let policyEngine = false
  for (const metadata of metadataIn(root)) {
    policyEngine ||= SIGNS.some((key) => key in metadata)
    for (const key in metadata) {
      if (key !== 'unit' && !key.endsWith('_unit')) continue
      const code = /^currency[-:_]([A-Z]{3})/.exec(String(metadata[key]))?.[1]
      if (code) currencies.set(code, (currencies.get(code) ?? 0) + 1)
    }
  }
  const [most] = [...currencies].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return { policyEngine, currency: most?.[0] }
}

function* metadataIn(child: RawChild): Generator<RawMetadata> {
  yield child.metadata
  if (child.is === 'node') for (const below of child.children.values()) yield* metadataIn(below)
  if (child.is === 'scale')
    for (const { metadata, parts } of child.brackets) {
      yield metadata
      for (const part of parts.values()) yield part.metadata
    }
}

/** Keys met under `metadata`, judged when it is known which kind of tree it is: OpenFisca leaves them free but for misspellings. */
export function judgeKeys(
  keys: readonly { key: string; place: string }[],
  policyEngine: boolean,
  findings: FindingList,
): void {
  const known = metadataKeys(policyEngine)
  for (const { key, place } of keys) {
    if (known.includes(key) || !(policyEngine || isNear(key, known))) continue
    const like = nearest(key, known)
    findings.warn(
      'UNKNOWN_KEY',
      place,
      `"${key.slice(0, 80)}" has no meaning under metadata; it is kept`,
      like ? `did you mean "${like}"?` : 'take it away, unless something else reads it',
    )
  }
}
