// Compiles a stored bank once: the model goes to the fleet's blobs, its hash is kept.
import type { Dispatch } from '../../compute/dispatch/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { canonicalJson } from '../../schema/hash.ts'
import { networkOf } from './rules/bank-rows.ts'
import { COMPILER, compileBank } from './rules/compile-bank.ts'
import type { CompiledModelRow } from './store/rows.ts'
import type { MechanismsStore } from './store.ts'

/** @throws NOT_FOUND for an unknown bank; MODEL_INVALID where nothing in it can be simulated */
export async function compileStored(
  store: MechanismsStore,
  dispatch: Dispatch,
  tenant: string,
  bankId: string,
): Promise<CompiledModelRow> {
  const [bank] = await store.banks(tenant, [bankId])
  if (!bank) throw noBank(bankId, 'id')
  const compiled = compileBank(networkOf(bank, await store.network(tenant, bankId)))
  const row = {
    tenant,
    bankId,
    compiler: COMPILER,
    hash: await dispatch.saveBlob(tenant, new TextEncoder().encode(canonicalJson(compiled.model))),
    variables: compiled.model.variables.length,
    stocks: compiled.stocks,
    mechanisms: compiled.mechanisms,
    findings: compiled.findings,
  }
  await store.saveCompiledModel(row)
  return row
}

export function noBank(id: string, path: string): QuesnayError {
  return new QuesnayError('NOT_FOUND', `no bank "${id}"`, { path, suggestion: 'list them with mechanismBanks' })
}
