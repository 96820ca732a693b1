// How often callers may ask, behind real gateways: headers, tiers, quotas that gateways share, and a database that is away.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Authenticator } from '../../gateway/edge/authenticator.ts'
import type { Operation } from '../../gateway/edge/step.ts'
import { LIMITS } from '../../gateway/limits/limits-config.ts'
import { limitsStep } from '../../gateway/limits/limits-step.ts'
import { openRates } from '../../gateway/rates/open-rates.ts'
import { RATES } from '../../gateway/rates/rates-config.ts'
import type { RatesStep } from '../../gateway/rates/rates-step.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'
import { PROCESS, type Principal, type Tier } from '../../schema/caller.ts'
import { freshStore, type TestStore } from '../support/database.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

let database: TestStore
beforeAll(async () => {
  database = await freshStore()
})
afterAll(() => database.drop())

const metrics = createMetrics('test')
const opened: { example: ExampleServer; step: RatesStep }[] = []
afterEach(async () => {
  for (const { example, step } of opened.splice(0)) {
    await step.close()
    await example.close()
  }
})

/** `Authorization: TENANT SUBJECT TIER`, or none: the anonymous of a demonstration. */
const authenticator: Authenticator = {
  async authenticate({ headers: { authorization } }) {
    const [tenant = 'local', subject = 'anonymous', tier = 'free'] = authorization?.split(' ') ?? []
    const proof: Principal['proof'] = authorization ? 'token' : 'demo'
    return { tenant, principal: { ...PROCESS, subject, tier: tier as Tier, proof } }
  },
}

async function start(config: unknown, store: Store | undefined, clock: ManualClock = manualClock()) {
  const rates = RATES.parse(config)
  const step = openRates({ rates, store, clock, log: silentLog, metrics })!
  const limits = LIMITS.parse({})
  const steps = [limitsStep({ limits, clock: systemClock }), step]
  const example = await startExampleServer({ authenticator }, undefined, { steps })
  opened.push({ example, step })
  return {
    clock,
    ask: (who?: string, body: unknown = { query: '{ tenant }' }) =>
      fetch(example.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(who ? { authorization: who } : {}) },
        body: JSON.stringify(body),
      }),
    step,
  }
}
const refusalOf = async (response: Response) => {
  const { errors } = (await response.json()) as { errors: { extensions: { code: string; detail: object } }[] }
  return errors[0]!.extensions
}

let tenants = 0
const newTenant = () => `tenant-${++tenants}`
const statuses = (responses: readonly Response[]) => {
  const count = (status: number) => responses.filter((response) => response.status === status).length
  return { answered: count(200), refused: count(429) }
}

describe.each([
  ['in this process', false],
  ['in the database', true],
])('a rate kept %s', (_, shared) => {
  const storeOf = () => (shared ? database.store : undefined)

  it('tells in headers what may be asked and what is left', async () => {
    const { ask } = await start({ tiers: { pro: { perSecond: 2, burst: 10, perDay: 50 } } }, storeOf())
    const { headers } = await ask(`${newTenant()} ann pro`)
    expect(headers.get('ratelimit-policy')).toBe('"burst";q=10;w=5, "day";q=50;w=86400')
    expect(headers.get('ratelimit')).toMatch(/^"burst";r=9;t=1, "day";r=49;t=\d+$/)
    expect(headers.has('retry-after')).toBe(false)
  })

  it('refuses a burst with 429 and when to try again, for each subject by itself', async () => {
    const { ask } = await start({ tiers: { free: { perSecond: 0.001, burst: 3 } } }, storeOf())
    const tenant = newTenant()
    const responses = []
    for (let i = 0; i < 5; i++) responses.push(await ask(`${tenant} ann free`))
    expect(statuses(responses)).toEqual({ answered: 3, refused: 2 })
    const last = responses.at(-1)!
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(900)
    expect(await refusalOf(last)).toEqual({
      code: 'RATE_LIMITED',
      detail: {
        policy: 'burst',
        limit: 3,
        retryAfterSeconds: Number(last.headers.get('retry-after')),
        suggestion: expect.any(String),
      },
    })
    expect((await ask(`${tenant} bob free`)).status).toBe(200)
    expect((await ask(`${newTenant()} ann free`)).status).toBe(200)
  })

  it('is one for all of a tenant where configuration says so', async () => {
    const { ask } = await start({ per: 'tenant', tiers: { free: { perSecond: 0.001, burst: 2 } } }, storeOf())
    const tenant = newTenant()
    const responses = [
      await ask(`${tenant} ann free`),
      await ask(`${tenant} bob free`),
      await ask(`${tenant} cat free`),
    ]
    expect(statuses(responses)).toEqual({ answered: 2, refused: 1 })
  })

  it('counts every member of a list, and what operations cost where configuration says so', async () => {
    const { ask } = await start({ points: 'cost', tiers: { free: { perSecond: 0.001, burst: 25 } } }, storeOf())
    const tenant = newTenant()
    const costly = { query: '{ scenarios { title economy { name } } }' }
    expect((await ask(`${tenant} ann free`, costly)).headers.get('ratelimit')).toMatch(/^"burst";r=5;/)
    const response = await ask(`${tenant} ann free`, [{ query: '{ tenant }' }, costly])
    expect(response.status).toBe(429)
    expect(await response.json()).toEqual([
      { data: { tenant } },
      { errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'RATE_LIMITED' }) })] },
    ])
  })

  it.each([
    ['free', 100],
    ['pro', 1_000],
    ['enterprise', 100_000],
  ] as const)('gives a tenant of the tier %s %i operations a day', async (tier, perDay) => {
    const { ask } = await start({}, storeOf())
    const { headers } = await ask(`${newTenant()} ann ${tier}`)
    expect(headers.get('ratelimit')).toContain(`"day";r=${perDay - 1};`)
  })

  it('refuses what is beyond the quota of the day, whoever of the tenant asks', async () => {
    const { ask } = await start({ tiers: { free: { perDay: 12, burst: 100 } } }, storeOf())
    const tenant = newTenant()
    const responses = []
    for (let i = 0; i < 15; i++) responses.push(await ask(`${tenant} user-${i % 4} free`))
    expect(statuses(responses)).toEqual({ answered: 12, refused: 3 })
    expect(await refusalOf(responses.at(-1)!)).toMatchObject({ detail: { policy: 'day', limit: 12 } })
    expect(Number(responses.at(-1)!.headers.get('retry-after'))).toBeLessThanOrEqual(86_400)
    expect((await ask(`${newTenant()} ann free`)).status).toBe(200)
  })

  it('leaves a demonstration alone, unless configuration says otherwise: then by address', async () => {
    const free = await start({ tiers: { free: { burst: 1, perDay: 1 } } }, storeOf())
    expect(statuses([await free.ask(), await free.ask()])).toEqual({ answered: 2, refused: 0 })
    const strict = await start({ demo: true, tiers: { free: { burst: 1, perSecond: 0.001 } } }, storeOf())
    expect(statuses([await strict.ask(), await strict.ask()])).toEqual({ answered: 1, refused: 1 })
  })
})

describe('two gateways on one database', () => {
  it('answer as many operations of a tenant in a day as one would, and not one more', async () => {
    const config = { tiers: { free: { burst: 1_000 } } }
    const gateways = [await start(config, database.store), await start(config, database.store)]
    const tenant = newTenant()
    const responses = []
    for (let i = 0; i < 130; i++) responses.push(await gateways[i % 2]!.ask(`${tenant} ann free`))
    expect(statuses(responses)).toEqual({ answered: 100, refused: 30 })
  })

  it('never answer more, however they are asked at once', async () => {
    const config = { tiers: { free: { burst: 1_000, perDay: 40 } } }
    const gateways = [await start(config, database.store), await start(config, database.store)]
    const tenant = newTenant()
    const responses = await Promise.all(
      Array.from({ length: 90 }, (_, i) => gateways[i % 2]!.ask(`${tenant} ann free`)),
    )
    expect(statuses(responses)).toEqual({ answered: 40, refused: 50 })
  })

  it('give back what they have taken and do not use, after a while and at their end', async () => {
    const config = { tiers: { free: { burst: 1_000, perDay: 100 } } }
    const [one, other] = [await start(config, database.store), await start(config, database.store)]
    const tenant = newTenant()
    const used = async () =>
      (
        await database.store.query<{ used: number }>('select used from gateway.daily_use where tenant = $1', [tenant])
      )[0]?.used
    await one.ask(`${tenant} ann free`)
    expect(await used()).toBe(10)
    await one.clock.advance(5_001)
    await expect.poll(used).toBe(1)
    await other.ask(`${tenant} ann free`)
    expect(await used()).toBe(11)
    await other.step.close()
    expect(await used()).toBe(2)
  })
})

describe('counting', () => {
  it('asks the database once or twice in ten operations', async () => {
    let statements = 0
    const query: Store['query'] = (text, values) => {
      statements++
      return database.store.query(text, values)
    }
    const { step } = await start({}, { ...database.store, query })
    const principal = { ...PROCESS, tier: 'enterprise', proof: 'token' } as const
    const caller = { tenant: newTenant(), requestId: 'r', principal }
    for (let i = 0; i < 500; i++) {
      const operation = { caller, reply: { headers: new Map() }, notes: {} } as unknown as Operation
      expect(await step.admit!(operation)).toBe(operation)
    }
    expect(statements).toBeGreaterThan(0)
    expect(statements).toBeLessThanOrEqual(2 * 52)
  })
})

describe('while the database does not answer', () => {
  const failures = async () => (await metrics.rateFailures.get()).values[0]?.value ?? 0
  const brokenStore = () => {
    const asked = { count: 0 }
    const query = async () => {
      asked.count++
      throw Object.assign(new Error('connection terminated'), { code: 'ECONNRESET' })
    }
    return { asked, store: { ...database.store, query } as Store }
  }

  it('each gateway counts for itself, and tells so in its metrics', async () => {
    const { asked, store } = brokenStore()
    const before = await failures()
    const { ask } = await start({ tiers: { free: { burst: 3, perSecond: 0.001 } } }, store)
    const tenant = newTenant()
    const responses = []
    for (let i = 0; i < 5; i++) responses.push(await ask(`${tenant} ann free`))
    expect(statuses(responses)).toEqual({ answered: 3, refused: 2 })
    // It is left alone for a while.
    expect([asked.count, (await failures()) - before]).toEqual([1, 1])
  })

  it('operations are refused with 503 where configuration says closed', async () => {
    const { store } = brokenStore()
    const { ask } = await start({ whenDown: 'closed' }, store)
    const response = await ask(`${newTenant()} ann free`)
    expect(response.status).toBe(503)
    expect(await refusalOf(response)).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  it('nobody waits longer than its patience', async () => {
    const store = { ...database.store, query: () => new Promise<never>(() => {}) } as Store
    const { ask, clock } = await start({ patienceMs: 250 }, store)
    const response = ask(`${newTenant()} ann free`)
    await expect.poll(() => clock.sleepers).toBe(2)
    await clock.advance(250)
    expect((await response).status).toBe(200)
  })
})
