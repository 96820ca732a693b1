// Ids that people choose.
import { QuesnayError } from '../errors.ts'

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/

/** Returns the id; BAD_INPUT where it is not 1 to 63 lower-case letters, digits and hyphens. */
export function assertSlug(id: string, path: string): string {
  if (SLUG.test(id)) return id
  throw new QuesnayError('BAD_INPUT', `${path} must be lower-case letters, digits and hyphens, at most 63`, {
    path,
    suggestion:
      id
        .toLowerCase()
        .replace(/[^a-z0-9-]+/g, '-')
        .replace(/^-+/, '')
        .slice(0, 63) || 'my-scenario',
  })
}
