// What a check of `quesnay doctor` finds: one line, and what to do where there is something.

export type Level = 'ok' | 'warn' | 'fail'

export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string
  /** `warn` works but not as well as it could, or not for long; `fail` does not work. */
  readonly level: Level
  readonly say: string
  /** What to do; beside `ok`, what could be had besides. */
  readonly fix?: string
}

/** Makes the findings of one check. */
export const findings = (check: string) => ({
  ok: (say: string, fix?: string): Finding => ({ check, level: 'ok', say, ...(fix === undefined ? {} : { fix }) }),
  warn: (say: string, fix: string): Finding => ({ check, level: 'warn', say, fix }),
  fail: (say: string, fix: string): Finding => ({ check, level: 'fail', say, fix }),
})

/** `1 shard`, `2 shards`. */
export const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`

/** Seconds for people: `40 s`, `12 min`, `3 h`, `2 d`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} d`
}
