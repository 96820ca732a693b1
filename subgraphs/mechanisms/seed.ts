// The bank that Quesnay ships: read from data/, checked like any import, and stored where a tenant has none yet.
import { readFile } from 'node:fs/promises'
import type { Clock } from '../../infra/clock.ts'
import { packageFile } from '../../infra/paths.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { rowsOf } from './rules/bank-rows.ts'
import { type ReadBank, readBank } from './rules/read-bank.ts'
import type { MechanismsStore } from './store.ts'

/** Ids of the banks under data/, by file; told here so that a start with the bank in place reads no file. */
export const SHIPPED: Readonly<Record<string, string>> = { 'us-health.yaml': 'us-health@1.0.0' }

export async function readShipped(file: string): Promise<ReadBank> {
  return readBank([{ path: file, text: await readFile(packageFile('subgraphs', 'mechanisms', 'data', file), 'utf8') }])
}

/** Stores the shipped banks that the tenant does not have; safe at every start and for several processes at once. */
export async function seedMechanisms(store: MechanismsStore, clock: Clock, tenant: string): Promise<void> {
  const standing = new Set((await store.banks(tenant, Object.values(SHIPPED))).map((bank) => bank.id))
  for (const [file, id] of Object.entries(SHIPPED)) {
    if (standing.has(id)) continue
    const { bank, findings } = await readShipped(file)
    if (!bank) throw new QuesnayError('INTERNAL', `the shipped file ${file} has faults`, { findings })
    await store.insertBank(rowsOf(bank, findings, tenant, new Date(clock.now())))
  }
}
