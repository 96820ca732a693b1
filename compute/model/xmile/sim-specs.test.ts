// Tests of simulation specifications: defaults, methods and their fallbacks, and what is refused.
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../test/support/faults.ts'
import { runOnMachine } from '../../../test/support/run-on-machine.ts'
import { aux, flow, specs, stock, xmileText } from '../../../test/support/xmile-text.ts'
import { readXmile } from './read-xmile.ts'

const read = (text: string) => readXmile(xmileText(aux('a', 1), { specs: text }))
const timeOf = (text: string) => read(text).source.time

describe('sim_specs', () => {
  it('are from start to stop by 1 with Euler, without a unit, where no more is said', () => {
    expect(timeOf('<sim_specs><start>2</start><stop>10</stop></sim_specs>')).toEqual({
      start: 2,
      stop: 10,
      dt: 1,
      method: 'euler',
      unit: '',
    })
  })

  it('have a step that may be given as its reciprocal or as a fraction', () => {
    expect(timeOf('<sim_specs><start>0</start><stop>1</stop><dt reciprocal="true">32</dt></sim_specs>')?.dt).toBe(
      0.03125,
    )
    expect(timeOf('<sim_specs><start>0</start><stop>1</stop><dt reciprocal="false">0.5</dt></sim_specs>')?.dt).toBe(0.5)
    expect(timeOf('<sim_specs><start>0</start><stop>1</stop><dt>1/8</dt></sim_specs>')?.dt).toBe(0.125)
  })

  it.each([
    ['Euler', 'euler'],
    ['RK2', 'rk2'],
    ['rk4', 'rk4'],
    ['rk2, rk4', 'rk2'],
    [' RK4 , Euler', 'rk4'],
  ])('take the method %s as %s without a finding', (written, method) => {
    const { source, findings } = read(specs(0, 1, 1, written))
    expect(source.time?.method).toBe(method)
    expect(findings).toEqual([])
  })

  it('fall back from a method that is not had to the next of the list, and say so', () => {
    const { source, findings } = read(specs(0, 1, 1, 'gear, rk4'))
    expect(source.time?.method).toBe('rk4')
    expect(findings).toMatchObject([{ severity: 'INFO', code: 'METHOD_FALLBACK', path: 'sim_specs' }])
  })

  it.each(['gear', 'rk45', 'leapfrog', 'leapfrog, euler'])('refuse the method %s', (method) => {
    expect(faultOf(() => read(specs(0, 1, 1, method)))).toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
      detail: { path: 'sim_specs', line: 4, construct: expect.stringContaining('the method') },
    })
  })

  it('keep how often isee saves, as an attribute or a tag', () => {
    expect(timeOf('<sim_specs isee:save_interval="2"><start>0</start><stop>4</stop></sim_specs>')?.saveEvery).toBe(2)
    expect(timeOf('<sim_specs><start>0</start><stop>4</stop><savestep>0.5</savestep></sim_specs>')?.saveEvery).toBe(0.5)
  })

  it.each([
    ['without a start', '<sim_specs><stop>1</stop></sim_specs>', '<start>'],
    ['without a stop', '<sim_specs><start>1</start></sim_specs>', '<stop>'],
    ['that stop before they start', specs(5, 4, 1), 'stops at 4'],
    ['that stop when they start', specs(5, 5, 1), 'stops at 5'],
    ['with a start that is no number', '<sim_specs><start>soon</start><stop>1</stop></sim_specs>', "'soon'"],
    ['with a step of 0', specs(0, 1, 0), '<dt>'],
    ['with a step below 0', specs(0, 1, -1), '<dt>'],
    [
      'with a save interval of 0',
      '<sim_specs><start>0</start><stop>1</stop><savestep>0</savestep></sim_specs>',
      'save interval',
    ],
  ])('are refused %s', (_, text, message) => {
    const fault = faultOf(() => read(text))
    expect(fault).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'sim_specs' } })
    expect(fault.message).toContain(message)
  })

  it('are refused where there are none', () => {
    expect(faultOf(() => read('')).message).toContain('no <sim_specs>')
  })

  it('of a single group or module are refused', () => {
    const text = '<sim_specs><start>0</start><stop>1</stop><run by="group"/></sim_specs>'
    expect(faultOf(() => read(text))).toMatchObject({ detail: { construct: 'a run by group' } })
  })

  it('of the model itself go before those of the file', () => {
    const text = xmileText(aux('a', 1)).replace('<model>', `<model>${specs(3, 7, 0.5, 'rk4')}`)
    expect(readXmile(text).source.time).toMatchObject({ start: 3, stop: 7, dt: 0.5, method: 'rk4' })
  })

  it('run by their method: dS/dt = t from 0 to 2 is exact with the second order, and not with the first', async () => {
    const model = (method: string) =>
      runOnMachine(
        readXmile(xmileText(stock('S', 0, '+f') + flow('f', 'TIME'), { specs: specs(0, 2, 1, method) })).source,
      )
    expect((await model('euler'))['S']).toEqual([0, 0, 1])
    expect((await model('rk2'))['S']).toEqual([0, 0.5, 2])
    expect((await model('rk4'))['S']!.map((x) => Number(x.toFixed(12)))).toEqual([0, 0.5, 2])
  })
})
