// Whether a process that wrote down its number still lives, and is still the same one.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** True where a process of this number exists, whoever owns it. False for anything that is no process number. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** True where a process of this number runs; a dead one that nobody has buried, which has no command line any more, does not. */
export function isRunning(pid: number): boolean {
  if (!isAlive(pid)) return false
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== ''
  } catch {
    // Without /proc; or it has ended since.
    return isAlive(pid)
  }
}

/**
 * What tells a process from a later one of the same number: the machine's boot and the process's start within it, from /proc.
 * undefined where there is no /proc or no such process.
 */
export function processStart(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): field 22 is the start time in clock ticks; field 2, the name in parentheses, may hold blanks.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3]
    return `${boot}/${ticks}`
  } catch {
    return undefined
  }
}

/**
 * The command line of every process by its number, arguments parted and ended by blanks: from /proc, else from `ps`. undefined on Windows.
 * Unlike the working directory it may be read across users also in a container without the right to trace.
 */
export function commandLines(): Map<number, string> | undefined {
  if (process.platform === 'win32') return undefined
  if (!existsSync('/proc/self/cmdline')) {
    const rows = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n')
    return new Map(rows.map((row) => [Number.parseInt(row, 10), `${row.trim().replace(/^\d+\s+/, '')} `]))
  }
  const lines = new Map<number, string>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      lines.set(Number(name), readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '))
    } catch {
      // It ended since we read the list.
    }
  }
  return lines
}
