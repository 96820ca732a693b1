// What a person writes of a population, as the input of its import.
import { describe, expect, it } from 'vitest'
import { populationInput } from './population-about.ts'

describe('populationInput', () => {
  it('leaves what is no mapping as it is', () => {
    expect(populationInput({ id: 'a', year: 2024 })).toEqual({ id: 'a', year: 2024 })
  })

  it('takes names, numbers and maps, and codes by text or by the id of a list', () => {
    const mapping = {
      'wages[head]': 'e00200p',
      'filing status': 1,
      weight: { from: 's006', factor: 0.01 },
      state: { from: 'st', codes: { CA: 6, TX: 48 } },
      'blind[head]': { codes: 'us-states', default: 0 },
    }
    expect(populationInput({ id: 'a', mapping })).toEqual({
      id: 'a',
      columns: [
        { column: 'wages[head]', from: 'e00200p' },
        { column: 'filing status', value: 1 },
        { column: 'weight', from: 's006', factor: 0.01 },
        {
          column: 'state',
          from: 'st',
          codes: [
            { text: 'CA', value: 6 },
            { text: 'TX', value: 48 },
          ],
        },
        { column: 'blind[head]', default: 0, codeList: 'us-states' },
      ],
    })
  })

  it.each([
    ['a mapping that is a list', { mapping: ['a'] }, 'mapping'],
    ['a column that is nothing', { mapping: { weight: null } }, 'mapping.weight'],
    ['codes that are a number', { mapping: { state: { codes: 6 } } }, 'mapping.state.codes'],
  ])('refuses %s', (_, about, path) => {
    expect(() => populationInput(about)).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path }) }),
    )
  })
})
