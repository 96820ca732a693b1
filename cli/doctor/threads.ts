// Whether the embedded server computes: its own page of metrics says on how many threads.
import { count, type Finding, findings } from './finding.ts'

const { ok, warn } = findings('workers')

/** @param page what /metrics answered, in the Prometheus exposition format; undefined where it did not */
export function checkThreads(page: string | undefined): Finding {
  const of = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(page ?? '')?.[1] ?? 0)
  const [slots, busy] = [of('quesnay_slots'), of('quesnay_slots_busy')]
  if (slots === 0) return warn('the server does not say on how many threads it computes', 'see its log')
  return ok(`the server computes on ${count(slots, 'thread')}, ${busy} of them now`)
}
