// What is told when data changes that gateways may have kept answers of: where it lies on the bus, and what it says.
import { eventSubject } from './events.ts'
import { subjects } from './jobs.ts'

/** Of one tenant's data. */
export const cacheChanged = (tenant: string): string => eventSubject(tenant, 'cache', 'changed')

/** What a gateway listens to, of all tenants: what is told for it, and every state that a run takes. */
export const CHANGES_HEARD: readonly string[] = ['qz.ev.*.cache.changed', subjects.event('*', '*', 'state')]

/** An object that is another now, by the type and id that the graph knows it by; without an id every object of the type. */
export interface ChangedObject {
  readonly type: string
  readonly id?: string | undefined
}

/** The body, as JSON. */
export interface CacheChange {
  /** `all`: anything of the tenant's may have changed. */
  readonly changed: 'all' | readonly ChangedObject[]
  /** Who says so, so that it need not hear it again. */
  readonly by?: string | undefined
}

export const encodeCacheChange = (change: CacheChange): Uint8Array => new TextEncoder().encode(JSON.stringify(change))

/** Whose data has changed, and what of it, by an event of one of CHANGES_HEARD. */
export function changeIn(subject: string, data: Uint8Array): CacheChange & { readonly tenant: string } {
  const [, , tenant = '', family, id] = subject.split('.')
  if (family === 'run') return { tenant, changed: [{ type: 'Run', id }] }
  return { tenant, ...decodeCacheChange(data) }
}

/** Anything may have changed where the bytes are no such change. */
function decodeCacheChange(data: Uint8Array): CacheChange {
  try {
    const body = JSON.parse(new TextDecoder().decode(data)) as Partial<CacheChange> | null
    if (Array.isArray(body?.changed) && body.changed.every((one) => typeof one?.type === 'string'))
      return { changed: body.changed, by: body.by }
    if (body?.changed === 'all') return { changed: 'all', by: body.by }
  } catch {
    // Told by somebody else, in another way.
  }
  return { changed: 'all' }
}
