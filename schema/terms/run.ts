// Run: one question computed by the fleet. Its words on the wire, in tables and in the graph.

export const RunStatus = {
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  MERGING: 'MERGING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
} as const
export type RunStatus = (typeof RunStatus)[keyof typeof RunStatus]

export const RunKind = {
  SIMULATION: 'SIMULATION',
  POPULATION: 'POPULATION',
  RISK: 'RISK',
  CALCULATION: 'CALCULATION',
} as const
export type RunKind = (typeof RunKind)[keyof typeof RunKind]

/** p0 interactive, p1 normal, p2 batch; weights 8:3:1 when a worker pulls. */
export const JobClass = { INTERACTIVE: 'p0', NORMAL: 'p1', BATCH: 'p2' } as const
export type JobClass = (typeof JobClass)[keyof typeof JobClass]

/** Forms that a result is offered for download in. */
export const DownloadFormat = { ARROW: 'ARROW', CSV: 'CSV', RAW: 'RAW' } as const
export type DownloadFormat = (typeof DownloadFormat)[keyof typeof DownloadFormat]

export function isTerminal(status: RunStatus): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED'
}
