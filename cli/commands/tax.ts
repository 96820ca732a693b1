// quesnay tax: taxes of units in a CSV file, written to another.
import { resolve } from 'node:path'
import { systemClock } from '../../infra/clock.ts'
import { isQuesnayError, QuesnayError } from '../../schema/errors.ts'
import { ask, type GraphClient } from '../client.ts'
import { findingLine } from '../output/findings.ts'
import { printable } from '../output/printable.ts'
import { NO_PROGRESS, openProgress } from '../output/progress.ts'
import { isThere, nameOf } from '../read-input.ts'
import { type Batch, openUnits } from '../tax/read-units.ts'
import { loadRules, type Names, namesOf, type TaxRules } from '../tax/rules.ts'
import { field, openAnswers, written } from '../tax/write-answers.ts'
import { assertWritable } from '../write-file.ts'

export interface TaxOptions {
  readonly json: boolean
  readonly quiet?: boolean
  readonly year: number
  readonly in: string
  readonly out: string
  readonly ruleSet: string
  readonly reform?: string
  readonly mapping?: string
  readonly columns?: readonly string[]
  readonly all?: boolean
}

/** Batches asked for at a time: one is computed while the next is read and the one before is written. */
const IN_FLIGHT = 3

const CALCULATE = `query Tax($input: CalculateInput!, $names: [String!]!) {
  calculate(input: $input) { variables(names: $names) { name unit base64 } }
}`

interface Answer {
  readonly calculate: {
    readonly variables: readonly { readonly name: string; readonly unit: string; readonly base64: string }[]
  }
}

/** Sees that files can be read and written before a graph is started for them. Errors: BAD_INPUT. */
export function prepareTax(options: TaxOptions): (client: GraphClient) => Promise<void> {
  const { in: from, out, json } = options
  const fail = (message: string, path: string, suggestion: string) =>
    new QuesnayError('BAD_INPUT', message, { path, suggestion })
  if (from !== '-' && !isThere(from)) throw fail(`there is no ${from}`, '--in', 'check the name')
  if (out === '-' && json) throw fail('--out - and --json would both print', '--out', 'leave one of them out')
  if (out !== '-' && from !== '-' && resolve(out) === resolve(from))
    throw fail(`${out} is what is read`, '--out', 'choose another name')
  if (out !== '-') assertWritable(out)
  return (client) => tax(client, options)
}

async function tax(client: GraphClient, options: TaxOptions): Promise<void> {
  const { out, quiet = false, year } = options
  const rules = await loadRules(client, options.ruleSet)
  const names = namesOf(rules, options)
  const { unknown, batches } = await openUnits(options.in, names, rules.data)
  if (unknown.length > 0) warn(options.in, unknown)
  const progress = quiet ? NO_PROGRESS : openProgress(systemClock, 'computing')
  const answers = openAnswers(out)
  let units = 0
  try {
    // With the first answers: where there are none, nothing is said of them.
    let header = `${[names.identifier, ...names.outputs.map(({ theirs }) => theirs)].map(field).join(',')}\n`
    const computed = inOrder(batches, (batch) => compute(client, batch, rules, names, options))
    for await (const { text, batch } of computed) {
      await answers.write(header + text)
      header = ''
      units += batch.ids.length
      progress.update(batch.fraction, `${units} ${rules.unit}s`)
    }
    await answers.write(header)
    await answers.close()
  } catch (error) {
    await answers.discard()
    // A reader that has seen enough, such as `head`, closes the pipe.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return
    throw error
  } finally {
    progress.stop()
  }
  const summary = { units, year, ruleSet: rules.id, columns: names.outputs.map(({ theirs }) => theirs), out }
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`)
  else if (out !== '-' && !quiet) process.stdout.write(`${out}: ${units} ${rules.unit}s, ${year}, ${rules.id}\n`)
}

/** What the work makes of each item, in their order, a few of them under way at a time. */
async function* inOrder<T, R>(items: AsyncIterable<T>, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const underWay: Promise<R>[] = []
  for await (const item of items) {
    const started = work(item)
    // It is awaited below; until then its failure is nobody's.
    started.catch(() => {})
    underWay.push(started)
    if (underWay.length >= IN_FLIGHT) yield await underWay.shift()!
  }
  for (const started of underWay) yield await started
}

async function compute(client: GraphClient, batch: Batch, rules: TaxRules, names: Names, options: TaxOptions) {
  const columns = batch.columns.map(({ name, values }) => ({ name, base64: base64Of(values) }))
  const input = { ruleSet: rules.id, year: options.year, reform: options.reform ?? null, columns }
  const wanted = [...new Set(names.outputs.map(({ ours }) => ours))]
  const { calculate } = await ask<Answer>(client, CALCULATE, { input, names: wanted }).catch((error: unknown) => {
    throw placed(error, batch)
  })
  const byName = new Map(calculate.variables.map((column) => [column.name, column]))
  const results = names.outputs.map(({ ours }) => {
    const { unit, base64 } = byName.get(ours)!
    return { isMoney: unit === rules.currency, values: floatsOf(base64) }
  })
  const lines = batch.ids.map((id, unit) =>
    [field(id), ...results.map(({ isMoney, values }) => written(values[unit]!, isMoney))].join(','),
  )
  return { text: `${lines.join('\n')}\n`, batch }
}

// Bytes: of some hundred thousand numbers most of the work would else be to read and write them as text.
const base64Of = ({ buffer }: Float64Array) => Buffer.from(buffer).toString('base64')

function floatsOf(base64: string): Float64Array {
  const bytes = Buffer.from(base64, 'base64')
  const floats = new Float64Array(bytes.length / 8)
  new Uint8Array(floats.buffer).set(bytes)
  return floats
}

/** What the graph says of a value, with the place that it has in the file. */
function placed(error: unknown, { columns, lines }: Batch): unknown {
  if (!isQuesnayError(error)) return error
  const [, column, unit] = /^input\.columns\.(\d+)\.base64\.(\d+)$/.exec(String(error.detail['path'])) ?? []
  if (column === undefined || unit === undefined) return error
  const { header } = columns[Number(column)]!
  const line = lines[Number(unit)]!
  return new QuesnayError(error.code, `line ${line}, column ${header}: ${error.message}`, {
    ...error.detail,
    path: `csv:${line}:${header}`,
  })
}

function warn(path: string, unknown: readonly string[]): void {
  const finding = {
    severity: 'WARNING',
    code: 'CSV_COLUMN_UNKNOWN',
    path: nameOf(path),
    message: `nothing is read of ${unknown.join(', ')}`,
    suggestion: null,
  }
  process.stderr.write(printable(`${findingLine(finding)}\n`))
}
