// The hash of an answer: its data, and of its errors where and with which code.
import type { ExecutionResult } from 'graphql'
import { sha256 } from '../../schema/hash.ts'

/** SHA-256 of canonical JSON. Messages do not count: they may name a request, and be reworded. */
export function resultHash({ data, errors }: Pick<ExecutionResult, 'data' | 'errors'>): string {
  const faults = (errors ?? []).map(({ path, extensions }) => [path?.join('.') ?? '', String(extensions['code'])])
  return sha256(answerText({ data: data ?? null, errors: faults.sort((a, b) => (a.join() < b.join() ? -1 : 1)) }))
}

/**
 * The canonical JSON of an answer (RFC 8785), as canonicalJson gives it of any value: written here for what answers are made of alone,
 * as every answer is hashed and the long ones would take longer to hash than to compute.
 */
export function answerText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) {
    let text = '['
    for (let i = 0; i < value.length; i++) text += (i > 0 ? ',' : '') + answerText(value[i])
    return `${text}]`
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return answerText(value.toJSON())
  const members = value as Record<string, unknown>
  let text = ''
  for (const key of Object.keys(members).sort()) {
    const member = members[key]
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${answerText(member)}`
  }
  return `{${text}}`
}
