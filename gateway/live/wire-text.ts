// An answer as JSON text, written once however many subscribers it goes to.
import type { ExecutionResult } from 'graphql'

const TEXTS = new WeakMap<ExecutionResult, string>()

/** The same text for the same object: what is given to a subscriber is never changed. */
export function textOf(result: ExecutionResult): string {
  const known = TEXTS.get(result)
  if (known !== undefined) return known
  const text = JSON.stringify(result)
  TEXTS.set(result, text)
  return text
}

/** The cursor that came with a result of a subscription; undefined for an answer without one. */
export function cursorIn({ extensions }: ExecutionResult): string | undefined {
  const cursor = extensions?.['cursor']
  return typeof cursor === 'string' ? cursor : undefined
}
