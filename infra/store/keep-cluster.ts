// A cluster of ours that comes back where it was when its server falls.
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { isRunning } from '../process.ts'
import { type ClusterOptions, startCluster, stopCluster, stopWithUs } from './cluster.ts'
import type { Postmaster } from './postmaster.ts'

export interface KeptCluster {
  /** The server that was started first; later ones listen where it did. */
  readonly running: Postmaster
  /** Ends it for good. */
  stop(): Promise<void>
}

const LOOK_AGAIN_MS = 500

/** As startCluster, and again whenever the postmaster is gone: what was committed is there again. Errors of the first start: STORE_UNAVAILABLE. */
export async function keepCluster(options: ClusterOptions, log: Log, clock: Clock): Promise<KeptCluster> {
  const first = await startCluster(options)
  let running = first
  let callOff = stopWithUs(running, options.account)
  const life = new AbortController()
  const startAgain = async () => {
    log.error({ pid: running.pid }, 'the bundled PostgreSQL ended by itself and is started again')
    callOff()
    running = await startCluster({ ...options, port: first.port })
    callOff = stopWithUs(running, options.account)
  }
  const keeping = (async () => {
    while (!life.signal.aborted) {
      await clock.sleep(LOOK_AGAIN_MS, life.signal).catch(() => {})
      if (life.signal.aborted || isRunning(running.pid)) continue
      await startAgain().catch((err: unknown) =>
        log.error({ err }, 'the bundled PostgreSQL did not start; it will be tried again'),
      )
    }
  })()
  return {
    running: first,
    async stop() {
      life.abort()
      await keeping
      callOff()
      await stopCluster(options)
    },
  }
}
