// Reads bytes as they are stored, by COPY: as a query's result the driver would read them as text, twice as long and many times as slow.
import pg from 'pg'

/** What may stand in a statement for $1, $2 and so on. */
export type CopyValue = string | number | readonly number[]

/** Signature, flags and length of an extension, which is 0. */
const HEAD = 19
/** A row of so many fields is the last. */
const END = -1

/**
 * The first column, a bytea, of each row of a query; rows where it is null are left out. COPY has no parameters: the values are
 * written into the text.
 */
export function copyBytes(client: pg.ClientBase, text: string, values: readonly CopyValue[]): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const query = text.replace(/\$(\d+)/g, (_, n: string) => literalOf(values[Number(n) - 1]!))
    client.query(new CopyOut(`copy (${query}) to stdout (format binary)`, resolve, reject))
  })
}

function literalOf(value: CopyValue): string {
  if (typeof value === 'number') return String(value)
  return pg.escapeLiteral(typeof value === 'string' ? value : `{${value.join()}}`)
}

/** What the driver calls with what the server answers. */
class CopyOut implements pg.Submittable {
  readonly #text: string
  readonly #resolve: (fields: Buffer[]) => void
  readonly #reject: (error: Error) => void
  readonly #chunks: Buffer[] = []
  #failed = false

  constructor(text: string, resolve: (fields: Buffer[]) => void, reject: (error: Error) => void) {
    this.#text = text
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text)
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    // What the driver hands over is a part of its own buffer, which it fills anew.
    this.#chunks.push(Buffer.from(chunk))
  }

  handleReadyForQuery(): void {
    if (this.#failed) return
    try {
      this.#resolve(fieldsOf(Buffer.concat(this.#chunks)))
    } catch (error) {
      this.#reject(error as Error)
    }
  }

  handleError(error: Error): void {
    this.#failed = true
    this.#reject(error)
  }

  handleRowDescription(): void {}
  handleCommandComplete(): void {}
}

/** PostgreSQL 18, COPY, Binary Format: rows of u16 fields, each with its length in bytes, -1 for null. */
function fieldsOf(bytes: Buffer): Buffer[] {
  const fields: Buffer[] = []
  for (let at = HEAD; bytes.readInt16BE(at) !== END; ) {
    const length = bytes.readInt32BE(at + 2)
    at += 6
    if (length < 0) continue
    fields.push(bytes.subarray(at, at + length))
    at += length
  }
  return fields
}
