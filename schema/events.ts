// Events of the graph: where they lie on the bus. Whoever publishes one and whoever declares a subscription to it agrees by this.
import { QuesnayError } from './errors.ts'
import { sha256 } from './hash.ts'

/** Below this and the tenant lie all events of a tenant: `qz.ev.<tenant>.<family>.…`. */
const EVENTS_ROOT = 'qz.ev'

const PLAIN = /^[\w-]{1,128}$/
/** Of a text that becomes one token, in characters. */
const MAX_TEXT = 1_000
/** Longest token, in characters: a subject of a few of them stays within what the bus takes. */
const MAX_TOKEN = 150
/** Half of a pair, which is no character and has no bytes. */
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * A text as one token of a subject: letters, digits, `-` and `_` stay, every other byte of its UTF-8 is written %XX, and what would be
 * longer than 150 characters is `%sha256-` and the hash of the text. No two texts give one token, and no text reaches beyond its own:
 * there are no dots and wildcards in it. BAD_INPUT for an empty text, or one of more than 1,000 characters.
 */
export function eventToken(text: string, path = 'subject'): string {
  if (PLAIN.test(text)) return text
  if (text.length === 0 || text.length > MAX_TEXT || LONE_SURROGATE.test(text))
    throw new QuesnayError('BAD_INPUT', `${path} is not an id`, {
      path,
      limit: MAX_TEXT,
      suggestion: `give an id as the graph names it, of 1 to ${MAX_TEXT} characters`,
    })
  const written = encodeURIComponent(text).replace(
    /[.!~*'()]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return written.length <= MAX_TOKEN ? written : `%sha256-${sha256(text)}`
}

/** The subject of one event, such as `qz.ev.acme.parameter.uk%2Erate`. @param words such as the family and an id */
export function eventSubject(tenant: string, ...words: readonly string[]): string {
  return [EVENTS_ROOT, eventToken(tenant), ...words.map((word) => eventToken(word))].join('.')
}

/** What every body of an event may have beside its own members. */
export interface EventBody {
  /** W3C trace context of what brought it about, for the trace to go on to the subscriber. */
  readonly traceparent?: string
}
