// The files of a tree in a .tar or .tar.gz archive, read in memory and within bounds.
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { list } from 'tar'
import { QuesnayError } from '../../../../schema/errors.ts'
import { isTreeFile } from './raw-reader.ts'
import type { SourceFile } from './read-yaml.ts'

const inflate = promisify(gunzip)

const MAX_BYTES = 128 * 2 ** 20
export const MAX_FILES = 20_000

/**
 * YAML files and README.md, by path; all others are passed over. @param path names the argument in errors
 * Errors: BAD_INPUT where it is no whole archive; LIMIT_EXCEEDED for more than 128 MiB or 20,000 files unpacked.
 */
export async function readArchive(bytes: Uint8Array, path: string): Promise<SourceFile[]> {
  const tar = bytes[0] === 0x1f && bytes[1] === 0x8b ? await unpacked(bytes, path) : Buffer.from(bytes)
  const files: SourceFile[] = []
  const parser = list({
    strict: true,
    onReadEntry(entry) {
      if (entry.type !== 'File' || !isTreeFile(entry.path) || files.length > MAX_FILES) return void entry.resume()
      const chunks: Buffer[] = []
      entry.on('data', (chunk: Buffer) => chunks.push(chunk))
      entry.on('end', () =>
        files.push({ path: entry.path.replace(/^(?:\.\/)+/, ''), text: Buffer.concat(chunks).toString('utf8') }),
      )
    },
  })
  await new Promise<void>((resolve, reject) => {
    parser.on('end', resolve)
    parser.on('error', (error: Error) => reject(broken(error, path)))
    parser.end(tar)
  })
  if (files.length > MAX_FILES) throw tooLarge(`more than ${MAX_FILES} files`, path)
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function unpacked(bytes: Uint8Array, path: string): Promise<Buffer> {
  try {
    return await inflate(bytes, { maxOutputLength: MAX_BYTES })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(`more than ${MAX_BYTES / 2 ** 20} MiB`, path)
    throw broken(error as Error, path)
  }
}

const broken = (error: Error, path: string) =>
  new QuesnayError('BAD_INPUT', `the archive is damaged: ${error.message}`, {
    path,
    suggestion: 'make it with tar -czf',
  })

const tooLarge = (what: string, path: string) =>
  new QuesnayError('LIMIT_EXCEEDED', `the archive holds ${what}`, { path, suggestion: 'import a part of the tree' })

/**
 * The files below the folder `parameters` that all of them lie in, as in the archive of a whole country package;
 * where they lie in none, the files as they are.
 */
export function belowParameters(files: readonly SourceFile[]): SourceFile[] {
  const root = /^(.*?(?:^|\/)parameters\/)/.exec(files[0]?.path ?? '')?.[1]
  if (root === undefined || !files.every(({ path }) => path.startsWith(root))) return [...files]
  return files.map(({ path, text }) => ({ path: path.slice(root.length), text }))
}
