// A nats-server of our own that comes back where it was when it falls.
import { systemClock as clock } from './clock.ts'
import { type NatsServerOptions, startNatsServer } from './nats-server.ts'

export interface KeptNatsServer {
  readonly url: string
  /** Of its process, as long as this start lives. */
  readonly pid: number
  /** Ends it for good. */
  stop(): Promise<void>
}

const AGAIN_AFTER_MS = 500

/** As startNatsServer. Clients find it at the same URL; what JetStream has stored is there again. */
export async function keepNatsServer(options: NatsServerOptions): Promise<KeptNatsServer> {
  let server = await startNatsServer(options)
  const { url, port } = server
  const life = new AbortController()
  const keeping = (async () => {
    for (;;) {
      await server.ended
      if (life.signal.aborted) return
      options.log.error({ pid: server.pid }, 'nats-server ended by itself and is started again')
      await clock.sleep(AGAIN_AFTER_MS, life.signal).catch(() => undefined)
      if (life.signal.aborted) return
      const started = await startNatsServer({ ...options, port }).catch((error: unknown) => {
        options.log.error({ err: error }, 'nats-server did not start; it will be tried again')
        return undefined
      })
      if (!started) continue
      server = started
      if (life.signal.aborted) await server.stop()
    }
  })()
  return {
    url,
    get pid() {
      return server.pid
    },
    async stop() {
      life.abort()
      await server.stop()
      await keeping
    },
  }
}
