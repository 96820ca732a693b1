// Sends bytes on a connection of its own and reads until the server has closed it.
import type { Target } from './target.ts'

/** The time after which a connection that says nothing is given up, in ms: well above what an answer takes. */
const QUIET_MS = 3_000
/** The time that an answer that has begun may go on for, once it pauses. */
const PAUSE_MS = 150

/** What came back, as latin-1; '' where the connection was closed without a word, or nothing came in time. */
export function exchange(target: Target, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = target.connect()
    let answer = ''
    const end = () => {
      socket.destroy()
      resolve(answer)
    }
    // An upgraded or kept connection stays open: what it says in one go is its answer.
    socket.setTimeout(QUIET_MS, end)
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
      socket.setTimeout(PAUSE_MS)
    })
    socket.once('close', end)
    // Half-closed: the server knows that no more comes, and may still answer.
    socket.end(bytes)
  })
}
