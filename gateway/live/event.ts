// One event as subscriptions see it: its body is read once, however many are moved by it.
import type { StreamMessage } from '../../infra/bus/port.ts'

export class LiveEvent {
  readonly sequence: number
  readonly subject: string
  readonly #data: Uint8Array
  #body: Readonly<Record<string, unknown>> | undefined

  constructor({ sequence, subject, data }: StreamMessage) {
    this.sequence = sequence
    this.subject = subject
    this.#data = data
  }

  /** Empty where the event's bytes are no JSON object: it then only says that there is news. */
  get body(): Readonly<Record<string, unknown>> {
    this.#body ??= read(this.#data)
    return this.#body
  }

  get traceparent(): string | undefined {
    const { traceparent } = this.body
    return typeof traceparent === 'string' ? traceparent : undefined
  }

  /** A member of the body that is an object; undefined where there is none. */
  object(member: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.body[member]
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  }
}

const UTF8 = new TextDecoder()

function read(data: Uint8Array): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(UTF8.decode(data))
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
