// The files of a .tar or .tar.gz archive as text, read in memory.
import { list } from 'tar'
import { QuesnayError } from '../schema/errors.ts'

export interface TextFile {
  readonly path: string
  readonly text: string
}

/** Files in the order of their paths. Errors: BAD_INPUT where the archive is damaged. */
export async function readArchive(path: string): Promise<TextFile[]> {
  const files: Promise<TextFile>[] = []
  try {
    await list({
      file: path,
      strict: true,
      onReadEntry(entry) {
        if (entry.type === 'File')
          files.push(entry.concat().then((bytes) => ({ path: entry.path, text: String(bytes) })))
        else entry.resume()
      },
    })
    return (await Promise.all(files)).sort((a, b) => (a.path < b.path ? -1 : 1))
  } catch (error) {
    throw new QuesnayError('BAD_INPUT', `${path} is no whole archive: ${(error as Error).message}`, {
      path,
      suggestion: 'make it again with tar -czf',
    })
  }
}
