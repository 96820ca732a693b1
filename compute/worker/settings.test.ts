// Tests of the settings of a worker on its command line.
import { describe, expect, it } from 'vitest'
import { WORKER_SETTINGS } from './context.ts'
import { readWorkerSettings, WORKER_OPTIONS, writeWorkerSettings } from './settings.ts'

describe('the settings of a worker', () => {
  it('are options in kebab case, each with its default and a word of what it is', () => {
    expect(WORKER_OPTIONS.map(({ name }) => name)).toEqual(Object.keys(WORKER_SETTINGS))
    expect(WORKER_OPTIONS.find(({ name }) => name === 'ackWaitMs')).toMatchObject({
      option: 'ack-wait-ms',
      fallback: 20_000,
    })
    for (const { option, say } of WORKER_OPTIONS) {
      expect(option).toMatch(/^[a-z-]+$/)
      expect(say.length).toBeGreaterThan(10)
    }
  })

  it('are read as they are written', () => {
    expect(readWorkerSettings([])).toEqual({})
    expect(readWorkerSettings(['--hang-ms', '100', '--drain-ms=7'])).toEqual({ hangMs: 100, drainMs: 7 })
    expect(readWorkerSettings(writeWorkerSettings(WORKER_SETTINGS))).toEqual(WORKER_SETTINGS)
  })

  it.each(['0', '-1', '1.5', '', 'x', '1e3'])('are no %j', (text) => {
    expect(() => readWorkerSettings([`--hang-ms=${text}`])).toThrow('--hang-ms takes a whole number from 1')
  })

  it('of another name are refused', () => {
    expect(() => readWorkerSettings(['--hangMs=3'])).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})
