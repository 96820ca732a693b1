// The repository of reforms, asked as the gateway asks it, over a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askRaw } from '../../test/support/ask.ts'
import { openParameters, type ParametersFixture } from '../../test/support/parameters.ts'
import { commitHashOf } from './rules/repository/commit.ts'

let graph: ParametersFixture
beforeAll(async () => {
  graph = await openParameters()
})
afterAll(() => graph.close())

const TOP_RATE = 'us.federal.income_tax.brackets.7.rate'
const RATE_1 = 'us.federal.income_tax.brackets.1.rate'
const TOP_1 = 'us.federal.income_tax.brackets.1.top'
const TOP_2 = 'us.federal.income_tax.brackets.2.top'
const DEDUCTION = 'us.federal.income_tax.standard_deduction.basic'

const COMMIT = `mutation ($input: CommitInput!) { commitChanges(input: $input) {
  commit { id author message snapshotHash parents { id } changes { parameter { id } from to values } formulas { ruleSet variable formula } }
  branch { name head { id } } findings { severity code path } } }`
const MERGE = `mutation ($input: MergeBranchesInput!) { mergeBranches(input: $input) { outcome bases
  branch { name head { id } } commit { id message parents { id } changes { parameter { id } from to values } formulas { formula } }
  conflicts { parameter { id } cell from to base ours theirs } formulaConflicts { ruleSet variable base ours theirs }
  findings { severity code message } } }`

const ONE = 'earned_income_credit'
const TWO = '2 * earned_income_credit'

const rule = (variable: string, formula: string) => ({ ruleSet: 'us-federal', variable, formula })

const branch = async (name: string, from = 'law') =>
  (
    await graph.ask(
      `mutation ($input: CreateBranchInput!) { createBranch(input: $input) { branch { name head { id } } } }`,
      { input: { name, from } },
    )
  ).createBranch.branch
const rate = (value: number, fields: Record<string, unknown> = {}) => ({
  parameter: TOP_RATE,
  from: '2026',
  value,
  unit: 'percent',
  ...fields,
})
const commit = async (on: string, changes: unknown[], fields: Record<string, unknown> = {}) =>
  (await graph.ask(COMMIT, { input: { branch: on, changes, message: `change ${on}`, author: 'ana', ...fields } }))
    .commitChanges
const merge = async (from: string, into: string, fields: Record<string, unknown> = {}) =>
  (await graph.ask(MERGE, { input: { from, into, author: 'bo', ...fields } })).mergeBranches
const headOf = async (name: string) =>
  (await graph.ask(`{ parameterTree(id: "us-federal") { branch(name: "${name}") { head { id } } } }`)).parameterTree
    .branch.head.id

describe('the branch of the law', () => {
  it('is there from the beginning, without changes, the same for every tenant', async () => {
    const query = `{ parameterTree(id: "us-federal") { branches { totalCount edges { node { name head { id author parents { id } changes { from } } } } } } }`
    await graph.subgraph.seed('twin')
    const [mine, theirs] = [await graph.ask(query), await graph.ask(query, {}, 'twin')]
    expect(mine).toEqual(theirs)
    expect(mine.parameterTree.branches).toMatchObject({
      totalCount: 1,
      edges: [{ node: { name: 'law', head: { author: 'Quesnay', parents: [], changes: [] } } }],
    })
  })

  it('takes no commits, no merges, and stays', async () => {
    const input = { branch: 'law', changes: [rate(39.6)], message: 'm', author: 'a' }
    expect(await graph.refuse(COMMIT, { input })).toMatchObject({ code: 'BAD_INPUT', detail: { path: 'input.branch' } })
    expect(await graph.refuse(MERGE, { input: { into: 'law', from: 'law', author: 'a' } })).toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'input.into' },
    })
    expect(await graph.refuse('mutation { deleteBranch(input: { name: "law" }) { name } }')).toMatchObject({
      code: 'BAD_INPUT',
    })
  })
})

describe('a commit', () => {
  it('has the changes on a branch, its author, message and parent, and an address over all of that', async () => {
    const { head } = await branch('raise')
    const made = await commit('raise', [rate(39.6)])
    expect(made).toMatchObject({
      commit: {
        author: 'ana',
        message: 'change raise',
        parents: [{ id: head.id }],
        changes: [{ parameter: { id: TOP_RATE }, from: '2026-01-01', to: null, values: [0.396] }],
      },
      branch: { name: 'raise', head: { id: made.commit.id } },
    })
    const { reformCommit } = await graph.ask(
      `{ reformCommit(id: "${made.commit.id}") { at snapshotHash tree { id } } }`,
    )
    expect(reformCommit.tree.id).toBe('us-federal')
    const content = {
      tree: 'us-federal',
      parents: [head.id],
      snapshot: reformCommit.snapshotHash,
      author: 'ana',
      message: 'change raise',
      at: new Date(reformCommit.at).toISOString(),
    }
    expect(commitHashOf(content)).toBe(made.commit.id)
  })

  it('lays its changes over those of the head, and withdraws what it is told to', async () => {
    await branch('layers')
    await commit('layers', [
      rate(39.6),
      { parameter: DEDUCTION, from: '2026', value: 40_000, status: 'JOINT', unit: 'USD' },
    ])
    const second = await commit('layers', [rate(45, { to: '2026' })])
    expect(second.commit.changes).toEqual([
      { parameter: { id: TOP_RATE }, from: '2026-01-01', to: '2026-12-31', values: [0.45] },
      { parameter: { id: TOP_RATE }, from: '2027-01-01', to: null, values: [0.396] },
      { parameter: { id: DEDUCTION }, from: '2026-01-01', to: null, values: [null, 40_000, null, null, null] },
    ])
    const third = await commit('layers', [], {
      withdraw: [{ parameter: DEDUCTION }, { parameter: TOP_RATE, from: '2026', to: '2026' }],
    })
    expect(third.commit.changes).toEqual([
      { parameter: { id: TOP_RATE }, from: '2027-01-01', to: null, values: [0.396] },
    ])
    const fourth = await commit('layers', [rate(50)], { replace: true })
    expect(fourth.commit.changes).toEqual([
      { parameter: { id: TOP_RATE }, from: '2026-01-01', to: null, values: [0.5] },
    ])
  })

  it('carries formulas, and gives them back', async () => {
    await branch('formulas')
    const formulas = [
      { ruleSet: 'us-federal', variable: 'other taxes', formula: 'self_employment_tax + additional_medicare_tax' },
    ]
    expect((await commit('formulas', [], { formulas })).commit.formulas).toEqual(formulas)
    const withdraw = [{ ruleSet: 'us-federal', variable: 'Other_Taxes' }]
    expect((await commit('formulas', [], { withdraw })).commit.formulas).toEqual([])
  })

  it('is not made where the head has all of it already', async () => {
    await branch('same')
    const first = await commit('same', [rate(39.6)])
    const again = await commit('same', [rate(0.396, { unit: 'fraction' })])
    expect(again.commit.id).toBe(first.commit.id)
    expect(again.findings).toContainEqual(expect.objectContaining({ code: 'NOTHING_CHANGED' }))
  })

  it('is refused where the head is another than expected', async () => {
    const { head } = await branch('locked')
    await commit('locked', [rate(39.6)], { expectedHead: head.id })
    const input = { branch: 'locked', changes: [rate(41)], message: 'm', author: 'a', expectedHead: head.id }
    expect(await graph.refuse(COMMIT, { input })).toMatchObject({
      code: 'CONFLICT',
      detail: { path: 'input.expectedHead' },
    })
  })

  it('is one of four at once on one head, and the others get CONFLICT', async () => {
    const { head } = await branch('race')
    const inputs = [39, 40, 41, 42].map((value) => ({
      branch: 'race',
      changes: [rate(value)],
      message: `to ${value}`,
      author: 'a',
      expectedHead: head.id,
    }))
    const answers = await Promise.all(inputs.map((input) => askRaw(graph.subgraph, COMMIT, { variables: { input } })))
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions?.['code'] ?? 'made')
    expect(codes.sort()).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'made'])
    const { parameterTree } = await graph.ask(
      `{ parameterTree(id: "us-federal") { branch(name: "race") { head { log { totalCount } } } } }`,
    )
    // The first commit of the tree and the one that was made: what was refused left nothing on the line.
    expect(parameterTree.branch.head.log.totalCount).toBe(2)
  })

  it.each([
    ['an unknown branch', { branch: 'nowhere' }, 'NOT_FOUND', 'input.branch'],
    [
      'an unknown parameter',
      { changes: [rate(1, { parameter: 'us.federal.nothing' })] },
      'NOT_FOUND',
      'input.changes.0.parameter',
    ],
    [
      'a formula that is none',
      { formulas: [rule('refundable credits', '1 +')] },
      'BAD_INPUT',
      'input.formulas.0.formula',
    ],
    [
      'a formula in another unit',
      { formulas: [rule('refundable credits', 'persons')] },
      'BAD_INPUT',
      'input.formulas.0.formula',
    ],
    ['a rule that is none', { formulas: [rule('refunds', '1')] }, 'NOT_FOUND', 'input.formulas.0.variable'],
    [
      'an unknown rule set',
      { formulas: [{ ...rule('a', '1'), ruleSet: 'mars' }] },
      'NOT_FOUND',
      'input.formulas.0.ruleSet',
    ],
    [
      'rules over another tree',
      { formulas: [{ ...rule('income tax', '1'), ruleSet: 'uk' }] },
      'BAD_INPUT',
      'input.formulas.0.ruleSet',
    ],
    ['no formula', { formulas: [rule('refundable credits', ' ')] }, 'BAD_INPUT', 'input.formulas.0.formula'],
    [
      'one rule twice',
      { formulas: [rule('refundable credits', '1'), rule('Refundable_credits', '2')] },
      'BAD_INPUT',
      'input.formulas.1.variable',
    ],
    ['no message', { message: ' ' }, 'BAD_INPUT', 'input.message'],
    ['no author', { author: '' }, 'BAD_INPUT', 'input.author'],
    ['a withdrawal of nothing', { withdraw: [{}] }, 'BAD_INPUT', 'input.withdraw.0'],
  ])('is refused for %s', async (_, fields, code, path) => {
    const input = { branch: 'raise', changes: [], message: 'm', author: 'a', ...fields }
    expect(await graph.refuse(COMMIT, { input })).toMatchObject({ code, detail: { path } })
  })

  it('is refused where brackets would cross, also with what the head changes', async () => {
    await branch('brackets')
    const top = (parameter: string, value: number) => ({
      parameter,
      from: '2026',
      value,
      status: 'SINGLE',
      unit: 'USD',
    })
    await commit('brackets', [top(TOP_2, 30_000)])
    const input = { branch: 'brackets', changes: [top(TOP_1, 40_000)], message: 'm', author: 'a' }
    expect(await graph.refuse(COMMIT, { input })).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('bracket 2'),
    })
  })
})

describe('the log', () => {
  it('goes from the head to the law, and pages', async () => {
    const query = `query ($after: String) { parameterTree(id: "us-federal") { commit(name: "layers") { log(first: 3, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { id message } } } } } }`
    const first = (await graph.ask(query)).parameterTree.commit.log
    const second = (await graph.ask(query, { after: first.pageInfo.endCursor })).parameterTree.commit.log
    expect(first.totalCount).toBe(5)
    expect([...first.edges, ...second.edges].map((e: { node: { message: string } }) => e.node.message)).toEqual([
      ...Array.from({ length: 4 }, () => 'change layers'),
      'The law as it is',
    ])
    expect([first.edges[0].node.id, second.pageInfo.hasNextPage]).toEqual([await headOf('layers'), false])
  })
})

describe('branches and tags', () => {
  it('start anywhere: at a branch, a tag, a commit', async () => {
    const head = await headOf('raise')
    const tag = `mutation ($input: TagCommitInput!) { tagCommit(input: $input) { tag { name message commit { id } } } }`
    const { tagCommit } = await graph.ask(tag, {
      input: { name: 'budget-2026', commit: 'raise', message: 'as tabled' },
    })
    expect(tagCommit.tag).toEqual({ name: 'budget-2026', message: 'as tabled', commit: { id: head } })
    for (const [name, from] of [
      ['of-branch', 'raise'],
      ['of-tag', 'budget-2026'],
      ['of-commit', head],
    ] as const)
      expect((await branch(name, from)).head.id, from).toBe(head)
    await commit('raise', [rate(41)])
    expect(
      (
        await graph.ask(
          `{ parameterTree(id: "us-federal") { commit(name: "budget-2026") { id } tags { edges { node { name commit { id } } } } } }`,
        )
      ).parameterTree,
    ).toEqual({
      commit: { id: head },
      tags: { edges: [{ node: { name: 'budget-2026', commit: { id: head } } }] },
    })
    expect((await graph.ask(tag, { input: { name: 'budget-2026', commit: head } })).tagCommit.tag.commit.id).toBe(head)
    expect(await graph.refuse(tag, { input: { name: 'budget-2026', commit: 'raise' } })).toMatchObject({
      code: 'ALREADY_EXISTS',
    })
  })

  it('have names of their own, and a branch can go', async () => {
    const create = `mutation ($input: CreateBranchInput!) { createBranch(input: $input) { branch { name } } }`
    expect(await graph.refuse(create, { input: { name: 'raise' } })).toMatchObject({
      code: 'ALREADY_EXISTS',
      detail: { path: 'input.name' },
    })
    expect(await graph.refuse(create, { input: { name: 'No Name!' } })).toMatchObject({ code: 'BAD_INPUT' })
    expect(await graph.refuse(create, { input: { name: 'x', from: 'nowhere' } })).toMatchObject({
      code: 'NOT_FOUND',
      detail: { path: 'input.from' },
    })
    await branch('short')
    expect(await graph.ask('mutation { deleteBranch(input: { name: "short" }) { name } }')).toEqual({
      deleteBranch: { name: 'short' },
    })
    expect(await graph.refuse('{ parameterTree(id: "us-federal") { branch(name: "short") { name } } }')).toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('are the tenant’s own', async () => {
    const head = await headOf('raise')
    expect(await graph.refuse(`{ reformCommit(id: "${head}") { id } }`, {}, 'twin')).toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(
      await graph.refuse('{ parameterTree(id: "us-federal") { commit(name: "budget-2026") { id } } }', {}, 'twin'),
    ).toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('mergeBranches', () => {
  it('moves a branch that has nothing of its own, and says when there is nothing to merge', async () => {
    await branch('behind', 'law')
    await branch('ahead', 'law')
    const { commit: made } = await commit('ahead', [rate(39.6)])
    expect(await merge('ahead', 'behind')).toMatchObject({
      outcome: 'FAST_FORWARD',
      commit: { id: made.id },
      branch: { head: { id: made.id } },
    })
    expect(await merge('ahead', 'behind')).toMatchObject({ outcome: 'UP_TO_DATE', commit: { id: made.id } })
    expect(await merge('law', 'behind')).toMatchObject({ outcome: 'UP_TO_DATE' })
    expect(await headOf('behind')).toBe(made.id)
  })

  it('joins what two branches changed, with both as parents', async () => {
    await branch('taxes')
    await branch('deductions')
    const one = await commit('taxes', [rate(39.6)])
    const other = await commit('deductions', [
      { parameter: DEDUCTION, from: '2026', value: 40_000, status: 'JOINT', unit: 'USD' },
    ])
    const merged = await merge('deductions', 'taxes', { message: 'both' })
    expect(merged).toMatchObject({
      outcome: 'MERGED',
      bases: [await headOf('law')],
      commit: {
        message: 'both',
        parents: [{ id: one.commit.id }, { id: other.commit.id }],
        changes: [
          { parameter: { id: TOP_RATE }, values: [0.396] },
          { parameter: { id: DEDUCTION }, values: [null, 40_000, null, null, null] },
        ],
      },
      conflicts: [],
    })
    expect(await headOf('taxes')).toBe(merged.commit.id)
    expect(await headOf('deductions')).toBe(other.commit.id)
  })

  it('reports conflicts by parameter, cell and span with all three values, and stores nothing', async () => {
    await branch('ground')
    await commit('ground', [
      rate(38),
      { parameter: DEDUCTION, from: '2026', value: 30_000, status: 'JOINT', unit: 'USD' },
    ])
    await branch('left', 'ground')
    await branch('right', 'ground')
    const { commit: left } = await commit('left', [
      rate(40),
      { parameter: DEDUCTION, from: '2026', value: 35_000, status: 'JOINT', unit: 'USD' },
    ])
    await commit('right', [rate(42, { to: '2027' })], { withdraw: [{ parameter: DEDUCTION, from: '2028' }] })
    const merged = await merge('right', 'left')
    expect(merged).toMatchObject({
      outcome: 'CONFLICTS',
      bases: [await headOf('ground')],
      commit: { id: left.id },
      findings: [],
    })
    expect(merged.conflicts).toEqual([
      {
        parameter: { id: TOP_RATE },
        cell: 'ALL',
        from: '2026-01-01',
        to: '2027-12-31',
        base: 0.38,
        ours: 0.4,
        theirs: 0.42,
      },
      {
        parameter: { id: DEDUCTION },
        cell: 'JOINT',
        from: '2028-01-01',
        to: null,
        base: 30_000,
        ours: 35_000,
        theirs: null,
      },
    ])
    expect(await headOf('left')).toBe(left.id)
  })

  it('merges where resolutions settle every conflict, and else reports the rest', async () => {
    const half = await merge('right', 'left', {
      resolutions: [{ parameter: TOP_RATE, from: '2026', to: '2026', take: 'THEIRS' }],
    })
    expect(half.outcome).toBe('CONFLICTS')
    expect(half.conflicts.map((c: { from: string }) => c.from)).toEqual(['2027-01-01', '2028-01-01'])
    const resolutions = [
      { parameter: TOP_RATE, from: '2026', to: '2026', take: 'THEIRS' },
      { parameter: TOP_RATE, take: 'BASE' },
      { parameter: DEDUCTION, cell: 'JOINT', take: 'OURS' },
    ]
    const merged = await merge('right', 'left', { resolutions })
    expect(merged.outcome).toBe('MERGED')
    expect(merged.commit.changes.filter((c: { parameter: { id: string } }) => c.parameter.id === TOP_RATE)).toEqual([
      { parameter: { id: TOP_RATE }, from: '2026-01-01', to: '2026-12-31', values: [0.42] },
      { parameter: { id: TOP_RATE }, from: '2027-01-01', to: '2027-12-31', values: [0.38] },
      { parameter: { id: TOP_RATE }, from: '2028-01-01', to: null, values: [0.4] },
    ])
  })

  it('takes one side of every conflict by its strategy', async () => {
    for (const [strategy, value] of [
      ['OURS', 0.4],
      ['THEIRS', 0.5],
    ] as const) {
      const names = [`${strategy.toLowerCase()}-a`, `${strategy.toLowerCase()}-b`] as const
      for (const name of names) await branch(name)
      await commit(names[0], [rate(40)])
      await commit(names[1], [rate(50)])
      expect(await merge(names[1], names[0], { strategy })).toMatchObject({
        outcome: 'MERGED',
        commit: { changes: [{ values: [value] }] },
      })
    }
  })

  it('merges formulas, and reports those that both replaced', async () => {
    for (const [name, formula] of [
      ['f-a', ONE],
      ['f-b', TWO],
    ] as const) {
      await branch(name)
      await commit(name, [], { formulas: [{ ruleSet: 'us-federal', variable: 'refundable credits', formula }] })
    }
    const merged = await merge('f-b', 'f-a')
    expect(merged.formulaConflicts).toEqual([
      { ruleSet: 'us-federal', variable: 'refundable credits', base: null, ours: ONE, theirs: TWO },
    ])
    const resolutions = [{ ruleSet: 'us-federal', variable: 'Refundable_Credits', take: 'THEIRS' }]
    expect(await merge('f-b', 'f-a', { resolutions })).toMatchObject({
      outcome: 'MERGED',
      commit: { formulas: [{ formula: TWO }] },
    })
  })

  it('does not make a law whose brackets cross, though each side’s rise', async () => {
    const top = (parameter: string, value: number) => ({
      parameter,
      from: '2026',
      value,
      status: 'SINGLE',
      unit: 'USD',
    })
    await branch('low')
    await branch('high')
    const { commit: low } = await commit('low', [top(TOP_2, 20_000)])
    await commit('high', [top(TOP_1, 30_000)])
    expect(await merge('high', 'low')).toMatchObject({
      outcome: 'UNLAWFUL',
      findings: [{ severity: 'ERROR', code: 'NOT_RISING', message: expect.stringContaining('2026-01-01') }],
    })
    expect(await headOf('low')).toBe(low.id)
  })

  it('does not make rules that go round in a circle, though neither side’s do', async () => {
    await branch('ring-a')
    await branch('ring-b')
    await commit('ring-a', [], { formulas: [rule('refundable credits', 'nonrefundable_credits')] })
    await commit('ring-b', [], { formulas: [rule('nonrefundable credits', 'refundable_credits')] })
    const merged = await merge('ring-b', 'ring-a')
    expect(merged).toMatchObject({ outcome: 'UNLAWFUL', findings: [{ severity: 'ERROR', code: 'FORMULAS' }] })
    expect(merged.findings[0].message).toMatch(/refundable/)
  })

  it('merges lines that were merged crosswise before', async () => {
    await branch('x')
    await branch('y')
    const x = await commit('x', [rate(40)])
    const y = await commit('y', [{ parameter: RATE_1, from: '2026', value: 11, unit: 'percent' }])
    await merge(y.commit.id, 'x')
    await merge(x.commit.id, 'y')
    await commit('x', [rate(41)])
    await commit('y', [{ parameter: RATE_1, from: '2026', value: 12, unit: 'percent' }])
    const merged = await merge('y', 'x')
    expect(merged).toMatchObject({ outcome: 'MERGED', conflicts: [] })
    expect(merged.bases).toEqual([x.commit.id, y.commit.id].sort())
    expect(merged.commit.changes.map((c: { values: number[] }) => c.values)).toEqual([[0.12], [0.41]])
  })

  it('is refused where the head is another than expected, or a resolution names nothing', async () => {
    const input = { into: 'x', from: 'raise', author: 'a' }
    expect(await graph.refuse(MERGE, { input: { ...input, expectedHead: await headOf('y') } })).toMatchObject({
      code: 'CONFLICT',
    })
    expect(await graph.refuse(MERGE, { input: { ...input, resolutions: [{ take: 'OURS' }] } })).toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'input.resolutions.0' },
    })
    const cell = [{ parameter: DEDUCTION, cell: 'NOBODY', take: 'OURS' }]
    expect(await graph.refuse(MERGE, { input: { ...input, resolutions: cell } })).toMatchObject({
      detail: { path: 'input.resolutions.0.cell' },
    })
  })
})

describe('a reform made from the repository', () => {
  const CREATE = `mutation ($input: CreateReformInput!) { createReform(input: $input) {
    reform { id snapshotHash changes { values } formulas { variable formula } commit { id author } } } }`

  it.each(['layers', 'budget-2026'])('has the changes of the commit that %s names', async (name) => {
    const { parameterTree } = await graph.ask(
      `{ parameterTree(id: "us-federal") { commit(name: "${name}") { id snapshotHash changes { values } } } }`,
    )
    const { createReform } = await graph.ask(CREATE, { input: { id: `reform-${name}`, title: name, commit: name } })
    const { id, snapshotHash, changes } = parameterTree.commit
    expect(createReform.reform).toMatchObject({ snapshotHash, changes, commit: { id, author: 'ana' } })
  })

  it('has the snapshot hash of a reform with the same changes written by hand', async () => {
    const hashes = await Promise.all(
      [
        { title: 'a', commit: 'layers' },
        {
          title: 'b',
          changes: [
            rate(1, { to: '2026' }),
            rate(50, { to: '2030' }),
            rate(50, { from: '2031' }),
            rate(50, { to: '2026' }),
          ],
        },
      ].map(async (input) => (await graph.ask(CREATE, { input })).createReform.reform.snapshotHash),
    )
    expect(hashes[0]).toBe(hashes[1])
  })

  it('may be formulas alone, which are part of its hash', async () => {
    const made = async (formula: string) =>
      (
        await graph.ask(CREATE, {
          input: { title: 'f', formulas: [{ ruleSet: 'us-federal', variable: 'refundable credits', formula }] },
        })
      ).createReform.reform
    const [one, other] = [await made(ONE), await made(TWO)]
    expect(one).toMatchObject({
      changes: [],
      formulas: [{ variable: 'refundable credits', formula: ONE }],
      commit: null,
    })
    expect(one.snapshotHash).not.toBe(other.snapshotHash)
  })

  it('is refused with changes of its own beside, or from nowhere', async () => {
    expect(await graph.refuse(CREATE, { input: { title: 't', commit: 'layers', changes: [rate(1)] } })).toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'input.commit' },
    })
    expect(await graph.refuse(CREATE, { input: { title: 't', commit: 'nowhere' } })).toMatchObject({
      code: 'NOT_FOUND',
      detail: { path: 'input.commit' },
    })
    expect(await graph.refuse(CREATE, { input: { title: 't' } })).toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'input.changes' },
    })
  })
})

describe('the diff of two commits', () => {
  it('names the spans of days that differ, and the formulas', async () => {
    const query = `{ diff(base: { commit: "ground" }, changed: { commit: "left" }) { formulas { variable }
      parameters { totalCount edges { node { id kind cells from to before { values } after { values } parameter { label } } } } }
      formulas: diff(base: { commit: "law" }, changed: { commit: "f-a" }) { formulas { ruleSet variable before after } parameters { totalCount } } }`
    const { diff, formulas } = await graph.ask(query)
    expect(diff.formulas).toEqual([])
    expect(diff.parameters.edges.map((e: { node: object }) => e.node)).toEqual([
      expect.objectContaining({
        id: TOP_RATE,
        kind: 'CHANGED',
        cells: ['ALL'],
        from: '2026-01-01',
        to: '2026-12-31',
        before: { values: [0.38] },
        after: { values: [0.42] },
        parameter: { label: 'Rate of bracket 7' },
      }),
      expect.objectContaining({ id: TOP_RATE, from: '2028-01-01', to: null, after: { values: [0.4] } }),
      expect.objectContaining({ id: DEDUCTION, cells: ['JOINT'], from: '2026-01-01', to: null }),
    ])
    expect(formulas).toEqual({
      formulas: [{ ruleSet: 'us-federal', variable: 'refundable credits', before: null, after: TWO }],
      parameters: { totalCount: 0 },
    })
  })
})
