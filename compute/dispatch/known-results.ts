// Results by their hash, read from the store and decoded once for all runs that have them: what a hash names never changes.
import { LRUCache } from 'lru-cache'
import type { Bytes } from '../../infra/store/port.ts'
import type { Fleet } from './context.ts'
import type { RunResult } from './port.ts'
import { decodeResult } from './result-bytes.ts'
import { type Ended, loadResultBytes, notFinished, resultKey } from './results.ts'
import type { LoadedRun } from './runs.ts'

interface Decoded {
  readonly result: RunResult
  readonly bytes: number
}

/** Of the stored bytes, which the decoded arrays are as long as; one result may take a quarter. */
const MAX_BYTES = 64 * 2 ** 20

/** Bounded by bytes, the one used longest ago goes first; of each tenant by itself. Nobody changes a result's arrays. */
export class KnownResults {
  readonly #store: Bytes
  readonly #metrics: Pick<Fleet['metrics'], 'cacheReads'>
  readonly #decoded: LRUCache<string, Decoded, Ended>

  constructor({ store, metrics }: Pick<Fleet, 'store' | 'metrics'>, maxBytes = MAX_BYTES) {
    this.#store = store
    this.#metrics = metrics
    this.#decoded = new LRUCache({
      maxSize: maxBytes,
      maxEntrySize: maxBytes / 4,
      sizeCalculation: ({ bytes }) => Math.max(1, bytes),
      // Readers at one time wait for one reading, also where others take its room meanwhile.
      ignoreFetchAbort: true,
      fetchMethod: (_key, _stale, { context }) => this.#read(context),
    })
  }

  /**
   * The result of a run. RUN_NOT_FINISHED, RUN_CANCELLED, or the run's own error where there is none.
   * @param bytes its stored bytes, where they have been read already
   */
  async of(loaded: LoadedRun, bytes?: Uint8Array): Promise<RunResult> {
    const { tenant, jobId } = resultKey(loaded)
    const key = `${tenant} ${loaded.run.resultHash ?? jobId}`
    this.#metrics.cacheReads.inc({ cache: 'results', outcome: this.#decoded.has(key) ? 'hit' : 'miss' })
    return (await this.#decoded.forceFetch(key, { context: { loaded, bytes } })).result
  }

  async #read({ loaded, bytes }: Ended): Promise<Decoded> {
    const stored = bytes ?? (await loadResultBytes(this.#store, resultKey(loaded)))
    if (!stored) throw notFinished(loaded.run)
    return { result: decodeResult(stored), bytes: stored.byteLength }
  }
}
