// Sends a file of units: with the question where it is short, else beforehand in parts. Texts are packed first.
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { QuesnayError } from '../schema/errors.ts'
import { sha256 } from '../schema/hash.ts'
import { ask, type GraphClient } from './client.ts'
import type { Progress } from './output/progress.ts'
import { reasonOf } from './read-input.ts'

/** Bytes of a part, as the graph takes them: two thirds of a request when written in base 64. */
const PART_BYTES = 8 * 1024 * 1024
/** Parts are the first four fifths of the work; reading them is the rest. */
const SENDING_SHARE = 0.8

const UPLOAD = 'mutation Upload($input: UploadPartInput!) { uploadPart(input: $input) { missing } }'

/** Members `content` or `upload` of an import's input. Errors: BAD_INPUT, and those of the graph. */
export async function fileInput(
  client: GraphClient,
  path: string,
  progress: Progress,
): Promise<{ readonly content: string } | { readonly upload: string }> {
  const bytes = await packed(path)
  if (bytes.length <= PART_BYTES) return { content: bytes.toString('base64') }
  const hash = sha256(bytes)
  const parts = Math.ceil(bytes.length / PART_BYTES)
  for (let part = 0; part < parts; part++) {
    const content = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES).toString('base64')
    await ask(client, UPLOAD, { input: { sha256: hash, size: bytes.length, part, content } })
    progress.update((SENDING_SHARE * (part + 1)) / parts, part + 1 < parts ? `sending ${path}` : `reading ${path}`)
  }
  return { upload: hash }
}

/** Numbers as text take a third when packed, and packing costs less than sending; other formats are packed by themselves. */
async function packed(path: string): Promise<Buffer> {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new QuesnayError('BAD_INPUT', `cannot read ${path}: ${reasonOf(cause)}`, {
      path,
      suggestion: 'check the file',
    })
  }
  return extname(path) === '.csv' ? promisify(gzip)(bytes, { level: 1 }) : bytes
}
