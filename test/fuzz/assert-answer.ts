// What every answer of the GraphQL endpoint is, whatever it was asked.
import { isErrorCode } from '../../schema/errors.ts'
import { assertTight } from './leaks.ts'
import type { Reply } from './target.ts'

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message?: unknown; readonly extensions?: { readonly code?: unknown } }[]
}

/** JSON with data, or with errors that have codes of ours and no more than the client may know; no status of 500. */
export function assertAnswer({ status, text }: Reply): void {
  assertTight(text)
  if (status < 200 || status >= 500) throw new Error(`status ${status}: ${text.slice(0, 300)}`)
  const read = JSON.parse(text) as Answer | readonly Answer[]
  for (const { data, errors } of Array.isArray(read) ? (read as readonly Answer[]) : [read as Answer]) {
    if (data === undefined && !errors) throw new Error(`neither data nor errors: ${text.slice(0, 300)}`)
    for (const { message, extensions } of errors ?? [])
      if (typeof message !== 'string' || !isErrorCode(extensions?.code))
        throw new Error(`an error without a code of ours: ${text.slice(0, 300)}`)
  }
}
