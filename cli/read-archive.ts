// The files of a .tar or .tar.gz archive as text, read in memory.
import { list } from 'tar'

export interface TextFile {
  readonly path: string
  readonly text: string
}

/** Files in the order of their paths; rejects where the archive is damaged. */
export async function readArchive(path: string): Promise<TextFile[]> {
  const files: Promise<TextFile>[] = []
  await list({
    file: path,
    strict: true,
    onReadEntry(entry) {
      if (entry.type === 'File') files.push(entry.concat().then((bytes) => ({ path: entry.path, text: String(bytes) })))
      else entry.resume()
    },
  })
  return (await Promise.all(files)).sort((a, b) => (a.path < b.path ? -1 : 1))
}
