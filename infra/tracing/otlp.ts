// Keeps spans by OpenTelemetry and sends them to a collector by OTLP over HTTP. Loaded only where one is configured.
import { context, DiagLogLevel, diag, type Link, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base'
import { isQuesnayError } from '../../schema/errors.ts'
import { readTraceparent, writeTraceparent } from '../../schema/trace-context.ts'
import { systemClock } from '../clock.ts'
import type { OtlpConfig } from '../config.ts'
import type { Log } from '../log.ts'
import type { Span, SpanOptions, Tracer } from '../tracing.ts'

/** What a collector does not take within this time is dropped. */
const SEND_TIMEOUT_MS = 10_000
/** A collector that does not answer costs no more than this at the end of a process. */
const END_TIMEOUT_MS = 3000
const SEND_EVERY_MS = 1000
/** Spans kept until they are sent, some 1 kB each; those beyond are dropped. A shard has six. */
const MOST_WAITING = 16_384
/** The number of flags that W3C knows: sampled or not. */
const SAMPLED = 1

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const

export interface OtlpTracerOptions extends OtlpConfig {
  readonly service: string
  readonly log: Log
}

/**
 * A tracer that sends to `url`. A trace that comes from elsewhere is kept as its flag says; of those that begin here, `ratio`.
 * It is registered as OpenTelemetry's own, so that libraries add their spans to ours.
 */
export function openOtlpTracer({ url, ratio, service, log }: OtlpTracerOptions): Tracer {
  diag.setLogger(diagnostics(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: SEND_TIMEOUT_MS })
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'process.pid': process.pid }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor(exporter, {
        maxQueueSize: MOST_WAITING,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: SEND_TIMEOUT_MS,
      }),
    ],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  const tracer = provider.getTracer('quesnay')

  const start = (name: string, options: SpanOptions) => {
    const parent = contextOf(options.parent)
    const links = (options.links ?? []).map(contextOf).filter((one) => one !== undefined)
    return tracer.startSpan(
      name,
      {
        kind: KINDS[options.kind ?? 'internal'],
        ...(options.attributes ? { attributes: options.attributes } : {}),
        ...(options.startedAt === undefined ? {} : { startTime: instant(options.startedAt) }),
        links: links.map((linked): Link => ({ context: linked })),
      },
      parent ? trace.setSpanContext(context.active(), parent) : context.active(),
    )
  }

  return {
    inSpan(name, options, work) {
      const span = start(name, options)
      const ours: Span = {
        traceparent: traceparentOf(span.spanContext()),
        set: (attributes) => void span.setAttributes(attributes),
        fail(error) {
          // Its message may quote what a client gave.
          const code = isQuesnayError(error) ? error.code : error instanceof Error ? error.name : 'INTERNAL'
          span.setAttribute('error.type', code)
          span.setStatus({ code: SpanStatusCode.ERROR, message: code })
        },
      }
      return context.with(trace.setSpan(context.active(), span), async () => {
        try {
          return await work(ours)
        } catch (error) {
          ours.fail(error)
          throw error
        } finally {
          span.end()
        }
      })
    },
    record: (name, options) => start(name, options).end(instant(options.endedAt)),
    current() {
      const active = trace.getActiveSpan()
      return active && traceparentOf(active.spanContext())
    },
    async close() {
      trace.disable()
      context.disable()
      const sent = new AbortController()
      const late = systemClock.sleep(END_TIMEOUT_MS, sent.signal).then(
        () => log.warn('the collector does not answer: the last spans were not sent'),
        () => undefined,
      )
      const shutdown = provider.shutdown().catch((err) => log.warn({ err }, 'the last spans were not sent'))
      await Promise.race([shutdown, late])
      sent.abort()
      diag.disable()
    },
  }
}

/** A number from before this process began would be taken for one that counts from its beginning. */
const instant = (ms: number) => new Date(ms)

type SpanContext = NonNullable<ReturnType<typeof trace.getSpanContext>>

function contextOf(traceparent: string | undefined): SpanContext | undefined {
  const read = readTraceparent(traceparent)
  return read && { traceId: read.traceId, spanId: read.spanId, traceFlags: read.sampled ? SAMPLED : 0, isRemote: true }
}

const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext) =>
  writeTraceparent({ traceId, spanId, sampled: (traceFlags & SAMPLED) === SAMPLED })

/** What OpenTelemetry says of itself, such as that the collector does not answer. */
function diagnostics(log: Log) {
  const nothing = () => {}
  const warn = (message: string) => log.warn({ reason: message }, 'traces are not sent')
  return { verbose: nothing, debug: nothing, info: nothing, warn, error: warn }
}
