// The metrics page: what a Prometheus server reads.
import { describe, expect, it } from 'vitest'
import { createMetrics, metricsPage } from './metrics.ts'

describe('metricsPage', () => {
  it('shows every instrument and the process, labelled with the service', async () => {
    const metrics = createMetrics('worker')
    metrics.jobs.inc({ kind: 'SIMULATION', status: 'SUCCEEDED' })
    metrics.shardSeconds.observe(0.07)
    metrics.subgraphRequests.inc({ subgraph: 'economies' }, 3)
    const { contentType, body } = await metricsPage(metrics)
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(body).toContain('quesnay_jobs_total{kind="SIMULATION",status="SUCCEEDED",service="worker"} 1')
    expect(body).toContain('quesnay_subgraph_requests_total{subgraph="economies",service="worker"} 3')
    expect(body).toContain('quesnay_shard_seconds_bucket{le="0.05",service="worker"} 0')
    expect(body).toContain('quesnay_shard_seconds_bucket{le="0.1",service="worker"} 1')
    const names = [
      'queue_wait_seconds',
      'store_seconds',
      'slots',
      'slots_busy',
      'backlog',
      'backlog_seconds',
      'fleet_slots',
      'workers',
      'operations_total',
      'operation_seconds',
      'subscriptions',
    ]
    for (const name of names) expect(body).toContain(`# HELP quesnay_${name} `)
    expect(body).toContain('process_cpu_seconds_total')
  })

  it('keeps two services of one process apart', async () => {
    const [one, two] = [createMetrics('one'), createMetrics('two')]
    one.slots.set(4)
    expect((await metricsPage(two)).body).toContain('quesnay_slots{service="two"} 0')
    expect((await metricsPage(one)).body).toContain('quesnay_slots{service="one"} 4')
  })
})
