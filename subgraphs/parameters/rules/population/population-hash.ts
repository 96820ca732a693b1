// The identity of a data set.
import { sha256 } from '../../../../schema/hash.ts'

/** SHA-256 over the names and the bytes (little-endian f64) of the columns, in the order of the names. */
export function populationHash(columns: Readonly<Record<string, Float64Array>>): string {
  const names = Object.keys(columns).sort()
  return versionOf(names.map((name) => ({ name, sha256: sha256(bytesOfColumn(columns[name]!)) })))
}

/** The same of columns whose hashes are known. */
export function versionOf(columns: readonly { readonly name: string; readonly sha256: string }[]): string {
  const sorted = [...columns].sort((a, b) => (a.name < b.name ? -1 : 1))
  return sha256(sorted.map(({ name, sha256: hash }) => `${name} ${hash}`).join('\n'))
}

/** The bytes of a column, without a copy. Every host of Node is little-endian. */
export function bytesOfColumn(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
