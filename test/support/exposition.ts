// Reads the text format of Prometheus as a scraper does, and refuses what a scraper would.

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/g
const SUFFIX: Readonly<Record<string, RegExp>> = {
  histogram: /_(bucket|sum|count)$/,
  summary: /(_sum|_count)?$/,
  counter: /$/,
  gauge: /$/,
}

/** The families of a page, by name. Throws where a line, a family or a histogram is not as the format says. */
export function readExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const families = new Map<string, { name: string; type: string; help: string; samples: Sample[] }>()
  const helps = new Map<string, string>()
  let current: { name: string; type: string; help: string; samples: Sample[] } | undefined
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (word === 'HELP') helps.set(name, rest)
    else if (word === 'TYPE') {
      if (!NAME.test(name) || !(rest in SUFFIX) || families.has(name)) throw new Error(`a wrong type: ${line}`)
      current = { name, type: rest, help: helps.get(name) ?? '', samples: [] }
      families.set(name, current)
    } else {
      const sample = readSample(line)
      const base = sample.name.replace(SUFFIX[current?.type ?? ''] ?? /^/, '')
      if (!current || base !== current.name) throw new Error(`a sample outside its family: ${line}`)
      current.samples.push(sample)
    }
  }
  for (const family of families.values()) checkFamily(family)
  return families
}

function readSample(line: string): Sample {
  const [, name, inside = '', number = ''] = SAMPLE.exec(line) ?? []
  const value = number === '+Inf' ? Number.POSITIVE_INFINITY : number === 'Nan' ? Number.NaN : Number(number)
  const found = [...inside.matchAll(LABEL)]
  const read = found.map(([whole]) => whole).join('')
  if (!name || read !== inside || (Number.isNaN(value) && number !== 'Nan')) throw new Error(`no sample: ${line}`)
  return { name, value, labels: Object.fromEntries(found.map(([, label, text]) => [label, text])) }
}

function checkFamily({ name, type, samples }: Family): void {
  const keyOf = (sample: Sample) => `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`
  if (new Set(samples.map(keyOf)).size < samples.length) throw new Error(`${name} has a sample twice`)
  if (type !== 'histogram') return
  const series = new Map<string, Sample[]>()
  for (const sample of samples.filter((one) => one.name.endsWith('_bucket'))) {
    const { le: _le, ...rest } = sample.labels
    const key = JSON.stringify(rest)
    series.set(key, [...(series.get(key) ?? []), sample])
  }
  for (const [key, buckets] of series) {
    const bounds = buckets.map(({ labels }) =>
      labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']),
    )
    const rising = (values: readonly number[]) => values.every((value, i) => i === 0 || value >= values[i - 1]!)
    const count = samples.find((one) => one.name.endsWith('_count') && JSON.stringify(one.labels) === key)?.value
    const whole = bounds.at(-1) === Number.POSITIVE_INFINITY && count === buckets.at(-1)?.value
    if (!whole || !rising(bounds) || !rising(buckets.map(({ value }) => value)))
      throw new Error(`the histogram ${name} ${key} does not add up`)
  }
}

/** Sum over the samples of a name whose labels hold those given; 0 where there is none. */
export function sumOf(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Record<string, string> = {},
): number {
  const samples = [...families.values()].flatMap((family) => family.samples)
  const wanted = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([label, text]) => sample.labels[label] === text),
  )
  return wanted.reduce((sum, { value }) => sum + value, 0)
}
