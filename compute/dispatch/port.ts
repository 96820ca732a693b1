// What the rest of Quesnay asks of the fleet: submit a question, watch it, read its result, cancel it.

import type { WireError } from '../../schema/errors.ts'
import type { Origin, ResultSpec } from '../../schema/jobs.ts'
import type { DownloadFormat, JobClass, RunKind, RunStatus } from '../../schema/terms/run.ts'
import type { Plan } from '../model/plan.ts'
import type { DeadLetter } from './dead-letters.ts'
import type { FleetView } from './fleet-view.ts'
import type { PartialResult } from './partial.ts'
import type { ShardRecord } from './run-shards.ts'

/** The object of the graph that a run answers a question about, such as { type: 'Scenario', id: 'sc-1' }. */
export interface RunSubject {
  readonly type: string
  readonly id: string
}

/** A column that is stored already: little-endian f64 saved with saveBlob, known by the hash that gave. */
export interface StoredColumn {
  readonly sha256: string
  /** Values. */
  readonly length: number
}

/** Who asks: for traces and logs, and how much they may ask. */
export interface Asker extends Omit<Origin, 'runId'> {
  /** Questions of a kind that the tenant may have under way; beyond, OVERLOADED. Absent: any number. */
  readonly atOnce?: Partial<Record<RunKind, number>>
  /** Hears how many seconds of computing a new question is estimated to take before its job is stored; what it throws refuses the question. */
  readonly weigh?: (estimatedSeconds: number) => void
}

export interface Submission {
  readonly tenant: string
  readonly kind: RunKind
  readonly subject: RunSubject
  readonly plan: Plan
  readonly inputs?: Readonly<Record<string, number>>
  readonly series?: Readonly<Record<string, readonly number[]>>
  /**
   * Data by name: a column has a value per row of its level (`lanes` of the lanes; of members as many as their count column adds up
   * to), a trajectory [lane][step] a value per lane and step.
   */
  readonly columns?: Readonly<Record<string, Float64Array | StoredColumn>>
  /** Draws of an ensemble, or rows of the data. 1 to 1,000,000. */
  readonly lanes: number
  /** u64 as a decimal string; default '0'. */
  readonly seed?: string
  readonly result: ResultSpec
  readonly class?: JobClass
  /** How many shards to cut; default: by the cost of the plan. The result does not depend on it. */
  readonly shards?: number
  readonly provenance?: Partial<Provenance>
  /** Computes again even where the result is stored: for verification. The new bits are compared with the stored ones. */
  readonly verifies?: string
  readonly asker?: Asker
}

export interface Provenance {
  readonly planHash: string
  readonly kernels: readonly string[]
  readonly dataVersions: readonly string[]
  readonly bankVersion: string | null
  readonly parameterSnapshot: string | null
  /** id@hash of the rules that were computed, if any. */
  readonly ruleSet?: string | null
  /** Conventions of the question as plain data, if it has any. */
  readonly options?: Readonly<Record<string, unknown>> | null
  readonly seed: string
  readonly engineVersion: string
}

export interface RunRecord {
  readonly id: string
  readonly tenant: string
  readonly kind: RunKind
  readonly subject: RunSubject
  readonly status: RunStatus
  readonly shardsDone: number
  /** Shards set aside: while others go on the run does. */
  readonly shardsFailed: number
  readonly shardsTotal: number
  readonly lanes: number
  readonly inputHash: string
  readonly resultHash: string | null
  /** True where the result was stored before the run was submitted. */
  readonly cached: boolean
  /** Sum over shards and merge of the time a thread computed. */
  readonly computeSeconds: number
  /** What it was estimated to be at submission; of a cached run, at that of the run which computed it. */
  readonly estimatedComputeSeconds: number
  /** Threads of the fleet, as heard last when this was read; 0 where no worker is heard of. */
  readonly slots: number
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  readonly provenance: Provenance
  readonly error: WireError | null
  /** The run whose result this one recomputed, if it is a verification. */
  readonly verifies: string | null
}

/** Merged ENSEMBLE result; each array is [output][saved time], row-major. */
export interface EnsembleResult {
  readonly kind: 'ENSEMBLE'
  readonly outputs: readonly { readonly name: string; readonly unit: string }[]
  readonly times: readonly number[]
  readonly probabilities: readonly number[]
  readonly mean: Float64Array
  readonly sd: Float64Array
  /** One array per probability. Quantile type 7 (Hyndman and Fan 1996), exact. */
  readonly quantiles: readonly Float64Array[]
}

/** Merged LANES result: values[(output * times.length + time) * lanes + lane]. */
export interface LanesResult {
  readonly kind: 'LANES'
  readonly outputs: readonly { readonly name: string; readonly unit: string }[]
  readonly times: readonly number[]
  readonly lanes: number
  readonly values: Float64Array
}

/** An output of the plan and its unit. */
export interface OutputUnit {
  readonly name: string
  readonly unit: string
}

/**
 * Merged POPULATION result; PopulationSpec says what each part is over. A figure that depends on an output that failed is NaN. What is
 * over no lanes at all, or over weights that are all 0, is 0 where it is a sum and NaN where it is a mean, a share or a quantile.
 */
export interface PopulationResult {
  readonly kind: 'POPULATION'
  readonly lanes: number
  /** As many as lanes where these are not linked; NaN where the link failed. */
  readonly households: number
  /** Sum of the weights of all lanes. */
  readonly weight: number
  /** The outputs of `sums`, in the order of the spec. */
  readonly outputs: readonly OutputUnit[]
  /** Weighted sum of each output. */
  readonly sums: Float64Array
  /** In the order of the spec. */
  readonly groups: readonly PopulationGroups[]
  readonly ranks: PopulationRanks | null
  /** In the order of the spec. */
  readonly distributions: readonly PopulationDistribution[]
  readonly poverty: readonly PopulationPoverty[]
  /** Outputs of which no figure is given, by name. */
  readonly failed: readonly FailedOutput[]
}

export interface PopulationGroups {
  /** The output whose codes these are. */
  readonly name: string
  /** Codes that lanes have, rising; empty where the output failed. */
  readonly codes: readonly number[]
  /** By code: how many lanes, and the sum of their weights. */
  readonly lanes: Float64Array
  readonly weight: Float64Array
  /** Weighted sums of PopulationResult.outputs: sums[output * codes.length + code's place]. */
  readonly sums: Float64Array
}

export interface PopulationRanks {
  /** The outputs of `ranked`, in the order of the spec. */
  readonly outputs: readonly OutputUnit[]
  /** Of each rank group from the lowest: how many lanes, the sum of their weights, the sum of the households' rank weights. */
  readonly lanes: Float64Array
  readonly weight: Float64Array
  readonly rankWeight: Float64Array
  /** The least `by` of each group; NaN where nobody is in it. */
  readonly least: Float64Array
  /** Weighted sums: sums[output * count + rank]. */
  readonly sums: Float64Array
}

export interface PopulationDistribution {
  readonly income: OutputUnit
  /** Name of the output that it is weighted with, and its sum. */
  readonly weightedBy: string
  readonly weight: number
  readonly mean: number
  /** Half the mean absolute difference over the mean; NaN where the mean is not positive; above 1 possible where incomes are negative. */
  readonly gini: number
  /** Half the mean absolute difference over the mean absolute income: within 0 and 1 whatever the signs; equals `gini` where none is negative. */
  readonly giniNormalized: number
  /** At POPULATION_QUANTILES. */
  readonly quantiles: Float64Array
  /** Share of all income that the top TOP_SHARES have; NaN where the sum of income is not positive. */
  readonly topShares: Float64Array
}

export interface PopulationPoverty {
  readonly income: OutputUnit
  readonly weightedBy: string
  readonly line: number
  /** Weight of those below the line, and its share of all weight. */
  readonly poor: number
  readonly rate: number
  /** Mean distance below the line as a share of it, over all, those above counting 0; NaN where the line is not positive. */
  readonly gap: number
}

/** Why an output has no figures, with the first lane in which it failed and in how many it did. */
export interface FailedOutput {
  readonly output: string
  /**
   * NOT_A_NUMBER: not finite. NEGATIVE_WEIGHT: a weight below zero. BAD_CODE: a group's code that is none. OUT_OF_ORDER: household
   * numbers that fall. TOO_LARGE: a weighted value beyond what is summed exactly.
   */
  readonly reason: FailedReason
  readonly lane: number
  readonly count: number
}

export type FailedReason = 'NOT_A_NUMBER' | 'NEGATIVE_WEIGHT' | 'BAD_CODE' | 'OUT_OF_ORDER' | 'TOO_LARGE'

export type RunResult = EnsembleResult | LanesResult | PopulationResult

/** A result that is ready to be fetched. */
export interface Download {
  /** Path and query below the gateway's address; whoever has it may fetch it for its tenant. */
  readonly url: string
  readonly expiresAt: Date
  readonly bytes: number
  /** Of what is fetched. */
  readonly sha256: string
}

export interface RunFilter {
  readonly kind?: RunKind
  readonly subject?: RunSubject
  readonly status?: RunStatus
}

/** What a question would cost. */
export interface Estimate {
  /** Seconds of one thread. */
  readonly computeSeconds: number
  readonly shards: number
  /** Threads of the fleet at present; 0 where no worker is heard of. */
  readonly slots: number
  /** True where an equal question is answered or being answered: it would cost nothing. */
  readonly shared: boolean
  /** Why it would be refused now: LIMIT_EXCEEDED, BUDGET_EXHAUSTED or OVERLOADED; null where it would not. */
  readonly refusal: WireError | null
}

/** Newest first; `after` is the id of the last run of the page before. */
export interface RunPage {
  readonly runs: readonly RunRecord[]
  readonly hasNextPage: boolean
  readonly totalCount: number
}

/**
 * Every call is held to one tenant: a run of another is not found.
 * Errors: NOT_FOUND, BAD_INPUT (lanes, seed, missing column or series), LIMIT_EXCEEDED, OVERLOADED, BUDGET_EXHAUSTED, STORE_UNAVAILABLE.
 */
export interface Dispatch {
  /** Returns at once: QUEUED, or in the state of the equal run it shares, or SUCCEEDED from the store. */
  submit(submission: Submission): Promise<RunRecord>
  /** What a submission would cost, and whether that is within the tenant's limits; stores nothing. Errors as of submit, but for limits. */
  estimate(submission: Submission): Promise<Estimate>
  /** In the order of the ids; undefined where this tenant has no such run. */
  load(tenant: string, runIds: readonly string[]): Promise<(RunRecord | undefined)[]>
  list(tenant: string, filter: RunFilter, first: number, after?: string): Promise<RunPage>
  /** Does nothing to a run that has ended. A job that other runs share goes on. */
  cancel(tenant: string, runId: string): Promise<RunRecord>
  /** RUN_NOT_FINISHED, RUN_CANCELLED, or the run's own error where there is no result. */
  result(tenant: string, runId: string): Promise<RunResult>
  /**
   * A link to the result as a file. It is made where it is not there yet, and never held in memory. Errors: as of `result`; BAD_INPUT
   * where a result is no table, BUS_UNAVAILABLE, OVERLOADED where there is no room for it.
   */
  download(tenant: string, runId: string, format: DownloadFormat): Promise<Download>
  /** Waits for the result; RUN_TIMEOUT after the time given (default 30 s), the run goes on. */
  settled(tenant: string, runId: string, timeoutMs?: number): Promise<RunResult>
  /** Computes the same question again and compares; a run with `verifies` set. */
  verify(tenant: string, runId: string, asker?: Asker): Promise<RunRecord>
  /** The fleet as the tenant may see it, with so many of its runs. */
  fleet(tenant: string, runs: number): Promise<FleetView>
  /** In the order of the ids: at most 200 shards of each run, those that need a look first. */
  shards(tenant: string, runIds: readonly string[]): Promise<(readonly ShardRecord[])[]>
  /**
   * The statistics over the lanes that are stored so far, also of a run that failed or was cancelled; undefined where there are none.
   * CONSTRUCT_UNSUPPORTED for a population.
   */
  partial(tenant: string, runId: string): Promise<PartialResult | undefined>
  /** Newest first. */
  deadLetters(tenant: string, runId: string): Promise<readonly DeadLetter[]>
  /**
   * Sends what failed of a run once more, or one shard of it; the run goes on and what it has computed stays. Nothing happens where nothing failed.
   * RUN_CANCELLED; the run's own error where the question is at fault; BAD_INPUT for a shard that has not failed; CONFLICT.
   */
  redrive(tenant: string, runId: string, shard?: number): Promise<RunRecord>
  /** Content-addressed values that subgraphs hand each other by hash, such as a compiled model. */
  saveBlob(tenant: string, bytes: Uint8Array): Promise<string>
  loadBlob(tenant: string, sha256: string): Promise<Uint8Array>
  /** Deletes values; what is not there is passed over. Runs that were asked with them keep their results and cannot be computed again. */
  deleteBlobs(tenant: string, sha256s: readonly string[]): Promise<void>
}
