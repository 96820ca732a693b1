// What may be asked of a population: every name an output, every number within its bounds.
import { describe, expect, it } from 'vitest'
import type { PopulationSpec } from '../../schema/jobs.ts'
import { ensemble } from '../../test/support/fleet.ts'
import { TAX_SPEC, taxPopulation } from '../../test/support/tax-population.ts'
import { readPopulationSpec } from './population-spec.ts'
import { populationShards } from './shards.ts'

const { plan } = taxPopulation(10)
const read = (more: Partial<PopulationSpec>) => readPopulationSpec(plan, { ...TAX_SPEC, ...more })
const refusal = (more: Partial<PopulationSpec>) => {
  try {
    read(more)
  } catch (error) {
    return error
  }
  throw new Error('was not refused')
}

describe('what is asked of a population', () => {
  it('is kept as it is, without what it does not know', () => {
    expect(read({})).toEqual(TAX_SPEC)
    const more = { ...TAX_SPEC, ranks: { ...TAX_SPEC.ranks!, dropNegative: false }, extra: 1 } as PopulationSpec
    expect(read(more)).toEqual(TAX_SPEC)
    expect(read({ ranks: { ...TAX_SPEC.ranks!, dropNegative: true } }).ranks).toMatchObject({ dropNegative: true })
  })

  it.each<[Partial<PopulationSpec>, string, string | undefined]>([
    [{ weight: 'wieght' }, 'result.weight', 'weight is like it'],
    [{ sums: ['tax', 'taxes'] }, 'result.sums.1', 'tax is like it'],
    [{ groups: ['income'] }, 'result.groups.0', undefined],
    [{ link: 'households' }, 'result.link', 'household is like it'],
    [{ ranks: { by: 'gross', weight: 'people', count: 10 } }, 'result.ranks.by', undefined],
    [{ ranks: { by: 'net', weight: 'person', count: 10 } }, 'result.ranks.weight', undefined],
    [{ ranked: ['nothing'] }, 'result.ranked.0', undefined],
    [{ distributions: [{ income: 'nett', weight: 'people' }] }, 'result.distributions.0.income', 'net is like it'],
    [
      { poverty: [{ income: 'net', weight: 'people', line: { share: 0.6, of: 'neat', weight: 'people' } }] },
      'result.poverty.0.line.of',
      'net is like it',
    ],
  ])('is refused where it names no output: %j', (more, path, suggestion) => {
    expect(refusal(more)).toMatchObject({
      code: 'BAD_INPUT',
      detail: { path, ...(suggestion ? { suggestion } : {}) },
    })
  })

  it.each<[Partial<PopulationSpec>, string, string]>([
    [{ sums: ['tax', 'tax'] }, 'BAD_INPUT', 'result.sums'],
    [{ ranks: null }, 'BAD_INPUT', 'result.ranked'],
    ...[1, 101, 2.5, Number.NaN].map((count): [Partial<PopulationSpec>, string, string] => [
      { ranks: { by: 'net', weight: 'people', count } },
      'BAD_INPUT',
      'result.ranks.count',
    ]),
    ...[0, -1, Number.NaN, Infinity].map((share): [Partial<PopulationSpec>, string, string] => [
      { poverty: [{ income: 'net', weight: 'people', line: { share, of: 'net', weight: 'people' } }] },
      'BAD_INPUT',
      'result.poverty.0.line.share',
    ]),
    [{ groups: new Array(9).fill('state') }, 'LIMIT_EXCEEDED', 'result.groups'],
    [
      { distributions: new Array(65).fill({ income: 'net', weight: 'people' }) },
      'LIMIT_EXCEEDED',
      'result.distributions',
    ],
  ])('is refused where a number is out of bounds: %j', (more, code, path) => {
    expect(refusal(more)).toMatchObject({ code, detail: { path } })
  })

  it('is not asked of a plan with time', () => {
    expect(() => readPopulationSpec(ensemble().plan, TAX_SPEC)).toThrow(/time/)
  })
})

describe('the shards of a population', () => {
  it('are as many as were asked for, else by cost, none of few lanes', () => {
    expect(populationShards(plan, 280_005, 7)).toBe(7)
    expect(populationShards(plan, 1000)).toBe(1)
    const long = { ...plan, operations: { ...plan.operations, draw: new Array(1000).fill(plan.operations.draw[0]) } }
    expect(populationShards(long, 280_005)).toBe(14)
    expect(populationShards(long, 1_000_000)).toBe(51)
    const short = { ...plan, operations: { ...plan.operations, draw: new Array(50).fill(plan.operations.draw[0]) } }
    expect(populationShards(short, 280_005)).toBe(2)
  })
})
