// The units that a file defines: other names for a unit, and units made of others (XMILE 1.0, 2.4 and 3.3.6).
import { canonicalName } from '../formula/ast.ts'
import { childrenOf, textOf, type XmlElement } from './xml.ts'

/** Units that are made of units are few and short; circles of them, and what grows beyond this, stay as they are then. */
const MAX_ROUNDS = 10
const MAX_LENGTH = 1_000

/**
 * How a unit is written in the end: aliases by the name they stand for, units with an equation by the equation. The
 * examples of the standard write `units` for `unit`, and several aliases parted by commas.
 */
export function readUnits(definitions: readonly XmlElement[]): (written: string) => string {
  const meaning = new Map<string, string>()
  const all = definitions.flatMap((element) => [...childrenOf(element, 'unit'), ...childrenOf(element, 'units')])
  for (const unit of all) {
    if (unit.attributes.get('disabled')?.toLowerCase() === 'true') continue
    const name = unit.attributes.get('name')?.trim()
    if (!name) continue
    const equation = textOf(unit, 'eqn')
    const stands = equation === undefined ? name : `(${equation})`
    const aliases = childrenOf(unit, 'alias').flatMap(({ text }) => text.split(','))
    for (const alias of [name, ...aliases.map((one) => one.trim())])
      if (alias && !meaning.has(canonicalName(alias))) meaning.set(canonicalName(alias), stands)
  }
  const once = (written: string): string =>
    written
      .split(/([*/^()])/)
      .map((part) => {
        const stands = meaning.get(canonicalName(part))
        return stands === undefined || canonicalName(stands) === `(${canonicalName(part)})` ? part : stands
      })
      .join('')
  return (given) => {
    let written = given.replaceAll(/\s+/g, ' ').trim()
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const next = once(written)
      if (next === written || next.length > MAX_LENGTH) break
      written = next
    }
    return written
  }
}
