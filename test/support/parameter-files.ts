// A synthetic tree of YAML files in the proportions of a large national one: some 6,000 files and 55,000 parameters, seeded.

import type { SourceFile } from '../../subgraphs/parameters/rules/import/read-yaml.ts'
import { numbers as randoms } from './random-numbers.ts'

export interface TreeSize {
  readonly scales: number
  readonly byStatus: number
  readonly byState: number
  readonly byNumber: number
  readonly byRegion: number
  readonly plain: number
}

/** Files of each form; of a real tree of 5,949 files. A region file has some 80 cells, a state file 59, a scale some 9 brackets. */
export const NATIONAL: TreeSize = {
  scales: 863,
  byStatus: 355,
  byState: 102,
  byNumber: 41,
  byRegion: 340,
  plain: 4_248,
}

const STATES =
  'AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC GU MP PW PR VI AA AE AP'.split(
    ' ',
  )
const STATUSES = ['SINGLE', 'JOINT', 'SEPARATE', 'HEAD_OF_HOUSEHOLD', 'SURVIVING_SPOUSE']
const INDICES = ['gov.index.prices', 'gov.index.wages']

/** How values and metadata go wrong in real trees; about one file in thirty has one of these. */
const DIRT: readonly ((text: string) => string)[] = [
  (text) => text.replace('unit: currency-USD', 'unit: currency_USD'),
  (text) => text.replace('unit: currency-USD', 'unit: USD'),
  (text) => text.replace('period: year', 'period: monthly'),
  (text) => text.replace('reference:', 'references:'),
  (text) => text.replaceAll('title:', 'name:').replaceAll('href:', 'url:'),
  (text) => text.replace('label:', 'lable:'),
  (text) => text.replace('metadata:', 'metadata:\n  smoothing: none'),
]

/** The files, by path. */
export function* parameterFiles(size: TreeSize = NATIONAL, seed = 1): Generator<SourceFile> {
  const maker = new Maker(seed)
  yield { path: 'gov/README.md', text: '# Government\n\nWhat the government takes and gives.\n' }
  yield { path: 'gov/index/prices.yaml', text: maker.index('Consumer prices', 100) }
  yield { path: 'gov/index/wages.yaml', text: maker.index('Average wages', 40_000) }
  const kinds: readonly [number, () => string][] = [
    [size.scales, () => maker.scale()],
    [size.byStatus, () => maker.cells('filing_status', STATUSES)],
    [size.byState, () => maker.cells('state_code', STATES)],
    [size.byNumber, () => maker.cells('range(1, 11)', upTo(10))],
    [size.byRegion, () => maker.regions()],
    [size.plain, () => maker.plain()],
  ]
  for (const [kind, [count, make]] of kinds.entries())
    for (let i = 0; i < count; i++) {
      const folder = `gov/states/${STATES[i % 50]!.toLowerCase()}/${['tax', 'benefit', 'health', 'housing'][(i >> 3) % 4]}`
      if (i % 997 === 0) yield { path: `${folder}/index.yaml`, text: 'metadata:\n  economy: false\n' }
      yield { path: `${folder}/k${kind}/p${i}.yaml`, text: maker.dirty(make()) }
    }
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1))

class Maker {
  readonly #next: () => number
  constructor(seed: number) {
    this.#next = randoms(seed)
  }

  /** A whole number below `most`. */
  below(most: number): number {
    return Math.floor(this.#next() * most)
  }

  dirty(text: string): string {
    return this.below(30) === 0 ? DIRT[this.below(DIRT.length)]!(text) : text
  }

  index(label: string, base: number): string {
    const values = upTo(21).map((n, i) => `  ${2014 + Number(n)}-01-01: ${(base * (1 + i * 0.023)).toFixed(1)}`)
    return `description: ${label} of the year before, as the office for statistics counts them.\nvalues:\n${values.join('\n')}\nmetadata:\n  unit: /1\n  label: ${label}\n  reference:\n    - title: Statistics Act, section 4\n`
  }

  number(): string {
    const pick = this.below(100)
    if (pick < 2) return '.inf'
    const whole = this.below(pick < 60 ? 20_000 : 900)
    if (pick >= 68) return (whole / 10_000).toFixed(4)
    return whole > 999 ? `${Math.floor(whole / 1000)}_${String(whole % 1000).padStart(3, '0')}` : String(whole)
  }

  /** One date in two parameters, seldom more than three; 0000-01-01 now and then. */
  dates(indent: string, value = () => this.number()): string {
    const count = 1 + (this.below(3) === 0 ? 1 + this.below(3) : 0)
    const first = 2005 + this.below(15)
    return Array.from({ length: count }, (_, i) => {
      const from = i === 0 && this.below(60) === 0 ? '0000-01-01' : `${first + i}-0${1 + this.below(2) * 6}-01`
      return `${indent}${from}: ${value()}\n`
    }).join('')
  }

  metadata(more: string, indexed = false): string {
    const uprating = indexed
      ? `  propagate_metadata_to_children: true\n  uprating:\n    parameter: ${INDICES[this.below(2)]}\n    rounding:\n      type: ${['downwards', 'nearest', 'upwards'][this.below(3)]}\n      interval: ${[1, 10, 25, 50][this.below(4)]}\n`
      : ''
    const links = upTo(1 + this.below(3)).map(
      (n) =>
        `    - title: Code of the state, title ${this.below(90)}, section ${this.below(900)}(${n})\n      href: https://law.example/code/${this.below(90)}/${this.below(900)}#page=${n}\n`,
    )
    return `metadata:\n${more}  label: Amount number ${this.below(10_000)} of the state\n${uprating}  reference:\n${links.join('')}`
  }

  #description(): string {
    return `description: The state gives or takes this amount where condition ${this.below(10_000)} of its law is met.\n`
  }

  plain(): string {
    const kind = this.below(20)
    const yes = () => (this.below(2) === 0 ? 'true' : 'false')
    const list = () =>
      `\n${upTo(1 + this.below(6))
        .map((n) => `    - programme_${n}`)
        .join('\n')}`
    const unit = kind === 0 ? 'bool' : kind === 1 ? 'list' : 'currency-USD'
    const values = this.dates('  ', kind === 0 ? yes : kind === 1 ? list : undefined)
    return `${this.#description()}values:\n${values}${this.metadata(`  unit: ${unit}\n  period: year\n`, kind > 1 && this.below(20) === 0)}`
  }

  cells(breakdown: string, names: readonly string[]): string {
    // One in ten leaves cells out.
    const given = this.below(10) === 0 ? names.slice(0, -1) : names
    const cells = given.map((name) => `${name}:\n${this.dates('  ')}`)
    const more = `  unit: currency-USD\n  period: year\n  breakdown:\n    - ${breakdown}\n`
    return `${this.#description()}${cells.join('')}${this.metadata(more, this.below(8) === 0)}`
  }

  regions(): string {
    const regions = upTo(8 + this.below(5)).map(
      (n) =>
        `REGION_${n}:\n${upTo(8)
          .map((size) => `  ${size}:\n${this.dates('    ')}`)
          .join('')}`,
    )
    return `${this.#description()}${regions.join('')}${this.metadata('  unit: currency-USD\n  breakdown:\n    - region\n    - range(1, 9)\n')}`
  }

  scale(): string {
    const single = this.below(4) > 0
    const first = 2005 + this.below(15)
    const brackets = upTo(single ? 5 + this.below(10) : 3 + this.below(4)).map((n, i) => {
      const threshold = `  - threshold:\n      ${first}-01-01: ${i === 0 ? 0 : 10_000 * i + this.below(9_000)}\n`
      return `${threshold}    ${single ? 'amount' : 'rate'}:\n      ${first}-01-01: ${single ? this.below(900) : `0.0${n}`}\n`
    })
    const more = `  type: ${single ? 'single_amount' : 'marginal_rate'}\n  threshold_unit: currency-USD\n  ${single ? 'amount_unit: currency-USD' : 'rate_unit: /1'}\n  period: year\n`
    return `${this.#description()}brackets:\n${brackets.join('')}${this.metadata(more)}`
  }
}
