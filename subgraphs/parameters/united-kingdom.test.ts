// A tree with vectors of its own and tax years from April on, asked as the gateway asks it, over a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { ask, askForErrors } from '../../test/support/ask.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { noDispatch } from '../../test/support/no-dispatch.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { parameters } from './subgraph.ts'

let database: TestStore
let subgraph: Subgraph

beforeAll(async () => {
  database = await freshStore()
  subgraph = await openSubgraph(parameters, {
    store: database.store,
    dispatch: noDispatch,
    clock: systemClock,
    log: silentLog,
  })
  await subgraph.seed('local')
})
afterAll(() => database.drop())

const BASIC_RATE = 'uk.income_tax.brackets.1.rate'
const CHARGE = 'uk.child_benefit.charge.threshold'

describe('the tree of the United Kingdom', () => {
  it('has its own country, currency, days and vectors', async () => {
    const { parameterTree } = await ask(
      subgraph,
      '{ parameterTree(id: "uk") { country currency from to source { licence } vectors { name cells } } }',
    )
    expect(parameterTree).toEqual({
      country: 'GBR',
      currency: 'GBP',
      from: '2022-04-06',
      to: '2026-04-05',
      source: { licence: 'OGL-UK-3.0' },
      vectors: [
        { name: 'BAND', cells: ['basic', 'higher', 'additional'] },
        { name: 'CHILD', cells: ['eldest', 'other'] },
        { name: 'NATION', cells: ['england', 'wales', 'northern_ireland'] },
      ],
    })
  })

  it('has parameters that differ by them, and by nothing', async () => {
    const { rate, charge } = await ask(
      subgraph,
      `{ rate: parameter(id: "${BASIC_RATE}") { by vector cells valueAt(date: "2024-04-06", cell: "Wales") { value values cells } }
         charge: parameter(id: "${CHARGE}") { by vector cells unit valueAt(date: "2024-04-06") { value source } } }`,
    )
    const cells = ['england', 'wales', 'northern_ireland']
    expect(rate).toEqual({
      by: 'OWN',
      vector: 'NATION',
      cells,
      valueAt: { value: 0.2, values: [0.2, 0.2, 0.2], cells },
    })
    expect(charge).toEqual({
      by: 'NONE',
      vector: 'NONE',
      cells: ['ALL'],
      unit: 'GBP',
      valueAt: { value: 60_000, source: 'Finance (No. 2) Act 2024 s. 5' },
    })
  })

  it('gives the law as it was known before an act that changed the year', async () => {
    const { parameter } = await ask(
      subgraph,
      `{ parameter(id: "${CHARGE}") { valueAt(date: "2024-04-06", knownAt: "2024-04") { value } } }`,
    )
    expect(parameter.valueAt.value).toBe(50_000)
  })

  it('gives brackets of a cell, of the first where none is named, and without a filing status', async () => {
    const { parameterTree } = await ask(
      subgraph,
      `{ parameterTree(id: "uk") { scales { id wales: at(date: "2022-04-06", cell: "wales") { cell status thresholds rates unit }
           first: at(date: "2023-04-06") { cell status thresholds } } } }`,
    )
    expect(parameterTree.scales).toEqual([
      {
        id: 'uk.income_tax.brackets',
        wales: { cell: 'wales', status: null, thresholds: [0, 37_700, 150_000], rates: [0.2, 0.4, 0.45], unit: 'GBP' },
        first: { cell: 'england', status: null, thresholds: [0, 37_700, 125_140] },
      },
    ])
  })

  it.each([
    [
      'a cell that it does not have',
      `{ parameter(id: "${BASIC_RATE}") { valueAt(date: "2024-04-06", cell: "scotland") { value } } }`,
      { path: 'cell', suggestion: 'give one of england, wales, northern_ireland' },
    ],
    [
      'a filing status',
      `{ parameter(id: "${BASIC_RATE}") { valueAt(date: "2024-04-06", status: JOINT) { value } } }`,
      { path: 'status', suggestion: 'leave status out' },
    ],
    [
      'a filing status of brackets that do not differ by it',
      '{ parameterTree(id: "uk") { scales { at(date: "2024-04-06", status: JOINT) { cell } } } }',
      { path: 'status', suggestion: 'leave status out' },
    ],
    [
      'a day before the first tax year',
      `{ parameter(id: "${BASIC_RATE}") { valueAt(date: "2022", cell: "wales") { value } } }`,
      { path: 'date', suggestion: 'ask for a day from 2022-04-06 to 2026-04-05' },
    ],
  ])('refuses %s', async (_, question, detail) => {
    expect(await askForErrors(subgraph, question)).toEqual([expect.objectContaining({ code: 'BAD_INPUT', detail })])
  })
})

describe('a reform of the tree of the United Kingdom', () => {
  const CREATE = `mutation ($input: CreateReformInput!) { createReform(input: $input) {
    reform { tree { id } changes { from values cells unit } } findings { code message suggestion } } }`
  const create = async (...changes: Record<string, unknown>[]) =>
    (await ask(subgraph, CREATE, { variables: { input: { title: 'A reform', changes } } })).createReform

  it('changes one cell, and its tree is that of the parameter', async () => {
    expect(
      await create({ parameter: BASIC_RATE, from: '2025-04-06', value: 19, unit: 'percent', cell: 'wales' }),
    ).toEqual({
      reform: {
        tree: { id: 'uk' },
        changes: [
          {
            from: '2025-04-06',
            values: [null, 0.19, null],
            cells: ['england', 'wales', 'northern_ireland'],
            unit: 'fraction',
          },
        ],
      },
      findings: [],
    })
  })

  it('counts from the next 6 April', async () => {
    const { findings } = await create({ parameter: CHARGE, from: '2025', value: 70_000, unit: 'GBP' })
    expect(findings).toEqual([
      {
        code: 'STARTS_IN_YEAR',
        message: `a year of the rules uk is computed by the law of its 6 April: the change of ${CHARGE} counts from 2025`,
        suggestion: 'start it on 2024-04-06 to have it count for 2024',
      },
    ])
  })

  it('is warned of a value for every cell, and of a parameter that the rules do not use', async () => {
    const all = await create({ parameter: BASIC_RATE, from: '2025-04-06', value: 0.21, unit: 'fraction' })
    expect(all.findings).toEqual([
      expect.objectContaining({ code: 'ONE_VALUE_FOR_ALL', message: expect.stringContaining('differs by nation') }),
    ])
    const unused = await create({
      parameter: 'uk.national_insurance.class_1.main_primary_percentage',
      from: '2025-04-06',
      value: 0.1,
      unit: 'fraction',
    })
    expect(unused.findings).toEqual([
      expect.objectContaining({ code: 'NOT_IN_RULES', message: expect.stringContaining('the rules uk do not use') }),
    ])
  })

  it('is refused in another currency', async () => {
    const input = { title: 'A reform', changes: [{ parameter: CHARGE, from: '2025-04-06', value: 1, unit: 'USD' }] }
    expect(await askForErrors(subgraph, CREATE, { variables: { input } })).toEqual([
      expect.objectContaining({ code: 'UNIT_MISMATCH' }),
    ])
  })
})

describe('writing to a tree with vectors of its own', () => {
  const TREE = `mutation ($input: CreateParameterTreeInput!) { createParameterTree(input: $input) { tree { id vectors { name cells } } } }`
  const SAVE = `mutation ($input: SaveParametersInput!) { saveParameters(input: $input) {
    saved parameters { id by vector cells valueAt(date: "2025-06", cell: "wales") { value } } findings { code path message suggestion } } }`
  const save = async (tree: string, ...parameters: Record<string, unknown>[]) =>
    (await ask(subgraph, SAVE, { variables: { input: { tree, parameters, author: 'a', message: 'm' } } }))
      .saveParameters
  const levy = {
    id: 'uk.levy',
    label: 'A levy',
    references: [{ title: 'Levy Act s. 1' }],
    unit: 'GBP',
    vector: 'NATION',
    values: [{ from: '2025-04-06', values: [1, 2, 3] }],
  }

  it('takes a new parameter that differs by one of them', async () => {
    const { saved, parameters, findings } = await save('uk', levy)
    expect({ saved, findings }).toEqual({ saved: true, findings: [] })
    expect(parameters).toEqual([
      {
        id: 'uk.levy',
        by: 'OWN',
        vector: 'NATION',
        cells: ['england', 'wales', 'northern_ireland'],
        valueAt: { value: 2 },
      },
    ])
  })

  it.each([
    ['a vector that the tree does not name', { vector: 'REGION' }, 'vector', /no vector REGION .*/],
    ['a vector beside another one', { by: 'CHILDREN' }, 'vector', /no vector NATION/],
    ['values too few', { values: [{ from: '2025-04-06', values: [1] }] }, 'values.0.values', /1 values where 3/],
  ])('refuses %s', async (_, other, path, message) => {
    const { saved, findings } = await save('uk', { ...levy, id: 'uk.other_levy', ...other })
    expect(saved).toBe(false)
    expect(findings).toContainEqual(
      expect.objectContaining({ path: `input.parameters.0.${path}`, message: expect.stringMatching(message) }),
    )
  })

  it('refuses to change what the values of a parameter differ by', async () => {
    const { findings } = await save('uk', { id: CHARGE, vector: 'BAND', values: [] })
    expect(findings).toEqual([expect.objectContaining({ code: 'CHANGES_MEANING', path: 'input.parameters.0.vector' })])
  })

  it('keeps them in a copy, which may name more', async () => {
    const input = {
      id: 'uk-copy',
      title: 'C',
      copyOf: 'uk',
      author: 'a',
      vectors: [{ name: 'AGE', cells: ['young', 'old'] }],
    }
    const { createParameterTree } = await ask(subgraph, TREE, { variables: { input } })
    expect(createParameterTree.tree.vectors.map(({ name }: { name: string }) => name)).toEqual([
      'AGE',
      'BAND',
      'CHILD',
      'NATION',
    ])
    const { parameter } = await ask(
      subgraph,
      `{ parameter(id: "uk-copy/${BASIC_RATE}") { vector valueAt(date: "2025-04-06", cell: "wales") { value } } }`,
    )
    expect(parameter).toEqual({ vector: 'NATION', valueAt: { value: 0.2 } })
  })

  it('refuses a vector that is none', async () => {
    const input = { id: 'uk-bad', title: 'C', copyOf: 'uk', author: 'a', vectors: [{ name: 'BAND', cells: ['one'] }] }
    expect(await askForErrors(subgraph, TREE, { variables: { input } })).toEqual([
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path: 'input.vectors.0' }) }),
    ])
  })
})
