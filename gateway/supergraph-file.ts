// The supergraph in a file: read at start, and again when the file changes.
import { unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
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
    const detail = { path: file, suggestion: 'write it with `npm run sdl`' }
    throw new QuesnayError('CONFIG_INVALID', `the supergraph ${file} cannot be read`, detail, { cause })
  }
}

/**
 * Tells of the text after each change, until the function returned is called. Looking at the file's time works over
 * replaced files, symbolic links and mounts, where the notices of the operating system do not.
 */
export function watchSupergraph(source: SupergraphFile, changed: (sdl: string) => void, log: Logger): () => void {
  const { file, intervalMs = 1_000 } = source
  const look = () =>
    void readSupergraph(source).then(changed, (error) => {
      log.warn({ err: error, file }, 'the supergraph file changed and cannot be read')
    })
  watchFile(file, { interval: intervalMs, persistent: false }, look)
  return () => unwatchFile(file, look)
}
