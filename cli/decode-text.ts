// Text of a file in whatever encoding it says it has: a byte order mark, an XML declaration, else UTF-8.
import { QuesnayError } from '../schema/errors.ts'

/** The text without its byte order mark. BAD_INPUT where the bytes are no text, which is better than other names in a model. */
export function decodeText(bytes: Uint8Array, path: string): string {
  const encoding = marked(bytes) ?? declared(bytes) ?? 'utf-8'
  const fail = (problem: string) =>
    new QuesnayError('BAD_INPUT', `${path} ${problem}`, { path, suggestion: 'save it as text in UTF-8' })
  let text: string
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw fail(`is not text in ${encoding.toUpperCase()}`)
  }
  if (text.includes('\0')) throw fail('is not text: it holds NUL characters')
  return text
}

function marked([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined
}

/** `<?xml version="1.0" encoding="ISO-8859-1"?>`: XML 1.0, 4.3.3. */
function declared(bytes: Uint8Array): string | undefined {
  const begin = String.fromCharCode(...bytes.subarray(0, 200))
  const [, encoding] = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/i.exec(begin) ?? []
  // What is read byte by byte here is not two bytes a character, whatever it says.
  return encoding && /^utf-?16/i.test(encoding) ? undefined : encoding
}
