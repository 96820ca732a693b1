// The trace context of W3C (Trace Context, Level 1): what ties the spans of one operation together across processes.

/** `traceparent` of HTTP headers: version, trace id, span id, flags. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

export const TRACEPARENT_HEADER = 'traceparent'

export interface TraceContext {
  /** 32 hexadecimal digits, not all 0. */
  readonly traceId: string
  /** 16 hexadecimal digits, not all 0. */
  readonly spanId: string
  readonly sampled: boolean
}

/** The context that a traceparent names; undefined for anything else. A later version is read as far as it is known. */
export function readTraceparent(text: unknown): TraceContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] =
    TRACEPARENT.exec(typeof text === 'string' ? text : '') ?? []
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

export function writeTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}

/** The same in the form that is passed on; undefined for what is no traceparent. */
export function knownTraceparent(text: unknown): string | undefined {
  const context = readTraceparent(text)
  return context && writeTraceparent(context)
}

/** What lines of a log are tied to a trace by; undefined where there is none. */
export const traceIdOf = (traceparent: string | undefined): string | undefined => readTraceparent(traceparent)?.traceId
