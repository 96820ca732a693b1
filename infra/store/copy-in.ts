// Writes many rows by COPY: one statement whatever their number, and no text of the values is made or read.
import type pg from 'pg'

/** What @types/pg leaves out: node-postgres 8, lib/connection.js. */
interface CopyingConnection extends pg.Connection {
  sendCopyFromChunk(chunk: Uint8Array): void
  endCopyFrom(): void
  sendCopyFail(message: string): void
}

/**
 * Runs `copy ... from stdin` with the chunks, cut where they may be cut, and returns the number of rows. Where making a chunk throws,
 * nothing is written and the call rejects with that error.
 */
export function copyIn(client: pg.ClientBase, text: string, chunks: Iterable<Uint8Array>): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(text, chunks, resolve, reject))
  })
}

/** What the driver calls with what the server answers. */
class CopyIn implements pg.Submittable {
  readonly #text: string
  readonly #chunks: Iterator<Uint8Array>
  readonly #resolve: (rows: number) => void
  readonly #reject: (error: Error) => void
  #rows = 0
  #error: Error | undefined
  /** The server has said that it takes no more. */
  #over = false

  constructor(text: string, chunks: Iterable<Uint8Array>, resolve: (rows: number) => void, reject: (e: Error) => void) {
    this.#text = text
    this.#chunks = chunks[Symbol.iterator]()
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text)
  }

  handleCopyInResponse(connection: CopyingConnection): void {
    try {
      this.#send(connection)
    } catch (error) {
      this.#error = error as Error
      connection.sendCopyFail('the rows could not be made')
    }
  }

  /** As much as the socket takes; the rest when it has been taken, so that rows do not pile up in memory. */
  #send(connection: CopyingConnection): void {
    while (!this.#over && !connection.stream.writableNeedDrain) {
      const { done, value } = this.#chunks.next()
      if (done) {
        connection.endCopyFrom()
        return
      }
      connection.sendCopyFromChunk(value)
    }
    if (!this.#over) connection.stream.once('drain', () => this.handleCopyInResponse(connection))
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows = Number(text.split(' ')[1])
  }

  handleReadyForQuery(): void {
    this.#over = true
    this.#resolve(this.#rows)
  }

  /**
   * The last that the driver says of a query that failed; the next one waits for the server all the same. What was wrong with making
   * the rows explains more than that they ended early.
   */
  handleError(error: Error): void {
    this.#over = true
    this.#reject(this.#error ?? error)
  }

  handleRowDescription(): void {}
}
