// The configuration: defaults, every variable, every problem at once.
import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { isQuesnayError, type QuesnayError } from '../schema/errors.ts'
import { type ConfigProblem, type Environment, readConfig, VARIABLES } from './config.ts'

function problemsOf(env: Environment): readonly ConfigProblem[] {
  try {
    readConfig(env)
  } catch (error) {
    expect(isQuesnayError(error) && error.code).toBe('CONFIG_INVALID')
    return (error as QuesnayError).detail['problems'] as ConfigProblem[]
  }
  return []
}

describe('readConfig', () => {
  it('gives every default for an empty environment', () => {
    expect(readConfig({}, '/srv')).toEqual({
      dataDirectory: '/srv/.quesnay',
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: undefined,
      executor: 'compiled',
      natsUrl: undefined,
      nats: { access: {}, replicas: undefined },
      logLevel: { service: 'info', interactive: 'warn' },
      threads: Math.min(64, availableParallelism()),
      tenant: 'local',
      subgraphUrls: {},
      subgraphTls: {},
      metricsPort: undefined,
      keepDays: { result: undefined, usage: 400 },
      otlp: undefined,
      ci: false,
      timescaleUrl: undefined,
    })
  })

  it('reads every variable', () => {
    const config = readConfig(
      {
        QUESNAY_DATA: 'data',
        QUESNAY_HOST: '0.0.0.0',
        QUESNAY_PORT: '0',
        DATABASE_URL: 'postgres://u:p@db:5432/q',
        NATS_URL: 'nats://a:4222,tls://b:4222',
        NATS_CA: 'ca.pem',
        NATS_CERT: '/etc/q/cert.pem',
        NATS_KEY: '/etc/q/key.pem',
        NATS_USER: 'q',
        NATS_PASSWORD_FILE: 'password',
        NATS_REPLICAS: '5',
        QUESNAY_LOG: 'DEBUG',
        QUESNAY_THREADS: '64',
        QUESNAY_TENANT: 'ministry-7',
        QUESNAY_SUBGRAPH_ECONOMIES_URL: 'http://economies:4001/graphql',
        QUESNAY_SUBGRAPH_LABOUR_MARKET_URL: 'https://partner.example/graphql',
        QUESNAY_SUBGRAPH_CA: 'subgraphs/ca.pem',
        QUESNAY_SUBGRAPH_CERT: 'subgraphs/own.crt',
        QUESNAY_SUBGRAPH_KEY: '/etc/q/own.key',
        QUESNAY_METRICS_PORT: '9100',
        QUESNAY_EXECUTOR: 'apollo',
        QUESNAY_KEEP_RESULT_DAYS: '90',
        QUESNAY_KEEP_USAGE_DAYS: '1000',
        QUESNAY_OTLP: 'http://collector:4318/',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://other:4318',
        QUESNAY_TRACE_RATIO: '0.25',
        CI: 'true',
        TIMESCALE_URL: 'postgresql://t/q',
      },
      '/srv',
    )
    expect(config).toEqual({
      dataDirectory: '/srv/data',
      host: '0.0.0.0',
      port: 0,
      databaseUrl: 'postgres://u:p@db:5432/q',
      executor: 'apollo',
      natsUrl: 'nats://a:4222,tls://b:4222',
      nats: {
        access: {
          caFile: '/srv/ca.pem',
          certFile: '/etc/q/cert.pem',
          keyFile: '/etc/q/key.pem',
          user: 'q',
          passwordFile: '/srv/password',
        },
        replicas: 5,
      },
      logLevel: { service: 'debug', interactive: 'debug' },
      threads: 64,
      tenant: 'ministry-7',
      subgraphUrls: { economies: 'http://economies:4001/graphql', 'labour-market': 'https://partner.example/graphql' },
      subgraphTls: {
        caFile: '/srv/subgraphs/ca.pem',
        certFile: '/srv/subgraphs/own.crt',
        keyFile: '/etc/q/own.key',
      },
      metricsPort: 9100,
      keepDays: { result: 90, usage: 1000 },
      otlp: { url: 'http://collector:4318/v1/traces', ratio: 0.25 },
      ci: true,
      timescaleUrl: 'postgresql://t/q',
    })
  })

  it('takes PORT where QUESNAY_PORT is not set, and QUESNAY_PORT before it', () => {
    expect(readConfig({ PORT: '8080' }).port).toBe(8080)
    expect(readConfig({ PORT: '8080', QUESNAY_PORT: '5000' }).port).toBe(5000)
  })

  it('takes the collector that OpenTelemetry names where QUESNAY_OTLP is not set', () => {
    const { otlp } = readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/otlp' })
    expect(otlp).toEqual({ url: 'https://collector.example/otlp/v1/traces', ratio: 1 })
    expect(problemsOf({ QUESNAY_OTLP: 'grpc://x', QUESNAY_TRACE_RATIO: '1.5' }).map((one) => one.variable)).toEqual([
      'QUESNAY_OTLP',
      'QUESNAY_TRACE_RATIO',
    ])
  })

  it('lists every problem at once, each with its fix', () => {
    const problems = problemsOf({
      QUESNAY_PORT: '70000',
      PORT: 'http',
      QUESNAY_HOST: 'a b',
      DATABASE_URL: 'mysql://root:hunter2@db/q',
      NATS_URL: 'nats://a:4222,b',
      NATS_CERT: 'cert.pem',
      NATS_USER: 'q',
      NATS_CREDS: 'q.creds',
      NATS_NKEY: 'q.nk',
      NATS_REPLICAS: '6',
      QUESNAY_LOG: 'loud',
      QUESNAY_THREADS: '0',
      QUESNAY_TENANT: 'Ministry',
      QUESNAY_SUBGRAPH_ECONOMIES_URL: 'economies:4001',
      QUESNAY_SUBGRAPH_KEY: 'own.key',
      QUESNAY_METRICS_PORT: '-1',
      QUESNAY_PROT: '4000',
      TIMESCALE_URL: 'no',
    })
    expect(problems.map((problem) => problem.variable).sort()).toEqual(
      [
        'DATABASE_URL',
        'NATS_CERT',
        'NATS_NKEY',
        'NATS_REPLICAS',
        'NATS_URL',
        'NATS_USER',
        'PORT',
        'QUESNAY_HOST',
        'QUESNAY_LOG',
        'QUESNAY_METRICS_PORT',
        'QUESNAY_PORT',
        'QUESNAY_PROT',
        'QUESNAY_SUBGRAPH_ECONOMIES_URL',
        'QUESNAY_SUBGRAPH_KEY',
        'QUESNAY_TENANT',
        'QUESNAY_THREADS',
        'TIMESCALE_URL',
      ].sort(),
    )
    for (const problem of problems) expect(problem.fix).not.toBe('')
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })

  it.each(['1.5', '1e1', ' ', '65', '-1', 'NaN'])('takes QUESNAY_THREADS=%j for a problem or for not set', (text) => {
    expect(problemsOf({ QUESNAY_THREADS: text })).toHaveLength(text.trim() === '' ? 0 : 1)
  })

  it.each(['', 'a'.repeat(64), '-a', 'a.b', 'a/b', 'A'])(
    'holds the tenant %j to letters, digits and hyphens',
    (tenant) => {
      expect(problemsOf({ QUESNAY_TENANT: tenant })).toHaveLength(tenant === '' ? 0 : 1)
    },
  )

  it('takes an empty variable for not set', () => {
    expect(readConfig({ DATABASE_URL: '', QUESNAY_PORT: '' })).toMatchObject({ databaseUrl: undefined, port: 4000 })
  })

  it('is frozen, also within', () => {
    const config = readConfig({})
    for (const part of [config, config.logLevel, config.nats.access, config.subgraphUrls])
      expect(Object.isFrozen(part)).toBe(true)
  })

  it('reads CI=false and CI=0 as false', () => {
    expect([readConfig({ CI: 'false' }).ci, readConfig({ CI: '0' }).ci, readConfig({ CI: '1' }).ci]).toEqual([
      false,
      false,
      true,
    ])
  })
})

describe('VARIABLES', () => {
  it('names each variable once and says what it is', () => {
    expect(new Set(VARIABLES.map((row) => row.name)).size).toBe(VARIABLES.length)
    for (const row of VARIABLES) expect(row.say).toMatch(/\.$/)
  })
})
