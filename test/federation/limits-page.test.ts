// docs/limits.md against the configuration: every setting is there with its default, and the example is read.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseEdge } from '../../gateway/edge/edge-config.ts'
import { packageFile } from '../../infra/paths.ts'

const page = readFileSync(packageFile('docs', 'limits.md'), 'utf8')
const defaults = parseEdge({}, 'defaults')

/** Rows of the tables: settings, and what stands for their defaults. */
const rows = [...page.matchAll(/^\| ([^|]+) \| ([^|]*) \|/gm)].map(
  ([, names, values]) => [names!.trim(), values!.trim()] as const,
)
const told = (name: string) => rows.find(([names]) => names.split(/,\s*/).includes(name))
const written = (value: unknown): string => (typeof value === 'number' ? value.toLocaleString('en-US') : String(value))

describe('the page of limits', () => {
  it.each(Object.entries(defaults.limits).filter(([, value]) => typeof value !== 'object'))(
    'tells limits.%s with its default, %s',
    (name, value) => {
      const row = told(name)
      expect(row).toBeDefined()
      const at = row![0].split(/,\s*/).indexOf(name)
      const shown = row![1].includes(', ') ? row![1].split(', ')[at] : row![1]
      expect(shown).toBe(name === 'bodyBytes' ? '16 MiB' : written(value))
    },
  )

  it.each(['kept', 'per', 'points', 'lease', 'demo'] as const)('tells rates.%s with its default', (name) => {
    expect(told(name)?.[1].split(/[; ]/)[0]).toBe(written(defaults.rates[name]))
  })

  it.each(['free', 'pro', 'enterprise'] as const)('tells what the tier %s may', (tier) => {
    const { perSecond, burst, perDay } = defaults.rates.tiers[tier]
    const numbers = told(`tiers.${tier}`)![1]
      .match(/\d[\d,]*/g)!
      .map((text) => Number(text.replace(/,/g, '')))
    expect(numbers).toEqual([perSecond, burst, perDay])
    expect(page).toContain(written(defaults.limits.cost[tier]))
    expect(page).toContain(written(defaults.limits.computeSeconds[tier]))
  })

  it('has an example that is read', () => {
    const [, example] = /## An example\n\n([\s\S]+)$/.exec(page)!
    expect(parseEdge(parse(example!), 'docs/limits.md')).toMatchObject({
      introspection: 'authenticated',
      persisted: { mode: 'log' },
      limits: { depth: 12, aliases: 50, cost: { free: 5_000, pro: 100_000 } },
      rates: { tiers: { free: { perDay: 50, burst: 20 } } },
      http: { tls: true },
    })
  })
})
