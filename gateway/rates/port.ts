// Where it is kept how much callers may still ask for: the port. Adapters: database.ts, shared by gateways; memory.ts, of one process.

/** A bucket of tokens: it holds so many, and fills again at a constant rate. */
export interface BucketRule {
  readonly capacity: number
  readonly perSecond: number
}

export interface Taken {
  /** At least what was needed, at most what was wanted; 0 where it is refused. */
  readonly granted: number
  /** What is left there now. */
  readonly left: number
  /** Refused: until what was needed is there. Of a day: until it ends. */
  readonly waitSeconds: number
}

/** Of the calendar day of UTC, by the clock of whatever keeps it. */
export interface TakenOfDay extends Taken {
  /** Such as 2026-11-30. */
  readonly day: string
}

/** Each call is one step that no other call comes into. Errors: STORE_UNAVAILABLE. */
export interface RateStore {
  takeFromBucket(key: string, rule: BucketRule, needed: number, wanted: number): Promise<Taken>
  takeFromDay(tenant: string, perDay: number, needed: number, wanted: number): Promise<TakenOfDay>
  /** Tokens that were taken and not used. */
  giveToBucket(key: string, rule: BucketRule, tokens: number): Promise<void>
  giveToDay(tenant: string, day: string, tokens: number): Promise<void>
  /** Forgets buckets that have been full for long, and days long past. */
  sweep(): Promise<void>
}
