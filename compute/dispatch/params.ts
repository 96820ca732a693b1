// The parameters of a job as they are stored: a plan by its hash, so that every question that is asked of it shares one copy.
import type { Bytes } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { canonicalJson, sha256 } from '../../schema/hash.ts'
import type { Plan, PlanBinding } from '../model/plan.ts'
import { loadBlob } from './blobs.ts'

/** `plan`: SHA-256 of its canonical JSON, a blob of the same tenant. Parameters that were stored before hold the plan itself. */
export type StoredParams = Omit<PlanBinding, 'plan'> & { readonly plan: string | Plan }

export function encodeParams(binding: PlanBinding, planHash: string): Uint8Array {
  return new TextEncoder().encode(canonicalJson({ ...binding, plan: planHash }))
}

/** Reads JSON that is known by its hash, and how many bytes it has. NOT_FOUND; INTERNAL where its bytes have another hash. */
export async function loadJson<T>(store: Bytes, tenant: string, hash: string): Promise<{ value: T; bytes: number }> {
  const bytes = await loadBlob(store, tenant, hash)
  if (sha256(bytes) !== hash) throw new QuesnayError('INTERNAL', `the stored parameters ${hash} are damaged`, { hash })
  return { value: JSON.parse(new TextDecoder().decode(bytes)) as T, bytes: bytes.byteLength }
}

/** The binding of stored parameters. Errors: as loadJson. */
export async function loadBinding(store: Bytes, tenant: string, hash: string): Promise<PlanBinding> {
  const { value } = await loadJson<StoredParams>(store, tenant, hash)
  const plan = typeof value.plan === 'string' ? (await loadJson<Plan>(store, tenant, value.plan)).value : value.plan
  return { ...value, plan }
}
