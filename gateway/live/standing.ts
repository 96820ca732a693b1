// Whether somebody who comes back with a cursor has missed anything, and whether all of that is still there.
import type { Bus } from '../../infra/bus/port.ts'

/** quiet: nothing happened since. news: something did, and all of it is kept. expired: some of it may be gone. */
export type Standing = 'quiet' | 'news' | 'expired'

/** @param through sequence up to which to look. Errors: BUS_UNAVAILABLE. */
export async function standingOf(bus: Bus, pattern: string, after: number, through: number): Promise<Standing> {
  if (await isExpired(bus, after)) return 'expired'
  for await (const _ of bus.replay(pattern, after, through)) return 'news'
  return 'quiet'
}

/** True where events after the sequence are not kept any more, or where it is of another stream, with more events than there are. */
export async function isExpired(bus: Bus, after: number): Promise<boolean> {
  const { first, last } = await bus.eventRange()
  return after + 1 < first || after > last
}
