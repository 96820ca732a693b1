// Files as a .tar.gz archive, in memory; the same files give the same bytes.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Header, Pax } from 'tar'
import type { SourceFile } from '../import/read-yaml.ts'

const deflate = promisify(gzip)
const BLOCK = 512

export async function writeArchive(files: readonly SourceFile[]): Promise<Buffer> {
  const parts = files.flatMap(({ path, text }) => {
    const bytes = Buffer.from(text)
    const header = new Header({ path, mode: 0o644, size: bytes.length, mtime: new Date(0), type: 'File' })
    const long = header.encode() ? [new Pax({ path }).encode()] : []
    return [...long, header.block!, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]
  })
  return deflate(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]))
}
