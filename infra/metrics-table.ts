// The table of all instruments, for documentation: made from the instruments themselves, so that it cannot fall behind.
import { createMetrics } from './metrics.ts'

export interface InstrumentRow {
  readonly name: string
  readonly type: string
  readonly labels: readonly string[]
  readonly say: string
  /** Upper bounds of a histogram. */
  readonly buckets: readonly number[]
}

/** What an instrument of prom-client knows of itself; its types leave it out. */
interface Instrument {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly labelNames: readonly string[]
  readonly upperBounds?: readonly number[]
}

/** Every instrument of ours, by name; those of the process itself are prom-client's. */
export function instrumentRows(): InstrumentRow[] {
  const instruments = createMetrics('table').registry.getMetricsAsArray() as unknown as Instrument[]
  return instruments
    .filter(({ name }) => name.startsWith('quesnay_'))
    .map(({ name, type, labelNames, help, upperBounds = [] }) => ({
      ...{ name, type, say: help },
      labels: [...labelNames],
      buckets: [...upperBounds],
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The rows as a table of Markdown. */
export function metricsDocument(): string {
  const rows = instrumentRows()
  const lines = rows.map(({ name, type, labels, say }) => `| ${name} | ${type} | ${labels.join(', ')} | ${say} |`)
  const bounds = rows.filter(({ buckets }) => buckets.length > 0)
  return [
    '# Metrics',
    '',
    'Generated from infra/metrics.ts by `npm run generate`. GET /metrics of the gateway, of each subgraph and of each worker answers in the',
    'text format of Prometheus; every sample carries `service` beside the labels below. No label names a tenant, a run or a user, so that the',
    'number of series does not grow with use. The metrics of the process itself (`process_*`, `nodejs_*`) are those of prom-client.',
    'docs/observability.md shows how to scrape them and what to be woken by.',
    '',
    '| name | type | labels | meaning |',
    '|---|---|---|---|',
    ...lines,
    '',
    '## Buckets',
    '',
    'Upper bounds of the histograms, in seconds.',
    '',
    '| name | bounds |',
    '|---|---|',
    ...bounds.map(({ name, buckets }) => `| ${name} | ${buckets.join(', ')} |`),
    '',
  ].join('\n')
}
