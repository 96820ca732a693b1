// The log: lines of JSON with ids and without secrets.
import { describe, expect, it } from 'vitest'
import { createLog, type Log, withoutSecrets } from './log.ts'

function linesOf(level: Parameters<typeof createLog>[0], write: (log: Log) => void): Record<string, unknown>[] {
  const lines: string[] = []
  write(createLog(level, { service: 'gateway' }, { write: (line) => void lines.push(line) }))
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('createLog', () => {
  it('writes one line of JSON with the ids of the logger and its children', () => {
    const [line] = linesOf('info', (log) => log.child({ runId: 'r1', shard: 3 }).info({ requestId: 'q1' }, 'done'))
    expect(line).toMatchObject({
      level: 'info',
      service: 'gateway',
      runId: 'r1',
      shard: 3,
      requestId: 'q1',
      msg: 'done',
    })
    expect(line?.['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
  })

  it('leaves out what is below its level', () => {
    expect(linesOf('warn', (log) => log.info('no'))).toEqual([])
  })

  it('censors secrets by their name and credentials in URLs wherever they stand', () => {
    const url = 'postgresql://quesnay:s3cret@127.0.0.1:5432/quesnay'
    const lines = linesOf('info', (log) => {
      log.info({ password: 's3cret', headers: { authorization: 's3cret' } }, `connecting to ${url}`)
      log.error({ err: new Error(`no answer from ${url}`), detail: { urls: [url] } }, 'failed')
    })
    expect(lines).toHaveLength(2)
    expect(JSON.stringify(lines)).not.toContain('s3cret')
    expect(lines[0]?.['msg']).toBe('connecting to postgresql://***@127.0.0.1:5432/quesnay')
  })
})

describe('withoutSecrets', () => {
  it('leaves text and URLs without credentials alone', () => {
    const text = 'mail a@b.org or see http://127.0.0.1:4000/graphql'
    expect(withoutSecrets(text)).toBe(text)
  })

  it('takes out a password that holds an unescaped @', () => {
    expect(withoutSecrets('nats://u:p@ss@h:4222,tls://u:q@h')).toBe('nats://***@h:4222,tls://***@h')
  })
})
