// Files that come in parts: kept until all are there and the file is imported, for a day at most.
import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { sha256 } from '../../../schema/hash.ts'
import { needsScope } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { UploadPartInput, UploadPayload } from '../types/population-import.ts'
import type { Context } from './context.ts'

/** In base 64 a part has two thirds of the 16 MiB that a request may have. */
export const PART_BYTES = 8 * 1024 * 1024
export const MAX_UPLOAD_BYTES = 128 * 1024 * 1024
/** Of all files of a tenant that nobody has imported yet. */
const MAX_PENDING_BYTES = 512 * 1024 * 1024
const KEPT_MS = 24 * 3_600_000
const HASH = /^[0-9a-f]{64}$/

const partsOf = (size: number) => Math.ceil(size / PART_BYTES)

@Resolver()
export class UploadResolver {
  @Directive(needsScope('populations:write'))
  @Directive(changing())
  @Mutation(() => UploadPayload, {
    description:
      'Sends a part of a file, in any order; the same part again is no error. When none is missing, import the file by its SHA-256.',
  })
  async uploadPart(
    @Arg('input', () => UploadPartInput, { description: 'The part.' }) input: UploadPartInput,
    @Ctx() context: Context,
  ): Promise<UploadPayload> {
    const { store, tenant, clock } = context
    const bytes = readPart(input)
    const { sha256: hash, size, part } = input
    await store.populations.deletePartsBefore(tenant, new Date(clock.now() - KEPT_MS))
    const pending = await store.populations.pendingBytes(tenant, hash)
    if (pending + size > MAX_PENDING_BYTES)
      throw new QuesnayError('LIMIT_EXCEEDED', `files of ${pending} bytes wait to be imported already`, {
        path: 'input.size',
        limit: MAX_PENDING_BYTES,
        suggestion: 'import them; what is not imported within a day is deleted',
      })
    assertOneSize((await store.populations.partsOf(tenant, hash)).sizes, size, 'input.size')
    await store.populations.savePart({ tenant, sha256: hash, part, size, bytes, createdAt: new Date(clock.now()) })
    const { parts } = await store.populations.partsOf(tenant, hash)
    return { sha256: hash, parts: partsOf(size), missing: missingOf(parts, size) }
  }
}

/** The bytes of a file whose parts are all there. BAD_INPUT where some are missing, or they are not what they were said to be. */
export async function assembleUpload({ store, tenant }: Context, hash: string, path: string): Promise<Buffer> {
  const { parts, sizes } = await store.populations.partsOf(tenant, hash)
  const size = sizes[0]
  if (size === undefined)
    throw new QuesnayError('NOT_FOUND', `no part of a file ${hash.slice(0, 80)} is here`, {
      path,
      suggestion: 'send its parts with uploadPart; they are kept for a day',
    })
  assertOneSize(sizes, size, path)
  const missing = missingOf(parts, size)
  if (missing.length > 0)
    throw new QuesnayError('BAD_INPUT', `${missing.length} of ${partsOf(size)} parts are missing`, {
      path,
      missing,
      suggestion: 'send them with uploadPart',
    })
  const file = Buffer.alloc(size)
  for (const part of parts) (await store.populations.part(tenant, hash, part))?.copy(file, part * PART_BYTES)
  if (sha256(file) === hash) return file
  await store.populations.deleteParts(tenant, hash)
  throw new QuesnayError('BAD_INPUT', 'the parts together are not the file of this SHA-256', {
    path,
    suggestion: 'compute the SHA-256 of the whole file and send it again',
  })
}

/** The bytes that a text in base 64 stands for; BAD_INPUT where it is none. */
export function decodeBase64(text: string, path: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  const digits = text.replace(/[\s=]/g, '').length
  // What is no digit of it is passed over when decoding, and shows in the length.
  if (bytes.length === Math.floor((digits * 3) / 4)) return bytes
  throw new QuesnayError('BAD_INPUT', `${path} is not base 64`, { path, suggestion: 'encode the bytes of the file' })
}

function readPart({ sha256: hash, size, part, content }: UploadPartInput): Buffer {
  if (!HASH.test(hash))
    throw new QuesnayError('BAD_INPUT', 'sha256 is no SHA-256', {
      path: 'input.sha256',
      suggestion: 'give 64 lower-case hexadecimal digits',
    })
  if (!(size >= 1 && size <= MAX_UPLOAD_BYTES))
    throw new QuesnayError('LIMIT_EXCEEDED', `a file has at most ${MAX_UPLOAD_BYTES} bytes, not ${size}`, {
      path: 'input.size',
      limit: MAX_UPLOAD_BYTES,
      suggestion: 'compress it with gzip, leave columns out, or send it as Parquet',
    })
  if (!(part >= 0 && part < partsOf(size)))
    throw new QuesnayError('BAD_INPUT', `a file of ${size} bytes has no part ${part}`, {
      path: 'input.part',
      suggestion: `parts are 0 to ${partsOf(size) - 1}`,
    })
  const bytes = decodeBase64(content, 'input.content')
  const expected = Math.min(PART_BYTES, size - part * PART_BYTES)
  if (bytes.length === expected) return bytes
  throw new QuesnayError('BAD_INPUT', `part ${part} has ${bytes.length} bytes, not ${expected}`, {
    path: 'input.content',
    suggestion: `cut the file every ${PART_BYTES} bytes`,
  })
}

function assertOneSize(sizes: readonly number[], size: number, path: string): void {
  if (sizes.every((each) => each === size)) return
  throw new QuesnayError('BAD_INPUT', 'parts of this file were sent with another size', {
    path,
    suggestion: 'send all parts with the size of the whole file',
  })
}

function missingOf(parts: readonly number[], size: number): number[] {
  const there = new Set(parts)
  return Array.from({ length: partsOf(size) }, (_, part) => part).filter((part) => !there.has(part))
}
