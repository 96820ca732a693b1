// A result as an Arrow IPC stream: f64 columns with their units; where it comes from stands in the schema's metadata.
import { type ResultFile, resultColumns } from './result-columns.ts'

export async function resultArrow({ run, results }: ResultFile): Promise<Uint8Array> {
  // Takes a tenth of a second to load, which only this needs.
  const { Field, Float64, makeVector, Schema, Table, tableToIPC } = await import('apache-arrow')
  const { draws } = results
  const columns = resultColumns(results)
  const { planHash = '', seed = '', engineVersion = '' } = run.provenance ?? {}
  const about = { run: run.id, resultHash: run.resultHash ?? '', planHash, seed, engineVersion, draws: String(draws) }
  const type = new Float64()
  const fields = columns.map(({ name, unit }) => new Field(name, type, false, new Map([['unit', unit]])))
  const schema = new Schema(fields, new Map(Object.entries(about)))
  // By place: an object would put names that are whole numbers first.
  const vectors = columns.map(({ values }, i) => [i, makeVector(Float64Array.from(values))])
  return tableToIPC(new Table(schema, Object.fromEntries(vectors)), 'stream')
}
