// Runs a command on a terminal of its own: a pseudo-terminal made by Python, which has one in its library.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

/** For `it.skipIf(lacksPty())`: true on Windows and where there is no python3. */
export function lacksPty(): boolean {
  const { status } = spawnSync('python3', ['-c', 'import pty, fcntl, termios'], { stdio: 'ignore' })
  if (status === 0) return false
  console.warn('skipped: python3 with a pty module is not there')
  return true
}

const PROGRAM = `
import fcntl, os, pty, select, struct, sys, termios
rows, columns = int(sys.argv[1]), int(sys.argv[2])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[3], sys.argv[3:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
sources = [0, terminal]
while True:
    ready, _, _ = select.select(sources, [], [])
    if 0 in ready:
        typed = os.read(0, 1024)
        if typed:
            os.write(terminal, typed)
        else:
            sources.remove(0)
    if terminal in ready:
        try:
            shown = os.read(terminal, 65536)
        except OSError:
            break
        if not shown:
            break
        os.write(1, shown)
status = os.waitpid(pid, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status))
`

export interface PtyProcess {
  readonly child: ChildProcess
  /** All that was written to the terminal so far. */
  readonly shown: string
  type(keys: string): void
  /** The exit code of the command. */
  readonly ended: Promise<number | null>
}

export function startOnTerminal(
  command: readonly string[],
  { rows, columns }: { rows: number; columns: number },
): PtyProcess {
  const child = spawn('python3', ['-c', PROGRAM, String(rows), String(columns), ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let shown = ''
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString()
  })
  return {
    child,
    get shown() {
      return shown
    },
    type: (keys) => void child.stdin.write(keys),
    ended: new Promise((resolve) => child.once('close', resolve)),
  }
}
