// quesnay model: checks a model file, or writes it in another form, without running it.
import type { GraphClient } from '../client.ts'
import type { ModelFile } from '../model-file.ts'
import { describeFindings } from '../output/findings.ts'
import { printable } from '../output/printable.ts'
import { table } from '../output/table.ts'
import { uploadModel } from '../upload-model.ts'
import { writeOut } from '../write-file.ts'

interface Checked {
  readonly name: string
  readonly format: string
  readonly hash: string
  readonly outputCount: number
  readonly time: { start: number; stop: number; dt: number; method: string; unit: string } | null
  readonly variables: {
    readonly totalCount: number
    readonly edges: readonly { readonly node: { name: string; kind: string; unit: string | null } }[]
  }
}

const CHECKED = `model {
  name format hash outputCount time { start stop dt steps method unit }
  variables(first: 500) { totalCount edges { node { name kind unit doc dimensions } } }
}`

/** Prints what the model holds and what is worth knowing of it. Throws its first fault, with the place in the file. */
export async function checkModel(client: GraphClient, file: ModelFile, json: boolean): Promise<void> {
  const outcome = await uploadModel(client, file, { dryRun: true }, CHECKED)
  if (json) return void process.stdout.write(`${JSON.stringify(outcome)}\n`)
  const { findings } = outcome
  const text = [describe(outcome['model'] as Checked), describeFindings(findings), 'it can be run']
  process.stdout.write(printable(`${text.filter((part) => part !== '').join('\n\n')}\n`))
}

function describe({ name, format, outputCount, time, variables: { totalCount, edges } }: Checked): string {
  const span = time
    ? `${`time ${time.start} to ${time.stop} by ${time.dt} ${time.unit}`.trimEnd()}, ${time.method}`
    : 'no time'
  const rows = edges.map(({ node: { name: variable, kind, unit } }) => [variable, kind.toLowerCase(), unit])
  return [
    `${name} (${format}): ${totalCount} variables, ${outputCount} saved values, ${span}`,
    '',
    table(['variable', 'kind', 'unit'], rows),
    ...(totalCount > rows.length ? [`${totalCount - rows.length} more variables`] : []),
  ].join('\n')
}

/** Writes the model as XMILE to a file or standard output. CONSTRUCT_UNSUPPORTED where XMILE cannot say it. */
export async function convertModel(client: GraphClient, file: ModelFile, out?: string): Promise<void> {
  const { model } = await uploadModel(client, file, { dryRun: true }, 'model { xmile }')
  const { xmile } = model as { xmile: string }
  if (out === undefined) return void process.stdout.write(xmile)
  writeOut(out, xmile)
}
