// Fields required in different ways: who refuses them, what clients see of how they are told apart, and what it costs.
import { getIntrospectionQuery, printSchema } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { checkComposition } from '../../gateway/compose.ts'
import { type Case, type CaseGraph, openCase } from '../support/federation/case-graph.ts'
import { REQUIRED_WAYS } from './classes/required-ways.ts'
import { ROOTS } from './classes/roots.ts'

const [WAYS] = REQUIRED_WAYS as readonly [Case]
const BOUND = /__required/
let graph: CaseGraph | undefined
afterEach(() => graph?.gateway.close())

const services = ({ subgraphs }: Case) =>
  Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    url: `http://127.0.0.1:1/${name}`,
    sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@external", "@requires"])\n${sdl}`,
  }))

describe('composition', () => {
  it('tells of a field that is required in different ways, with those who require it', () => {
    const { supergraphSdl, findings } = checkComposition(services(WAYS))
    expect(supergraphSdl).not.toMatch(BOUND)
    expect(findings.find(({ code }) => code === 'REQUIRES_ARGUMENTS')).toMatchObject({
      severity: 'INFO',
      message: expect.stringContaining(
        'Product.price is required with different arguments (currency: "USD" by Product.shippingUS; currency: "EUR" by Product.shippingEU; no arguments by Product.shipping',
      ),
      subgraphs: ['shipping'],
    })
  })

  it('refuses a field that itself requires one in two ways, of which it can be told one', () => {
    const twice = 'price(currency: \\"USD\\") price(currency: \\"EUR\\")'
    const subgraphs = { ...WAYS.subgraphs, shipping: WAYS.subgraphs['shipping']!.replace('"price"', `"${twice}"`) }
    const { supergraphSdl, findings } = checkComposition(services({ ...WAYS, subgraphs }))
    expect(supergraphSdl).toBeUndefined()
    expect(findings[0]).toMatchObject({
      severity: 'ERROR',
      code: 'REQUIRES_ARGUMENTS',
      message: 'Product.shipping requires Product.price with different arguments: require it with the same ones',
    })
  })
})

describe('the executor of @apollo/gateway', () => {
  it('refuses a supergraph in which a field is required in different ways, and says why', async () => {
    await expect(openCase(WAYS, 'apollo')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      detail: { problems: [expect.stringMatching(/^Product\.price is required .*: use the executor `compiled`$/)] },
    })
  })

  it('refuses values of a context, and says where they are taken', async () => {
    const context = ROOTS.find(({ name }) => name.includes('(context)'))!
    await expect(openCase(context, 'apollo')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      detail: {
        problems: ['Offer.price takes values of a context (@fromContext): use the executor `compiled`'],
      },
    })
  })
})

describe('how the ways are told apart', () => {
  it('is in no schema, no introspection and no suggestion that clients see', async () => {
    graph = await openCase(WAYS)
    expect(printSchema(graph.gateway.schema)).not.toMatch(BOUND)
    expect(JSON.stringify(await graph.ask(getIntrospectionQuery()))).not.toMatch(BOUND)
    for (const name of ['price__required1', 'price__require', 'pric']) {
      const { errors } = await graph.ask(`{ products { ${name} } }`)
      expect(errors?.[0]?.message).toMatch(`Cannot query field "${name}"`)
      expect(errors?.[0]?.message.replaceAll(`"${name}"`, '')).not.toMatch(BOUND)
    }
  })

  it('is in no error: what fails has the name that its subgraph has for it', async () => {
    const entities = WAYS.entities!.map((one) => ({
      ...one,
      price: ({ currency }: Record<string, unknown>) => {
        if (currency === 'EUR') throw new Error('no such price')
        return 12
      },
    }))
    graph = await openCase({ ...WAYS, entities, roots: { products: entities } })
    const { data, errors } = await graph.ask('{ products { upc shippingUS shippingEU } }')
    expect(errors?.map(({ path }) => path)).toEqual([
      ['products', 0, 'price'],
      ['products', 1, 'price'],
    ])
    expect(JSON.stringify(errors)).not.toMatch(BOUND)
    expect(data?.['products']).toEqual([
      { upc: 'p1', shippingUS: 'price 12', shippingEU: 'price null' },
      { upc: 'p2', shippingUS: 'price 12', shippingEU: 'price null' },
    ])
  })

  it('costs no request more', async () => {
    graph = await openCase(WAYS)
    await graph.ask('{ products { shippingUS shippingEU shipping tax price } }')
    expect(graph.asked.map(({ subgraph }) => subgraph)).toEqual(['catalogue', 'prices', 'shipping'])
    expect(graph.asked[1]?.query).toContain('price__required1: price(currency: "USD")')
  })
})

it('a supergraph in which each field is required in one way is planned as it is', async () => {
  const one: Case = {
    ...WAYS,
    subgraphs: {
      ...WAYS.subgraphs,
      shipping: `type Product @key(fields: "upc") { upc: ID! price(currency: String = "USD"): Int @external
        shippingUS: String @requires(fields: "price(currency: \\"USD\\")") }`,
    },
  }
  graph = await openCase(one)
  await graph.ask('{ products { shippingUS } }')
  expect(graph.asked[1]?.query).not.toMatch(BOUND)
})
