// The body of a request, up to a limit.
import type { IncomingMessage } from 'node:http'
import { QuesnayError } from '../../schema/errors.ts'

/**
 * The body as text. LIMIT_EXCEEDED as soon as it is known to be longer than the limit: what follows is passed over and
 * not kept, so that the client can still read the answer.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return reject(tooLong(maxBytes))
    let chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= maxBytes) return void chunks.push(chunk)
      chunks = []
      reject(tooLong(maxBytes))
    })
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.once('error', reject)
  })
}

function tooLong(maxBytes: number): QuesnayError {
  const limit = `${maxBytes / 2 ** 20} MiB`
  return new QuesnayError('LIMIT_EXCEEDED', `the request is longer than ${limit}`, {
    path: 'body',
    limit: maxBytes,
    suggestion: 'send large imports in several requests',
  })
}
