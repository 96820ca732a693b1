// Texts that people give: authors, messages, titles.
import { QuesnayError } from '../../../schema/errors.ts'

/** Returns the text without blanks at its ends. BAD_INPUT where nothing is left or it is too long. */
export function textOf(text: string, path: string, most: number): string {
  const trimmed = text.trim()
  if (trimmed.length > 0 && trimmed.length <= most) return trimmed
  throw new QuesnayError('BAD_INPUT', `${path} has ${trimmed.length} characters`, {
    path,
    suggestion: `give 1 to ${most} characters`,
  })
}
