// Flows that conveyors and queues drive: what comes off the end, what leaks, what leaves a queue (XMILE 1.0, 4.2.1 and 4.3).
import { canonicalName } from '../formula/ast.ts'
import type { Declaration } from './declare.ts'
import { invalid } from './faults.ts'
import { type Names, shownName } from './names.ts'
import { child, childrenOf, flag } from './xml.ts'

export interface DrivenFlow {
  readonly role: 'end' | 'leak' | 'queue'
  /** Of a leak: it decays across the conveyor. */
  readonly exponential?: boolean
}

/**
 * By canonical name of the flow. Of a conveyor the first outflow that is not marked `<leak>` comes off its end, and the others leak.
 * Errors: MODEL_INVALID for a conveyor without an outflow off its end.
 */
export function drivenFlows(declarations: readonly Declaration[], names: Names): Map<string, DrivenFlow> {
  const elements = new Map(declarations.map((one) => [canonicalName(one.name), one.element]))
  const driven = new Map<string, DrivenFlow>()
  for (const { element, name, module } of declarations) {
    if (element.tag !== 'stock') continue
    const outflows = childrenOf(element, 'outflow').flatMap((outflow) => {
      const found = names.find(module, canonicalName(shownName(outflow.text)))
      return found === undefined ? [] : [found]
    })
    if (flag(element, 'queue')) for (const flow of outflows) driven.set(flow, { role: 'queue' })
    const conveyor = child(element, 'conveyor')
    if (!conveyor) continue
    const leaks = (flow: string) => child(elements.get(flow)!, 'leak') !== undefined
    const end = outflows.find((flow) => !leaks(flow))
    if (end === undefined) throw invalid({ path: name, line: conveyor.line }, 'a conveyor needs an outflow off its end')
    const exponential = conveyor.attributes.get('exponential_leak')?.toLowerCase() === 'true'
    for (const flow of outflows)
      driven.set(flow, flow === end ? { role: 'end' } : { role: 'leak', ...(exponential && { exponential }) })
  }
  return driven
}
