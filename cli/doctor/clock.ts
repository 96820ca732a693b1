// Whether this machine's clock is the database's: deadlines and leases are of the one, heartbeats of the other.
import type { Clock } from '../../infra/clock.ts'
import type { Sql } from '../../infra/store/port.ts'
import { duration, type Finding, findings } from './finding.ts'

const { ok, warn, fail } = findings('clock')
const NOTED_S = 1
/** Heartbeats of workers run out after 15 s. */
const TOO_MUCH_S = 10

export async function checkClock(sql: Sql, clock: Pick<Clock, 'now'>): Promise<Finding> {
  const asked = clock.now()
  const [row] = await sql.query<{ ms: number }>('select extract(epoch from clock_timestamp())::float8 * 1000 as ms')
  const answered = clock.now()
  // It was read some time between the two.
  const ms = row!.ms
  const offBy = Math.max(asked - ms, ms - answered, 0) / 1000
  if (offBy < NOTED_S) return ok(`the database's clock is this machine's to ${Math.ceil((answered - asked) / 2)} ms`)
  const say = `the database's clock is ${duration(offBy)} ${ms > answered ? 'ahead of' : 'behind'} this machine's`
  const fix = 'let both keep time by NTP (timedatectl set-ntp true)'
  return offBy < TOO_MUCH_S ? warn(say, fix) : fail(say, fix)
}
