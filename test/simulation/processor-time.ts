// Processor time of other processes from /proc: a demand that does not change when the machine is shared.
import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second. */
const TICKS_PER_SECOND = 100

interface Row {
  readonly parent: number
  readonly seconds: number
}

function rows(): Map<number, Row> {
  const found = new Map<number, Row>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const text = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      // Fields 4 (parent), 14 and 15 (user, system), 16 and 17 (of children that have ended) of proc(5).
      const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0)
      found.set(Number(entry), { parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND })
    } catch {
      // It has ended in the meantime.
    }
  }
  return found
}

/** Seconds of processor time that a process, its children and those of theirs that have ended have used; to 10 ms each. */
export function processorSeconds(pid: number): number {
  const all = rows()
  const mine = new Set([pid])
  for (let before = 0; before < mine.size; ) {
    before = mine.size
    for (const [id, { parent }] of all) if (mine.has(parent)) mine.add(id)
  }
  return [...mine].reduce((sum, id) => sum + (all.get(id)?.seconds ?? 0), 0)
}
