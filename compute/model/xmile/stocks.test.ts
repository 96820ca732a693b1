// Tests of stocks and flows: non-negative ones at each level of the file, conveyors, leaks and queues.
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../test/support/faults.ts'
import { runOnMachine } from '../../../test/support/run-on-machine.ts'
import { aux, flow, specs, stock, xmileText } from '../../../test/support/xmile-text.ts'
import { readXmile } from './read-xmile.ts'

type Parts = Parameters<typeof xmileText>[1]
const read = (variables: string, parts?: Parts) => readXmile(xmileText(variables, parts))
const run = (variables: string, parts?: Parts) => runOnMachine(read(variables, parts).source)
const variable = (variables: string, name: string, parts?: Parts) =>
  read(variables, parts).source.variables.find((one) => one.name === name) as { nonNegative?: boolean }

describe('non-negative stocks', () => {
  const TANK = (option: string) => stock('tank', 5, '-drain', option) + flow('drain', 2)

  it('hold their outflow to what is there', async () => {
    const { tank, drain } = await run(TANK('<non_negative/>'))
    expect(tank).toEqual([5, 3, 1, 0, 0])
    expect(drain).toEqual([2, 2, 1, 0, 0])
  })

  it('serve their outflows in the order in which they stand', async () => {
    const model = (flows: string) =>
      run(stock('tank', 5, flows, '<non_negative/>') + flow('a', 3) + flow('b', 4), { specs: specs(0, 2, 1) })
    expect(await model('-a -b')).toMatchObject({ a: [3, 0, 0], b: [2, 0, 0], tank: [5, 0, 0] })
    expect(await model('-b -a')).toMatchObject({ a: [1, 0, 0], b: [4, 0, 0] })
  })

  it('go below 0 where the option is false or not there', async () => {
    expect((await run(TANK(''))).tank).toEqual([5, 3, 1, -1, -3])
    expect((await run(TANK('<non_negative>false</non_negative>'))).tank).toEqual([5, 3, 1, -1, -3])
  })

  it.each([
    ['<non_negative/>', true],
    ['<non_negative>true</non_negative>', true],
    ['<non_negative> TRUE </non_negative>', true],
    ['<non_negative>1</non_negative>', true],
    ['<non_negative>false</non_negative>', undefined],
    ['<non_negative>0</non_negative>', undefined],
    ['', undefined],
  ])('are told by %s', (option, value) => {
    expect(variable(TANK(option), 'tank').nonNegative).toBe(value)
  })
})

describe('non-negative flows', () => {
  it('are 0 where their equation is below 0', async () => {
    const { f, S } = await run(stock('S', 0, '+f') + flow('f', 'TIME - 2', '<non_negative/>'))
    expect(f).toEqual([0, 0, 0, 1, 2])
    expect(S).toEqual([0, 0, 0, 0, 1])
  })
})

describe('behavior', () => {
  const MODEL = stock('S', 0, '+f') + flow('f', 'TIME - 2') + stock('T', 0, '', '<non_negative>false</non_negative>')
  const flags = (beside: string, inside = '') => {
    const text = xmileText(MODEL, { beside }).replace('<model>', `<model>${inside}`)
    const { variables } = readXmile(text).source
    return variables.map((one) => (one as { nonNegative?: boolean }).nonNegative ?? false)
  }
  const file = (inside: string) => `<behavior>${inside}</behavior>`

  it('of the file is for stocks and flows, and overridden by the variable', () => {
    expect(flags(file('<non_negative/>'))).toEqual([true, true, false])
  })

  it('may be for stocks alone, or flows alone', () => {
    expect(flags(file('<stock><non_negative/></stock>'))).toEqual([true, false, false])
    expect(flags(file('<flow><non_negative/></flow>'))).toEqual([false, true, false])
  })

  it('of a kind goes before that for all', () => {
    expect(flags(file('<non_negative/><flow><non_negative>false</non_negative></flow>'))).toEqual([true, false, false])
  })

  it('of the model goes before that of the file', () => {
    expect(flags(file('<non_negative/>'), file('<non_negative>false</non_negative>'))).toEqual([false, false, false])
    expect(flags(file('<flow><non_negative/></flow>'), file('<stock><non_negative/></stock>'))).toEqual([
      true,
      true,
      false,
    ])
  })
})

describe('conveyors', () => {
  const conveyor = (inside: string, attributes = '') => `<conveyor${attributes}>${inside}</conveyor>`
  const bare = (name: string, inside = '') => `<flow name="${name}">${inside}</flow>`

  it('give what enters after the transit time, and their initial content evenly before', async () => {
    const { students, graduating } = await run(
      stock('students', 8, '+entering -graduating', conveyor('<len>4</len>')) +
        flow('entering', '10 + TIME') +
        bare('graduating'),
      { specs: specs(0, 6, 1) },
    )
    expect(graduating).toEqual([2, 2, 2, 2, 10, 11, 12])
    expect(students).toEqual([8, 16, 25, 35, 46, 50, 54])
  })

  it('keep a steady inflow steady (1000 students of four years, 250 a year)', async () => {
    const { students } = await run(
      stock('students', 1000, '+entering -graduating', conveyor('<len>4</len><capacity>1200</capacity>')) +
        flow('entering', 250) +
        bare('graduating'),
      { specs: specs(0, 10, 0.25) },
    )
    expect(new Set(students)).toEqual(new Set([1000]))
  })

  it('take no more than their inflow limit and what there is room for', async () => {
    const { entering } = await run(
      stock('belt', 0, '+entering -leaving', conveyor('<len>3</len><in_limit>5</in_limit><capacity>9</capacity>')) +
        flow('entering', 100) +
        bare('leaving'),
    )
    expect(entering).toEqual([5, 4, 0, 5, 4])
  })

  it('lose the share of a leak on the way, linearly', async () => {
    // 12 enter in each step and stand on two slats, 1.5 leak in each of them: 25 % on the way
    const { leaving, leaking, belt } = await run(
      stock('belt', 0, '+entering -leaving -leaking', conveyor('<len>2</len>')) +
        flow('entering', 12) +
        bare('leaving') +
        bare('leaking', '<leak>0.25</leak>'),
    )
    expect(leaving).toEqual([0, 0, 9, 9, 9])
    expect(leaking).toEqual([0, 1.5, 3, 3, 3])
    expect(belt).toEqual([0, 12, 22.5, 22.5, 22.5])
  })

  it('take the first outflow that is not marked as a leak for their end, and others for leaks with their equation', () => {
    const { variables } = read(
      stock('belt', 0, '-leaking -leaving -breaking', conveyor('<len>2</len>')) +
        bare('leaving') +
        '<flow name="leaking" leak_start="0.5" leak_end="0.75"><leak>0.25</leak></flow>' +
        flow('breaking', 0.1, '<leak/>'),
    ).source
    const leaks = variables.map((one) => (one as { leak?: unknown }).leak)
    expect(leaks[1]).toBeUndefined()
    expect(leaks[2]).toMatchObject({ share: { value: 0.25 }, from: 0.5, to: 0.75 })
    expect(leaks[3]).toMatchObject({ share: { value: 0.1 } })
  })

  it('say of all their leaks whether they decay', () => {
    const { variables } = read(
      stock('belt', 0, '-leaving -leaking', conveyor('<len>2</len>', ' exponential_leak="true"')) +
        bare('leaving') +
        bare('leaking', '<leak>0.1</leak>'),
    ).source
    expect(variables[2]).toMatchObject({ leak: { exponential: true } })
  })

  it.each([
    ['without a length', conveyor(''), 'no <len>'],
    ['with a blank length', conveyor('<len>???</len>'), 'has no equation'],
  ])('are refused %s', (_, inside, message) => {
    const fault = faultOf(() => read(stock('belt', 0, '-out', inside) + bare('out')))
    expect(fault).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'belt' } })
    expect(fault.message).toContain(message)
  })

  it('are refused without an outflow off their end, and with a leak without a fraction', () => {
    const length = conveyor('<len>1</len>')
    expect(faultOf(() => read(stock('belt', 0, '', length))).message).toContain('needs an outflow off its end')
    expect(faultOf(() => read(stock('belt', 0, '-a -b', length) + bare('a') + bare('b', '<leak/>')))).toMatchObject({
      code: 'MODEL_INVALID',
      detail: { path: 'b' },
    })
  })

  it.each([
    [conveyor('<len>1</len><sample>TIME MOD 2</sample>'), 'a conveyor with <sample>'],
    [conveyor('<len>1</len><arrest>TIME MOD 2</arrest>'), 'a conveyor with <arrest>'],
    [conveyor('<len>1</len>', ' discrete="true"'), 'a discrete conveyor'],
    [conveyor('<len>1</len>', ' batch_integrity="true"'), 'a conveyor that keeps batches whole (batch_integrity)'],
  ])('do not have %s', (inside, construct) => {
    expect(faultOf(() => read(stock('belt', 0, '-out', inside) + bare('out')))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'belt', construct },
    })
  })
})

describe('queues', () => {
  const QUEUE = '<queue/>'
  const bare = (name: string, inside = '') => `<flow name="${name}">${inside}</flow>`

  it('that flow out freely are emptied in each step', async () => {
    const { line, served } = await run(
      stock('line', 3, '+coming -served', QUEUE) + flow('coming', 'TIME') + bare('served'),
    )
    expect(served).toEqual([3, 0, 1, 2, 3])
    expect(line).toEqual([3, 0, 1, 2, 3])
  })

  it('wait for room on the conveyor behind them', async () => {
    const { line, belt, boarding } = await run(
      stock('line', 10, '+coming -boarding', QUEUE) +
        flow('coming', 0) +
        bare('boarding') +
        stock(
          'belt',
          0,
          '+boarding -leaving',
          '<conveyor discrete="true" one_at_a_time="false"><len>2</len><capacity>4</capacity></conveyor>',
        ) +
        bare('leaving'),
      { specs: specs(0, 6, 1) },
    )
    expect(boarding).toEqual([4, 0, 4, 0, 2, 0, 0])
    expect(line).toEqual([10, 6, 6, 2, 2, 0, 0])
    expect(belt).toEqual([0, 4, 4, 4, 4, 2, 2])
  })

  it('give what is left to their overflow', () => {
    const { variables } = read(stock('line', 0, '-a -b', QUEUE) + bare('a') + bare('b', '<overflow/>')).source
    expect(variables[2]).toMatchObject({ overflow: true })
    expect(variables[1]).not.toHaveProperty('overflow')
  })

  it('do not give one batch at a time to a conveyor', () => {
    const belt = (attributes: string) =>
      stock('line', 10, '-boarding', QUEUE) +
      bare('boarding') +
      stock('belt', 0, '+boarding -leaving', `<conveyor${attributes}><len>2</len></conveyor>`) +
      bare('leaving')
    expect(faultOf(() => read(belt(' discrete="true"')))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'belt', suggestion: 'write one_at_a_time="false"' },
    })
  })
})

describe('flows of stocks', () => {
  it('may be named in quotation marks, and as they are', () => {
    const { variables } = read(
      stock('S', 1, '+"a_flow,_and_(more)" -b-flow') + flow('a flow, and (more)', 1) + flow('b-flow', 1),
    ).source
    expect(variables[0]).toMatchObject({ inflows: ['a flow, and (more)'], outflows: ['b-flow'] })
  })

  it('are refused where they are not declared or no flows', () => {
    expect(faultOf(() => read(stock('S', 1, '+gone')))).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'S' } })
    expect(faultOf(() => read(stock('S', 1, '+x') + aux('x', 1))).message).toContain('inflow x is no flow')
  })
})
