// Random trees of parameters as YAML files, for properties of import and export.
import fc from 'fast-check'
import { writeYaml } from '../../subgraphs/parameters/rules/export/write-yaml.ts'
import type { SourceFile } from '../../subgraphs/parameters/rules/import/read-yaml.ts'

const DAYS = [
  '0000-01-01',
  '1987-07-01',
  '2019-01-01',
  '2020-01-01',
  '2020-02-29',
  '2021-10-01',
  '2023-01-01',
  '2031-04-06',
]
export const ALL_DAYS = [...DAYS, '2018-06-30', '2022-01-01', '2022-07-01', '2024-01-01', '2025-01-01', '2040-12-31']

const NAMES = ['a', 'b', 'c_d', 'e-f', '1', '7', '2020', 'NO', 'values', 'brackets', 'unit', 'on', 'Index2', 'rate']
const UNITS = ['currency-USD', 'currency-USD/month', '/1', 'year', 'child', 'USD', 'square-foot', 'hours']

const number = fc.oneof(
  fc.integer({ min: -5, max: 100_000 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, 0.1, 1e-7, 1e21, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
)
// No lone surrogates: no file holds them.
const text = fc.oneof(
  fc.string({ maxLength: 12, unit: 'grapheme' }),
  fc.constantFrom(
    'yes',
    '1_000',
    '1:30',
    '007',
    '',
    ' lead',
    'two\nlines',
    '# no',
    '- x',
    'a: b',
    '2020-01-01',
    'null',
    '.inf',
    'x',
  ),
)
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
const title = fc.constantFrom('Tax Act, section 1', 'https://law.example/1', 'Code: part "2"')
const reference = fc.oneof(
  title,
  fc.array(fc.oneof(title, fc.record({ title, href: fc.constant('https://law.example/3') })), { maxLength: 3 }),
  fc.record({ name: title, page: fc.integer({ min: 1, max: 9 }) }),
  fc.dictionary(fc.constantFrom(...DAYS), fc.record({ title }), { minKeys: 1, maxKeys: 2 }),
)

const SCALARS = {
  number,
  yes: fc.boolean(),
  text: text.filter((value) => value !== 'expected'),
  list: fc.array(fc.oneof(text, fc.integer(), fc.boolean()), { maxLength: 4 }),
}

const dated = (scalar: fc.Arbitrary<unknown>) =>
  fc.dictionary(
    fc.constantFrom(...DAYS),
    fc.oneof(
      { weight: 5, arbitrary: scalar },
      { weight: 1, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.record({ value: scalar, reference }) },
      {
        weight: 1,
        arbitrary: fc.record({ value: scalar, metadata: fc.record({ reference: title, unit: fc.constant('/1') }) }),
      },
    ),
    { minKeys: 1, maxKeys: 5 },
  )

const uprating = fc.oneof(
  fc.constantFrom('cpi', 'self', 'elsewhere.index'),
  fc.record({
    parameter: fc.constantFrom('cpi', 'self'),
    rounding: optional(
      fc.oneof(
        fc.constantFrom(1, 0.5),
        fc.record({ type: fc.constantFrom('nearest', 'upwards', 'downwards'), interval: fc.constantFrom(1, 25, 100) }),
      ),
    ),
    start_instant: optional(fc.constantFrom('2019-01-01')),
  }),
  fc.constant({
    parameter: 'cpi',
    at_defined_interval: { start: '0000-01-01', end: '0001-01-01', enactment: '0002-04-01' },
  }),
)

const metadataOf = (policyEngine: boolean) =>
  fc.record({
    label: optional(text),
    unit: optional(fc.constantFrom(...UNITS)),
    period: optional(fc.constantFrom('year', 'month', 'monthly')),
    reference: optional(reference),
    notes: optional(
      fc.oneof(text, fc.array(fc.oneof(text, number), { maxLength: 2 }), fc.dictionary(text, text, { maxKeys: 2 })),
    ),
    ...(policyEngine ? { uprating: optional(uprating) } : {}),
  })

const parameter = (policyEngine: boolean) =>
  fc.constantFrom(...Object.values(SCALARS)).chain((scalar) =>
    fc.record({
      description: optional(text),
      documentation: optional(text),
      values: dated(scalar as fc.Arbitrary<unknown>),
      metadata: optional(metadataOf(policyEngine)),
    }),
  )

const scale = (policyEngine: boolean) =>
  fc.constantFrom('rate', 'amount', 'average_rate').chain((part) =>
    fc.record({
      description: optional(text),
      brackets: fc.array(
        fc.record({
          threshold: fc.oneof(dated(number), parameter(policyEngine)),
          [part]: fc.oneof(dated(number), fc.record({ values: dated(number), metadata: metadataOf(policyEngine) })),
          metadata: optional(fc.record({ amount_unit: optional(fc.constantFrom(...UNITS)), notes: optional(text) })),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      metadata: optional(
        fc.record({
          type: optional(fc.constantFrom('single_amount', 'marginal_rate')),
          unit: optional(fc.constantFrom(...UNITS)),
          threshold_unit: optional(fc.constantFrom(...UNITS)),
          threshold_period: optional(fc.constant('monthly')),
          period: optional(fc.constant('year')),
          ...(policyEngine ? { uprating: optional(uprating), uprate_thresholds: optional(fc.boolean()) } : {}),
        }),
      ),
    }),
  )

const cells = (policyEngine: boolean) =>
  fc.record({
    description: optional(text),
    SINGLE: parameter(policyEngine),
    JOINT: fc.oneof(parameter(policyEngine), scale(policyEngine)),
    metadata: fc.record({
      breakdown: fc.constantFrom('filing_status', ['filing_status'], [['SINGLE', 'JOINT']], ['unheard_of']),
      ...(policyEngine ? { propagate_metadata_to_children: optional(fc.boolean()), uprating: optional(uprating) } : {}),
      unit: optional(fc.constantFrom(...UNITS)),
      reference: optional(reference),
    }),
  })

const folder = (policyEngine: boolean) =>
  fc.record({
    description: optional(text),
    metadata: fc.record({
      label: optional(text),
      unit: optional(fc.constantFrom(...UNITS)),
      economy: optional(fc.boolean()),
      ...(policyEngine ? { propagate_metadata_to_children: optional(fc.boolean()) } : {}),
    }),
  })

/** Without its undefined members. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, plain(member)]),
  )
}

/** Files of a tree: parameters, scales and breakdowns at random places, and an index that some of them name. */
export function randomFiles(policyEngine: boolean): fc.Arbitrary<SourceFile[]> {
  const content = fc.oneof(parameter(policyEngine), scale(policyEngine), cells(policyEngine))
  const path = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 })
  const cpi = {
    values: { '0000-01-01': 80, '2020-01-01': 100, '2022-01-01': 112.5, '2024-01-01': 130 },
    metadata: { unit: '/1' },
  }
  return fc
    .tuple(
      fc.array(fc.tuple(path, content), { maxLength: 5 }),
      fc.array(fc.tuple(path, folder(policyEngine)), { maxLength: 2 }),
    )
    .map(([leaves, folders]) => {
      const files = new Map<string, unknown>([['cpi.yaml', cpi]])
      for (const [segments, what] of leaves) {
        // A folder and a file cannot share a name.
        const clash = [...files.keys()].some(
          (key) => key.startsWith(`${segments.join('/')}/`) || key === `${segments.join('/')}.yaml`,
        )
        const below = segments.some((_, i) => files.has(`${segments.slice(0, i).join('/')}.yaml`))
        if (!clash && !below) files.set(`${segments.join('/')}.yaml`, what)
      }
      for (const [segments, what] of folders) {
        const there = [...files.keys()].some((key) => key.startsWith(`${segments.join('/')}/`))
        if (there) files.set(`${segments.join('/')}/index.yaml`, what)
      }
      return [...files].map(([at, what]) => ({ path: at, text: writeYaml(plain(what)) }))
    })
}
