// Results offered for download: rendered into the object store when they are asked for, and reached by a signed link.

import { type ObjectInfo, type ObjectStore } from '../../infra/bus/port.ts'
import { ensureLinkKey, linkTo, objectName } from '../../infra/links.ts'
import type { DownloadFormat } from '../../schema/terms/run.ts'
import type { Fleet } from './context.ts'
import type { Download } from './port.ts'
import { renderArrow } from './render-arrow.ts'
import { renderCsv } from './render-csv.ts'
import { openResult, type ResultStream } from './result-stream.ts'
import { resultTable } from './result-table.ts'
import { notFinished, resultKey } from './results.ts'
import type { LoadedRun } from './runs.ts'

/** How long a link leads to what it names. */
const LINK_MS = 3_600_000
/** What files are made of changes with this number: those that were made before are not taken for new ones. */
const VERSION = 1

const FORMS: Readonly<
  Record<DownloadFormat, { end: string; type: string; render(result: ResultStream): AsyncGenerator<Uint8Array> }>
> = {
  ARROW: {
    end: 'arrows',
    type: 'application/vnd.apache.arrow.stream',
    render: (result) => renderArrow(resultTable(result), { resultHash: result.sha256 }),
  },
  CSV: { end: 'csv', type: 'text/csv; charset=utf-8', render: (result) => renderCsv(resultTable(result)) },
  RAW: { end: 'qzr', type: 'application/octet-stream', render: (result) => result.whole() },
}

export class Downloads {
  readonly #fleet: Fleet
  /** What is being rendered by name: equal questions at the same time wait for one of them. */
  readonly #rendering = new Map<string, Promise<ObjectInfo>>()

  constructor(fleet: Fleet) {
    this.#fleet = fleet
  }

  /** Errors: Dispatch.download. */
  async linkTo(loaded: LoadedRun, format: DownloadFormat): Promise<Download> {
    const { bus, store, clock } = this.#fleet
    const result = await openResult(store, resultKey(loaded))
    if (!result) throw notFinished(loaded.run)
    const { end } = FORMS[format]
    // By the hash of the result, of which the file is made and of nothing else: equal results of a tenant are one file.
    const name = objectName(loaded.run.tenant, `${result.sha256}.v${VERSION}.${end}`)
    const objects = await bus.objects('qz_blobs')
    const now = clock.now()
    const there = await objects.head(name)
    const lasts = there && (there.expiresAt === null || there.expiresAt >= now + LINK_MS)
    const info = lasts ? there : await this.#render(objects, name, result, format)
    const expiresAt = Math.min(now + LINK_MS, info.expiresAt ?? Number.POSITIVE_INFINITY)
    const url = linkTo(await ensureLinkKey(bus), name, expiresAt)
    return { url, expiresAt: new Date(expiresAt), bytes: info.bytes, sha256: info.sha256 }
  }

  #render(objects: ObjectStore, name: string, result: ResultStream, format: DownloadFormat): Promise<ObjectInfo> {
    const underWay = this.#rendering.get(name)
    if (underWay) return underWay
    const { type, end, render } = FORMS[format]
    const about = { type, fileName: `${result.sha256.slice(0, 12)}.${end}` }
    const expected = format === 'RAW' ? { sha256: result.sha256 } : {}
    const rendered = objects
      .put(name, render(result), { about, ...expected })
      .finally(() => this.#rendering.delete(name))
    this.#rendering.set(name, rendered)
    return rendered
  }
}
