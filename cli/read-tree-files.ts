// The YAML files of a folder as a .tar.gz archive in base64, or an archive as it is: what the import of parameters takes.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { create } from 'tar'
import { QuesnayError } from '../schema/errors.ts'

const ARCHIVE = /\.(?:tar\.gz|tgz|tar)$/
const PART = /\.ya?ml$|^README\.md$/i

/** Errors: BAD_INPUT where there is no file of a tree. */
export async function readTreeFiles(path: string): Promise<string> {
  if (ARCHIVE.test(path)) return readFileSync(path).toString('base64')
  const folder = statSync(path).isDirectory()
  const files = folder
    ? readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && PART.test(entry.name))
        .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort()
    : []
  if (files.length === 0)
    throw new QuesnayError('BAD_INPUT', `${path} holds no tree of parameters`, {
      path,
      suggestion: 'give a folder of .yaml files, or a .tar.gz of one',
    })
  const chunks: Buffer[] = []
  // A leading ./ keeps the archiver from taking a name that begins with @ for another archive.
  const packed = create(
    { gzip: true, cwd: path, portable: true, noMtime: true },
    files.map((file) => `./${file}`),
  )
  for await (const chunk of packed) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('base64')
}

/** The id of a tree from a folder's or archive's name: lower-case letters, digits and hyphens. */
export function treeIdOf(path: string): string {
  const name = path
    .replace(/[/\\]+$/, '')
    .split(/[/\\]/)
    .at(-1)!
    .replace(ARCHIVE, '')
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
}
