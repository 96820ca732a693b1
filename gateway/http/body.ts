// The body of a request, up to a limit.
import type { IncomingMessage } from 'node:http'
import { QuesnayError } from '../../schema/errors.ts'

/** The body as text. LIMIT_EXCEEDED as soon as it is known to be longer than the limit; the rest is not read. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLong(maxBytes)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) throw tooLong(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tooLong(maxBytes: number): QuesnayError {
  const limit = `${maxBytes / 2 ** 20} MiB`
  return new QuesnayError('LIMIT_EXCEEDED', `the request is longer than ${limit}`, {
    path: 'body',
    limit: maxBytes,
    suggestion: 'send large imports in several requests',
  })
}
