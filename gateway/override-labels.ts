// Overrides in progress (@override with a label `percent(n)`): for which operations a field is asked of the subgraph that it moves to.
import { type DocumentNode, Kind, print, visit } from 'graphql'
import { sha256 } from '../schema/hash.ts'

const PERCENT = /^percent\((\d+(?:\.\d+)?)\)$/

/**
 * By label, whether a field has moved for an operation. An operation is planned once, so that `n` per cent of the operations, not of the
 * requests, ask the subgraph that the field moves to: the same ones on every gateway, and all of a smaller `n` among those of a larger one.
 */
export function overrideChooser(supergraph: DocumentNode): (operation: DocumentNode) => Map<string, boolean> {
  const shares = new Map<string, number>()
  visit(supergraph, {
    Argument({ name, value }) {
      if (name.value !== 'overrideLabel' || value.kind !== Kind.STRING) return
      const percent = PERCENT.exec(value.value)?.[1]
      if (percent !== undefined) shares.set(value.value, Number(percent) / 100)
    },
  })
  return (operation) => {
    if (shares.size === 0) return new Map()
    const place = Number.parseInt(sha256(print(operation)).slice(0, 8), 16) / 2 ** 32
    return new Map([...shares].map(([label, share]) => [label, place < share]))
  }
}
