// What operations cost and how long they may take, behind a real gateway; lists of operations; who may look at the schema.
import { afterEach, describe, expect, it } from 'vitest'
import { introspectionPolicy } from '../../gateway/limits/introspection.ts'
import { LIMITS } from '../../gateway/limits/limits-config.ts'
import { limitsStep } from '../../gateway/limits/limits-step.ts'
import { subgraphRequestCounts } from '../../gateway/metrics.ts'
import { PROCESS, type Principal, type Tier } from '../../schema/caller.ts'
import { everybodyIs } from '../support/everybody.ts'
import { manualClock } from '../support/manual-clock.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

let example: ExampleServer
afterEach(() => example.close())

const clock = manualClock()
async function start(limits: unknown, principal: Partial<Principal> = {}): Promise<void> {
  const config = LIMITS.parse(limits)
  const authenticator = everybodyIs({ tenant: 'local', principal: { ...PROCESS, proof: 'token', ...principal } })
  example = await startExampleServer({ authenticator, batch: config.batch }, undefined, {
    limits: config,
    steps: [limitsStep({ limits: config, clock })],
  })
}

interface Answer {
  readonly data?: Record<string, unknown>
  readonly errors?: { message: string; path?: unknown; extensions: { code: string; detail: Record<string, unknown> } }[]
  readonly extensions?: Record<string, unknown>
}
const send = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(example.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const ask = async (query: string) => (await (await send({ query })).json()) as Answer

const TEN_SCENARIOS = '{ scenarios { title economy { name } } }'

describe('the cost of an operation', () => {
  it('is told in a header, and in extensions where configuration says so', async () => {
    await start({ showCost: true })
    const response = await send({ query: TEN_SCENARIOS })
    expect(response.headers.get('x-quesnay-cost')).toBe('points=20, computeSeconds=0')
    expect(((await response.json()) as Answer).extensions).toEqual({ cost: { points: 20, computeSeconds: 0 } })
  })

  it('is told in extensions to who asks for it, and to nobody else', async () => {
    await start({})
    const cost = async (more: object) =>
      ((await (await send({ query: TEN_SCENARIOS, ...more })).json()) as Answer).extensions
    expect(await cost({ extensions: { cost: true } })).toEqual({ cost: { points: 20, computeSeconds: 0 } })
    for (const extensions of [undefined, {}, { cost: 'true' }, { cost: false }])
      expect(await cost({ extensions })).toBeUndefined()
  })

  it.each([
    ['free', 19, 'LIMIT_EXCEEDED'],
    ['free', 20, undefined],
    ['pro', 19, undefined],
  ] as const)('is held to that of the tier: %s with %i points for 20', async (tier: Tier, free, code) => {
    await start({ cost: { free, pro: 20 } }, { tier })
    const response = await send({ query: TEN_SCENARIOS })
    const { errors } = (await response.json()) as Answer
    expect(errors?.[0]?.extensions.code).toBe(code)
    if (!code) return
    expect(errors![0]!.extensions.detail).toMatchObject({ rule: 'cost', limit: 19, found: 20, path: 'query' })
    expect(response.headers.get('x-quesnay-cost')).toBe('points=20, computeSeconds=0')
    expect(await subgraphRequestCounts(example.metrics)).toEqual({})
  })
})

describe('an operation that takes too long', () => {
  const QUERY = '{ tenant slow economy(id: "USA") { gdp } }'

  it('is answered with what was ready in time, and OPERATION_TIMEOUT for the rest', async () => {
    await start({ operationTimeoutMs: 2_000 })
    let open = () => {}
    example.world.gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const answer = ask(QUERY)
    await expect.poll(async () => (await subgraphRequestCounts(example.metrics))['portfolios']).toBe(1)
    await new Promise(setImmediate)
    await clock.advance(2_000)
    expect(await answer).toEqual({
      data: { tenant: 'local', slow: null, economy: { gdp: 27.7 } },
      errors: [
        {
          message: 'the operation took longer than 2 s; what was ready in time is here',
          path: ['slow'],
          extensions: { code: 'OPERATION_TIMEOUT', detail: { limitMs: 2_000, suggestion: expect.any(String) } },
        },
      ],
    })
    open()
  })

  it('leaves no timer behind where it ends in time', async () => {
    await start({})
    expect((await ask(QUERY)).errors).toBeUndefined()
    expect(clock.sleepers).toBe(0)
  })
})

describe('a list of operations', () => {
  it('is answered in its order, each by itself', async () => {
    await start({})
    const response = await send([
      { query: 'query ($id: ID!) { scenario(id: $id) { title } }', variables: { id: 'b' } },
      { query: '{ nothing }' },
      { query: '{ tenant }' },
    ])
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual([
      { data: { scenario: { title: 'Raise' } } },
      { errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_INPUT' }) })] },
      { data: { tenant: 'local' } },
    ])
  })

  it.each([[[]], [['{ tenant }']], [[{ query: '{ tenant }' }, 1]], [[[{ query: '{ tenant }' }]]]])(
    '%j is BAD_INPUT',
    async (body) => {
      await start({})
      const response = await send(body)
      expect(response.status).toBe(400)
      expect(((await response.json()) as Answer).errors?.[0]?.extensions.code).toBe('BAD_INPUT')
    },
  )

  it('may be forbidden: at most one then', async () => {
    await start({ batch: 1 })
    expect((await send([{ query: '{ tenant }' }])).status).toBe(200)
    const response = await send([{ query: '{ tenant }' }, { query: '{ tenant }' }])
    expect(((await response.json()) as Answer).errors?.[0]?.extensions.detail).toMatchObject({
      rule: 'batch',
      found: 2,
    })
  })
})

describe('introspection', () => {
  const PROOFS = ['token', 'key', 'demo', 'process'] as const

  it.each([
    ['on', ['token', 'key', 'demo', 'process']],
    ['authenticated', ['token', 'key', 'process']],
    ['off', ['process']],
  ] as const)('that is %s is open to %j', (setting, open) => {
    const policy = introspectionPolicy(setting)
    const may = PROOFS.filter((proof) => policy({ tenant: 't', requestId: 'r', principal: { ...PROCESS, proof } }))
    expect(may).toEqual(open)
  })

  it('answers whoever may look, with suggestions', async () => {
    const authenticator = everybodyIs({ tenant: 'local', principal: { ...PROCESS, proof: 'token' } })
    example = await startExampleServer({ authenticator }, undefined, {
      introspection: introspectionPolicy('authenticated'),
    })
    expect((await ask('{ __schema { queryType { name } } }')).data).toEqual({
      __schema: { queryType: { name: 'Query' } },
    })
    expect((await ask('{ tenat }')).errors?.[0]?.message).toContain('Did you mean "tenant"?')
  })
})
