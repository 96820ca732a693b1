// The keys of `quesnay top`.
import { describe, expect, it } from 'vitest'
import { fleet, run } from '../../test/support/top-fleet.ts'
import { firstState, type Key, press, sortedRuns, type TopState, withData } from './state.ts'

const begun = withData(firstState('here'), fleet())
const pressed = (state: TopState, ...keys: (string | Key)[]) =>
  keys.reduce<ReturnType<typeof press>>(
    (step, key) => press(step.state, typeof key === 'string' ? { name: key } : key),
    { state },
  )

describe('press', () => {
  it('quits by q and by Ctrl-C, also while it asks', () => {
    expect(pressed(begun, 'q').action).toEqual({ kind: 'quit' })
    expect(pressed(begun, 'c', { name: 'c', ctrl: true }).action).toEqual({ kind: 'quit' })
  })

  it('pauses, and looks at once when it goes on', () => {
    const paused = pressed(begun, 'p')
    expect([paused.state.paused, paused.action]).toEqual([true, undefined])
    expect(pressed(paused.state, 'p')).toMatchObject({ state: { paused: false }, action: { kind: 'load' } })
  })

  it('moves the cursor within the runs and stops at both ends', () => {
    expect(begun.selected).toBe('01M8RUNNING')
    expect(pressed(begun, 'down').state.selected).toBe('01M8DONE')
    expect(pressed(begun, 'j', 'j', 'j', 'j').state.selected).toBe('01M8FAILED')
    expect(pressed(begun, 'down', 'up', 'k').state.selected).toBe('01M8RUNNING')
  })

  it('goes through the orders and keeps the cursor on its run', () => {
    const idsBy = (...keys: string[]) => sortedRuns(pressed(begun, ...keys).state).map(({ id }) => id)
    expect(idsBy()).toEqual(['01M8RUNNING', '01M8DONE', '01M8FAILED'])
    expect(idsBy('s')).toEqual(['01M8DONE', '01M8RUNNING', '01M8FAILED'])
    expect(idsBy('s', 's')).toEqual(['01M8FAILED', '01M8RUNNING', '01M8DONE'])
    expect(idsBy('s', 's', 's')).toEqual(['01M8RUNNING', '01M8FAILED', '01M8DONE'])
    expect(idsBy('s', 's', 's', 's')).toEqual(idsBy())
    expect(pressed(begun, 's', 's').state.selected).toBe('01M8RUNNING')
  })

  it('opens the run that the cursor is on, scrolls its shards, and goes back', () => {
    const open = pressed(begun, 'return')
    expect(open).toMatchObject({ state: { open: true, shards: undefined }, action: { kind: 'load' } })
    const shards = [0, 1, 2].map((index) => ({ index }) as NonNullable<TopState['shards']>[number])
    const scrolled = pressed({ ...open.state, shards }, 'down', 'down', 'down', 'down').state
    expect([scrolled.scroll, scrolled.selected]).toEqual([2, '01M8RUNNING'])
    expect(pressed(scrolled, 'escape').state).toMatchObject({ open: false, scroll: 0 })
  })

  it('cancels a run that goes on, after a yes and nothing else', () => {
    const asking = pressed(begun, 'c').state
    expect(asking.confirming).toBe('01M8RUNNING')
    expect(pressed(asking, 'y')).toMatchObject({
      state: { confirming: undefined },
      action: { kind: 'cancel', id: '01M8RUNNING' },
    })
    for (const key of ['n', 'return', 'escape', 'down']) {
      const step = pressed(asking, key)
      expect([step.action, step.state.confirming, step.state.notice]).toEqual([undefined, undefined, 'not cancelled'])
    }
  })

  it('does not offer to cancel what has ended, or nothing', () => {
    expect(pressed(begun, 'down', 'c').state).toMatchObject({
      confirming: undefined,
      notice: '01M8DONE has ended: SUCCEEDED',
    })
    const empty = withData(firstState('here'), fleet({ runs: [] }))
    expect(pressed(empty, 'c', 'return', 'down').state).toMatchObject({ confirming: undefined, open: false })
  })
})

describe('withData', () => {
  it('keeps the cursor where its run is, and closes a run that has gone', () => {
    const open = pressed(begun, 'down', 'return').state
    const moved = fleet({ runs: [run('new'), ...fleet().runs] })
    expect(withData(open, moved)).toMatchObject({ selected: '01M8DONE', open: true })
    expect(withData(open, fleet({ runs: [run('new')] }))).toMatchObject({ selected: 'new', open: false })
  })

  it('asks no more about a run that has gone', () => {
    expect(withData(pressed(begun, 'c').state, fleet({ runs: [run('new')] })).confirming).toBeUndefined()
  })
})
