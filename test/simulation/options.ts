// What a simulation is given: the fleet, its work, what each piece of work costs, and changes to the design to try.

/** Milliseconds of a core of the server for one, as measured by `npm run simulate -- --measure`; docs/scale.md has the machine. */
export interface ServiceTimes {
  /** Broker: one message into the work queue, out of it, acknowledged. */
  readonly publish: number
  readonly next: number
  readonly ack: number
  /** Broker: a question to a consumer that has nothing, the stream's state, a key put or read, one delivery of a bell. */
  readonly empty: number
  readonly look: number
  readonly heartbeat: number
  readonly bell: number
  /** Database: a submission, and each shard of it. */
  readonly submitJob: number
  readonly submitShard: number
  /** Database: rows of the outbox marked as published, per statement and per row. */
  readonly mark: number
  readonly markShard: number
  /** Database: a round of admission, and each shard that it lets in. */
  readonly admitRound: number
  readonly admitShard: number
  readonly claim: number
  readonly store: number
  readonly announce: number
  /** Database: whether there is anything to announce, read without a lock. */
  readonly announceLook: number
  readonly beat: number
  /** Database: one sweep, per shard that is not done. */
  readonly sweepShard: number
  /** Database: reading a stored shard for the merge; and of the worker's thread, merging it. */
  readonly mergeShard: number
  readonly mergeComputeShard: number
  /** Waiting for the disk at a commit, which takes no core but holds the row's lock. */
  readonly flush: number
  /** One question and answer over the network. */
  readonly roundTrip: number
}

export const SERVICE_TIMES: ServiceTimes = {
  publish: 0.04,
  next: 0.08,
  ack: 0.045,
  empty: 0.05,
  look: 0.09,
  heartbeat: 0.03,
  bell: 0.001,
  submitJob: 3,
  submitShard: 0.09,
  mark: 0.5,
  markShard: 0.02,
  admitRound: 3,
  admitShard: 0.02,
  claim: 0.6,
  store: 1.2,
  announce: 0.8,
  announceLook: 0.2,
  beat: 0.8,
  sweepShard: 0.0005,
  mergeShard: 0.01,
  mergeComputeShard: 0.1,
  flush: 0.3,
  roundTrip: 0.2,
}

export interface SimulationOptions {
  readonly workers: number
  /** Threads of a worker. */
  readonly slots: number
  readonly shards: number
  readonly seed: number
  /** Mean length of a shard on a thread; lengths are uniform between half and one and a half of it. */
  readonly shardMs: number
  /** Most shards of one job; sizes are uniform from a quarter of it. */
  readonly jobShards: number
  readonly tenants: number
  readonly dispatchers: number
  readonly databaseCores: number
  readonly brokerCores: number
  /** Shards of a tenant that are submitted and not stored yet: at this many it is told OVERLOADED and comes again. */
  readonly maxTenantShards: number
  /** Hours between two deaths of one worker; 0: none dies. */
  readonly hoursBetweenDeaths: number
  readonly times: ServiceTimes
  readonly changes: Changes
}

/** The design, and changes to it: AS_IS is what the product does. */
export interface Changes {
  /** Shards of one job that one statement stores, where so many wait; 1: each its own. */
  readonly storeBatch: number
  /** Rows that a job's counter is spread over; 1: the job's row. */
  readonly counterRows: number
  /** Looks without a lock before it announces, and locks only where there is something to say. */
  readonly announceLooksFirst: boolean
  /** One bell for a batch of messages instead of one for each. */
  readonly bellPerBatch: boolean
  /** A question to an empty consumer waits at the broker until a message comes: no bells, and no empty answers. */
  readonly pullsWait: boolean
}

export const AS_IS: Changes = {
  storeBatch: 1,
  counterRows: 1,
  announceLooksFirst: true,
  bellPerBatch: false,
  pullsWait: false,
}

export const DEFAULTS: SimulationOptions = {
  workers: 1000,
  slots: 1,
  shards: 10_000_000,
  seed: 1,
  shardMs: 150,
  jobShards: 4096,
  tenants: 100,
  dispatchers: 2,
  databaseCores: 16,
  brokerCores: 4,
  maxTenantShards: 20_000,
  hoursBetweenDeaths: 8,
  times: SERVICE_TIMES,
  changes: AS_IS,
}
