// The terminal as a screen: taken over, drawn on, and given back as it was, however the process ends.
import { emitKeypressEvents } from 'node:readline'
import type { Key } from './state.ts'
import type { Size } from './view.ts'

/** What is needed of standard input. */
export interface ScreenInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
}

/** What is needed of standard output. */
export interface ScreenOutput extends NodeJS.WritableStream {
  readonly columns?: number
  readonly rows?: number
}

export interface Screen {
  readonly size: Size
  /** Draws lines over what was there. */
  draw(lines: readonly string[]): void
  /** Gives the terminal back; further calls do nothing. */
  close(): void
}

export interface ScreenListeners {
  key(key: Key): void
  resize(): void
}

// xterm control sequences: the alternate screen keeps what stood on the terminal.
const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const HOME = '\u001b[H'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'

/** Size of a terminal that does not tell. */
const FALLBACK: Size = { columns: 80, rows: 24 }

/** Takes the terminal over. At the end of the process, also by an error that nobody caught, it is given back. */
export function openScreen(input: ScreenInput, output: ScreenOutput, listeners: ScreenListeners): Screen {
  let open = true
  const pressed = (_text: string | undefined, key: Key) => listeners.key(key)
  const close = () => {
    if (!open) return
    open = false
    process.off('exit', close)
    input.off('keypress', pressed)
    output.off('resize', listeners.resize)
    input.setRawMode?.(false)
    input.pause()
    output.write(LEAVE)
  }
  process.once('exit', close)
  emitKeypressEvents(input)
  input.setRawMode?.(true)
  input.on('keypress', pressed)
  input.resume()
  output.on('resize', listeners.resize)
  output.write(ENTER)
  return {
    get size() {
      return { columns: output.columns || FALLBACK.columns, rows: output.rows || FALLBACK.rows }
    },
    draw(lines) {
      if (open) output.write(`${HOME}${lines.map((line) => line + CLEAR_LINE).join('\r\n')}${CLEAR_BELOW}`)
    },
    close,
  }
}
