// Following a run where things go wrong: an early Ctrl-C, a server that leaves, a run that fails.
import type { FormattedExecutionResult } from 'graphql'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../test/support/manual-clock.ts'
import type { GraphClient } from './client.ts'
import { watchRun } from './watch-run.ts'

const state = (status: string, more: object = {}): FormattedExecutionResult => ({
  data: {
    runUpdated: { id: 'r', status, progress: { fraction: 0, shardsDone: 0, shardsTotal: 2 }, error: null, ...more },
  },
})

/** A graph that pushes these states, and keeps what it was asked. */
function graph(states: readonly FormattedExecutionResult[]) {
  const asked: (readonly [string, unknown])[] = []
  const client: GraphClient = {
    endpoint: 'a test',
    async execute(query, variables) {
      asked.push([/\w+\(input/.exec(query)?.[0] ?? query, variables])
      return { data: {} }
    },
    async *subscribe(_query, variables) {
      asked.push(['subscribe', variables])
      yield* states
    },
    close: async () => {},
  }
  return { client, asked }
}

const watch = { submit: async () => 'r', subscription: 'subscription', variables: (run: string) => ({ run }) }

describe('watchRun', () => {
  it('returns the last state and how many there were', async () => {
    const { client, asked } = graph([state('QUEUED'), state('RUNNING'), state('SUCCEEDED')])
    const { run, updates } = await watchRun(client, manualClock(), watch)
    expect([run.status, updates]).toEqual(['SUCCEEDED', 3])
    expect(asked).toEqual([['subscribe', { run: 'r' }]])
  })

  it('cancels a run whose id was not known yet when Ctrl-C came', async () => {
    const { client, asked } = graph([state('CANCELLED')])
    const submit = async () => {
      process.emit('SIGINT')
      return 'r'
    }
    await expect(watchRun(client, manualClock(), { ...watch, submit })).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    expect(asked[0]).toEqual(['cancelRun(input', { id: 'r' }])
  })

  it('listens to Ctrl-C no longer than it watches, also where the submission fails', async () => {
    const listeners = process.listenerCount('SIGINT')
    const submit = () => Promise.reject(new Error('no'))
    await expect(watchRun(graph([]).client, manualClock(), { ...watch, submit })).rejects.toThrow('no')
    expect(process.listenerCount('SIGINT')).toBe(listeners)
  })

  it.each([
    ['in the middle', [state('RUNNING')]],
    ['before the first state', []],
  ])('says that the server went away %s', async (_, states) => {
    await expect(watchRun(graph(states).client, manualClock(), watch)).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
      message: expect.stringContaining('a test'),
    })
  })

  it('throws the error of a run that failed, with its place', async () => {
    const error = { code: 'NOT_A_NUMBER', message: 'income is not finite', detail: { path: 'income' } }
    await expect(watchRun(graph([state('FAILED', { error })]).client, manualClock(), watch)).rejects.toMatchObject({
      code: 'NOT_A_NUMBER',
      message: 'income is not finite',
      detail: { path: 'income', run: 'r' },
    })
  })
})
