// Traces: what one operation causes, as spans from the gateway to each shard. Off, and next to free, until startTracing.
import type { OtlpConfig } from './config.ts'
import type { Log } from './log.ts'

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

export interface SpanOptions {
  readonly kind?: SpanKind
  /** traceparent of what caused it; default: the span that it is opened in. */
  readonly parent?: string | undefined
  /** traceparents of what it also belongs to. */
  readonly links?: readonly (string | undefined)[]
  readonly attributes?: SpanAttributes
  /** Milliseconds of the clock; default: now. */
  readonly startedAt?: number | undefined
}

export interface Span {
  /** To hand on to whoever continues the trace; undefined where there is none. */
  readonly traceparent: string | undefined
  set(attributes: SpanAttributes): void
  /** Marks it as failed, with the error's code and nothing else of it; a rejection of its work does so by itself. */
  fail(error: unknown): void
}

type Work<T> = (span: Span) => Promise<T>

/** What keeps spans; adapter: tracing/otlp.ts. */
export interface Tracer {
  inSpan<T>(name: string, options: SpanOptions, work: Work<T>): Promise<T>
  /** A span that is over already. */
  record(name: string, options: SpanOptions & { readonly endedAt: number }): void
  /** traceparent of the span that the caller runs in. */
  current(): string | undefined
  /** Sends what is left, for at most three seconds, and ends. */
  close(): Promise<void>
}

/** One for each process, as in OpenTelemetry itself: the libraries that know it find the same one. */
let tracer: Tracer | undefined

const NO_SPAN: Span = { traceparent: undefined, set() {}, fail() {} }

/**
 * Runs the work in a span, which ends with it, failed where the work rejects.
 * While tracing is off the work runs as it is, and hands on the parent that it was given.
 */
export function inSpan<T>(name: string, options: SpanOptions, work: Work<T>): Promise<T> {
  if (tracer) return tracer.inSpan(name, options, work)
  return work(options.parent === undefined ? NO_SPAN : { ...NO_SPAN, traceparent: options.parent })
}

/** Notes a span that is over already. */
export function recordSpan(name: string, options: SpanOptions & { readonly endedAt: number }): void {
  tracer?.record(name, options)
}

/** traceparent of the span that the caller runs in; undefined outside, and while tracing is off. */
export function currentTraceparent(): string | undefined {
  return tracer?.current()
}

export interface TracingOptions {
  /** Where spans go; undefined: tracing stays off, and nothing of OpenTelemetry is loaded. */
  readonly otlp: OtlpConfig | undefined
  /** Name of this service in the traces. */
  readonly service: string
  readonly log: Log
}

/** Turns tracing on for this process, where a collector is configured; resolves with what ends it. */
export async function startTracing({ otlp, service, log }: TracingOptions): Promise<() => Promise<void>> {
  if (!otlp) return async () => {}
  const { openOtlpTracer } = await import('./tracing/otlp.ts')
  const before = tracer
  tracer = undefined
  await before?.close()
  const opened = openOtlpTracer({ ...otlp, service, log })
  tracer = opened
  log.info({ collector: otlp.url, ratio: otlp.ratio }, 'traces are sent')
  return async () => {
    if (tracer === opened) tracer = undefined
    await opened.close()
  }
}
