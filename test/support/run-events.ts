// What a tenant's subscribers hear, all of it, from before its first run to the end of each.
import type { Bus, Listener, StreamMessage } from '../../infra/bus/port.ts'
import type { RunEvent } from '../../schema/jobs.ts'
import { isTerminal } from '../../schema/terms/run.ts'

export interface HeardEvent extends RunEvent {
  readonly kind: string
}

/** Hears a tenant's events as they come, so that a broker that loses its files loses none that was heard. */
export class RunEvents {
  readonly #bus: Bus
  readonly #tenant: string
  readonly #listener: Listener<StreamMessage>
  readonly #heard: HeardEvent[] = []
  readonly #fences = new Map<string, () => void>()
  #asked = 0

  private constructor(bus: Bus, tenant: string, listener: Listener<StreamMessage>) {
    this.#bus = bus
    this.#tenant = tenant
    this.#listener = listener
    void this.#listen()
  }

  static async open(bus: Bus, tenant: string): Promise<RunEvents> {
    return new RunEvents(bus, tenant, await bus.listen(`qz.ev.${tenant}.>`))
  }

  /** All that was said of a run until now: an event of our own goes through the stream behind them. */
  async of(runId: string): Promise<HeardEvent[]> {
    const fence = `fence-${++this.#asked}`
    const passed = new Promise<void>((resolve) => this.#fences.set(fence, resolve))
    await this.#bus.emit(`qz.ev.${this.#tenant}.run.${fence}.over`, new TextEncoder().encode('{}'))
    await passed
    return this.#heard.filter((event) => event.runId === runId)
  }

  async close(): Promise<void> {
    await this.#listener.stop()
  }

  async #listen(): Promise<void> {
    for await (const { subject, data } of this.#listener) {
      const [, , , , runId = '', kind = ''] = subject.split('.')
      this.#fences.get(runId)?.()
      if (kind === 'over') continue
      this.#heard.push({ ...(JSON.parse(new TextDecoder().decode(data)) as RunEvent), kind })
    }
  }
}

/**
 * The states that were said, in their order. A process that dies between saying a state and noting that it did leaves it to be
 * said again: such a repetition, next to the first, counts once; an end counts each time.
 */
export function statesOf(events: readonly HeardEvent[]): string[] {
  const states = events.filter(({ kind }) => kind === 'state').map(({ status }) => status)
  return states.filter((status, i) => isTerminal(status) || status !== states[i - 1])
}
