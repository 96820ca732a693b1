// The JSON of answers that are sent more than once, written once.

const UNWRITTEN = Symbol('unwritten')
const texts = new WeakMap<object, string | typeof UNWRITTEN>()

/** Says that this data will be sent more than once and never changes again; `text` where it is written already. */
export function keepText(data: object, text?: string): void {
  if (text !== undefined || !texts.has(data)) texts.set(data, text ?? UNWRITTEN)
}

/** JSON of an answer. */
export function answerText(result: object): string {
  const { data, ...rest } = result as { readonly data?: object | null }
  const kept = data ? texts.get(data) : undefined
  if (kept === undefined) return JSON.stringify(result)
  const text = kept === UNWRITTEN ? JSON.stringify(data) : kept
  texts.set(data!, text)
  const others = JSON.stringify(rest)
  return others === '{}' ? `{"data":${text}}` : `{"data":${text},${others.slice(1)}`
}
