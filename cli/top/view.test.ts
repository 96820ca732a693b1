// The picture of `quesnay top`: every line in its place at any size.
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { fleet, run, worker } from '../../test/support/top-fleet.ts'
import { firstState, type TopState, withData } from './state.ts'
import { PLAIN, plainLines, STYLED, topLines } from './view.ts'

const state = (more: Partial<TopState> = {}, data = fleet()): TopState => ({
  ...withData(firstState('http://127.0.0.1:4000/graphql'), data),
  ...more,
})
const picture = (of: TopState, columns = 80, rows = 24) =>
  topLines(of, { columns, rows }, PLAIN).map((line) => line.trimEnd())

describe('topLines', () => {
  it('fits workers, queues and runs in 80 columns and 24 rows', () => {
    expect(picture(state())).toMatchInlineSnapshot(`
      [
        "quesnay top  12:05:06  2 workers  3/8 slots busy  backlog 1m02  http://127.0.0.…",
        "QUEUE         WAITING  RUNNING     WORK ALL WAIT  ALL RUN ALL WORK",
        "interactive         5        3     40 s        9        3     1m15",
        "normal              0        0    0.0 s        0        0    0.0 s",
        "batch               0        0    0.0 s     5000        4     2h30",
        "",
        "WORKER                       HOST      BUSY STATE      BEAT     UP    MEM  NS/OP",
        "w-01m8mwtx1cppv1rctg40c8xkk5 host-1     3/4 busy      2.3 s   2h05  335 M   0.87",
        "w-01m8mwtx1pbebsba9hwfxhxyxk host-2     0/4 draining  2.3 s   2h05  335 M      -",
        "",
        "RUN                        STATUS    PROGRESS      SHARDS   TIME KIND",
        "01M8RUNNING                RUNNING   ####......       3/8   1m06 SIMULATION",
        "01M8DONE                   SUCCEEDED ##########       1/1  1.0 s SIMULATION",
        "01M8FAILED                 FAILED    ####......       3/8  10m05 SIMULATION",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "q quit  p pause  s sort (newest)  up/down select  enter shards  c cancel",
      ]
    `)
  })

  it('shows more columns on a wide terminal', () => {
    expect(picture(state(), 140, 20)).toMatchInlineSnapshot(`
      [
        "quesnay top  12:05:06  2 workers  3/8 slots busy  backlog 1m02  http://127.0.0.1:4000/graphql",
        "QUEUE         WAITING  RUNNING     WORK ALL WAIT  ALL RUN ALL WORK",
        "interactive         5        3     40 s        9        3     1m15",
        "normal              0        0    0.0 s        0        0    0.0 s",
        "batch               0        0    0.0 s     5000        4     2h30",
        "",
        "WORKER                       HOST      BUSY STATE      BEAT     UP    MEM  NS/OP VERSION  KERNELS",
        "w-01m8mwtx1cppv1rctg40c8xkk5 host-1     3/4 busy      2.3 s   2h05  335 M   0.87 0.4.0    machine@a1b2c3",
        "w-01m8mwtx1pbebsba9hwfxhxyxk host-2     0/4 draining  2.3 s   2h05  335 M      - 0.4.0    machine@a1b2c3",
        "",
        "RUN                        STATUS    PROGRESS      SHARDS   TIME KIND           CPU ABOUT",
        "01M8RUNNING                RUNNING   ####......       3/8   1m06 SIMULATION    12 s Scenario carbon-tax",
        "01M8DONE                   SUCCEEDED ##########       1/1  1.0 s SIMULATION   0.2 s Scenario carbon-tax",
        "01M8FAILED                 FAILED    ####......       3/8  10m05 SIMULATION    40 s Scenario carbon-tax",
        "",
        "",
        "",
        "",
        "",
        "q quit  p pause  s sort (newest)  up/down select  enter shards  c cancel",
      ]
    `)
  })

  it('opens a run: its shards from where they were scrolled to, and why it failed', () => {
    const shards = [0, 1, 2].map((index) => ({
      ...{ index, status: index === 0 ? 'FAILED' : 'SUCCEEDED', from: index * 64, to: index * 64 + 64 },
      ...{ sent: 1 + index, deaths: index === 0 ? 2 : 0, workerId: index === 2 ? null : 'w-1' },
      computeSeconds: index === 0 ? null : 0.0456,
    }))
    const open = state({ selected: '01M8FAILED', open: true, shards, scroll: 0 })
    expect(picture(open).slice(10)).toMatchInlineSnapshot(`
      [
        "01M8FAILED  SIMULATION  FAILED  3 of 8 shards, 38 %, 40 s of computing",
        "about Scenario carbon-tax",
        "NOT_A_NUMBER: months is not a finite number in lane 3 at time 9",
        " SHARD STATUS    LANES           SENT DEATHS     CPU",
        "     0 FAILED    0-63               1      2       -",
        "     1 SUCCEEDED 64-127             2      0  0.046s",
        "     2 SUCCEEDED 128-191            3      0  0.046s",
        "",
        "",
        "",
        "",
        "",
        "",
        "q quit  p pause  up/down scroll  c cancel  esc back",
      ]
    `)
    expect(picture({ ...open, scroll: 2 }).slice(13, 16)).toMatchInlineSnapshot(`
      [
        " SHARD STATUS    LANES           SENT DEATHS     CPU",
        "     2 SUCCEEDED 128-191            3      0  0.046s",
        "",
      ]
    `)
    expect(picture({ ...open, shards: undefined })[13]).toBe('loading its shards')
  })

  it('asks before it cancels, and says what became of it', () => {
    expect(picture(state({ confirming: '01M8RUNNING' })).at(-1)).toBe(
      'Cancel the run 01M8RUNNING? y: yes, any other key: no',
    )
    expect(picture(state({ notice: 'not cancelled' }), 120).at(-1)).toMatch(/^not cancelled {2}\| {2}q quit/)
  })

  it('says that it is paused, that the figures are old, and that it has none yet', () => {
    expect(picture(state({ paused: true }), 120)[0]).toContain('  PAUSED  ')
    expect(picture(state({ problem: 'SUBGRAPH_UNAVAILABLE: no answer' }), 160)[0]).toContain('STALE: SUBGRAPH_UNAVAIL')
    const empty = picture(firstState('http://h/graphql'))
    expect([empty[0], empty.length]).toEqual(['quesnay top  waiting for http://h/graphql', 24])
    const none = picture(state({}, fleet({ workers: null, backlogSeconds: null, runs: [] })))
    expect(none[0]).toContain('workers unknown: the bus does not answer')
    expect(none).toContain('none yet')
  })

  it('turns the page to the run that is selected, and counts the workers it has no room for', () => {
    const runs = Array.from({ length: 40 }, (_, i) => run(`run-${String(i).padStart(2, '0')}`))
    const workers = Array.from({ length: 30 }, (_, i) => worker({ id: `w-${i}` }))
    const lines = picture(state({ selected: 'run-17' }, fleet({ runs, workers })))
    expect(lines).toHaveLength(24)
    expect(lines).toContain('25 more')
    const shown = lines.filter((line) => line.startsWith('run-'))
    expect(shown.some((line) => line.startsWith('run-17'))).toBe(true)
    expect(shown.length).toBeGreaterThan(4)
  })

  it.each([
    [1, 1],
    [3, 2],
    [20, 5],
    [79, 23],
    [400, 100],
  ])('is never larger than a terminal of %i columns and %i rows, whatever it is given', (columns, rows) => {
    const subject = { type: 'Scenario', id: '税制改革\u001b[2J👩‍👩‍👧‍👦\u202e'.repeat(9) }
    const data = fleet({ runs: [run('a', { subject }), run('\n'.repeat(9), { subject })] })
    for (const style of [PLAIN, STYLED])
      for (const open of [false, true]) {
        const lines = topLines(state({ open }, data), { columns, rows }, style)
        expect(lines).toHaveLength(rows)
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns)
        expect(lines.join('')).not.toContain('\u001b[2J')
      }
  })

  it('marks the selected run, and it alone', () => {
    const lines = topLines(state({ selected: '01M8DONE' }), { columns: 80, rows: 24 }, STYLED)
    const marked = lines.filter((line) => line.includes('\u001b[7m'))
    expect(marked).toHaveLength(1)
    expect(marked[0]).toContain('01M8DONE')
  })
})

describe('plainLines', () => {
  it('is one table of everything', () => {
    expect(plainLines(state())).toMatchInlineSnapshot(`
      [
        "quesnay top  12:05:06  2 workers  3/8 slots busy  backlog 1m02  http://127.0.0.1:4000/graphql",
        "QUEUE         WAITING  RUNNING     WORK ALL WAIT  ALL RUN ALL WORK",
        "interactive         5        3     40 s        9        3     1m15",
        "normal              0        0    0.0 s        0        0    0.0 s",
        "batch               0        0    0.0 s     5000        4     2h30",
        "",
        "WORKER                       HOST      BUSY STATE      BEAT     UP    MEM  NS/OP VERSION  KERNELS",
        "w-01m8mwtx1cppv1rctg40c8xkk5 host-1     3/4 busy      2.3 s   2h05  335 M   0.87 0.4.0    machine@a1b2c3",
        "w-01m8mwtx1pbebsba9hwfxhxyxk host-2     0/4 draining  2.3 s   2h05  335 M      - 0.4.0    machine@a1b2c3",
        "",
        "RUN                        STATUS    PROGRESS      SHARDS   TIME KIND           CPU ABOUT",
        "01M8RUNNING                RUNNING   ####......       3/8   1m06 SIMULATION    12 s Scenario carbon-tax",
        "01M8DONE                   SUCCEEDED ##########       1/1  1.0 s SIMULATION   0.2 s Scenario carbon-tax",
        "01M8FAILED                 FAILED    ####......       3/8  10m05 SIMULATION    40 s Scenario carbon-tax",
      ]
    `)
  })
})
