// The supergraph in a file: read at start, and again when the file changes.
import { readFile, stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Clock } from '../infra/clock.ts'
import { QuesnayError } from '../schema/errors.ts'

export interface SupergraphFile {
  readonly file: string
  readonly watch?: boolean
  /** How often the file is looked at; default 1 s. */
  readonly intervalMs?: number
}

/** The text of the file; CONFIG_INVALID where it cannot be read. */
export async function readSupergraph({ file }: SupergraphFile): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const detail = { path: file, suggestion: 'give the path of a supergraph; `npm run generate` writes ours' }
    throw new QuesnayError('CONFIG_INVALID', `the supergraph ${file} cannot be read`, detail, { cause })
  }
}

/**
 * Tells of the text once at the beginning and after each change of the file, until the signal aborts. Looking at the
 * file works over replaced files, symbolic links and mounts, where the notices of the operating system do not.
 */
export async function watchSupergraph(
  source: SupergraphFile,
  changed: (sdl: string) => void,
  { clock, log, signal }: { readonly clock: Clock; readonly log: Logger; readonly signal: AbortSignal },
): Promise<void> {
  const { file, intervalMs = 1_000 } = source
  let seen = ''
  while (!signal.aborted) {
    await clock.sleep(intervalMs, signal).catch(() => undefined)
    // A file that is being replaced may be away for a moment.
    const now = await stat(file).catch(() => undefined)
    const stamp = now ? `${now.ino} ${now.size} ${now.mtimeMs}` : seen
    if (signal.aborted || stamp === seen) continue
    seen = stamp
    await readSupergraph(source).then(changed, (error) => log.warn({ err: error }, 'the supergraph cannot be read'))
  }
}
