// Gathers what is wrong with a write: findings of severity ERROR, from checks and from what they throw.
import { toWireError } from '../../../../schema/errors.ts'
import type { Finding } from '../../../shared/types.ts'

export class Faults {
  readonly findings: Finding[] = []

  add(path: string, code: string, message: string, suggestion: string): void {
    this.findings.push({ severity: 'ERROR', code, path, message, suggestion })
  }

  /** What the work gives; undefined with a finding where it throws one of our errors, at the path that the error names or (`always`) at the one given. */
  attempt<T>(path: string, work: () => T, always = false): T | undefined {
    try {
      return work()
    } catch (error) {
      const { code, message, detail } = toWireError(error)
      if (code === 'INTERNAL') throw error
      this.add(always ? path : String(detail['path'] ?? path), code, message, String(detail['suggestion'] ?? 'mend it'))
      return undefined
    }
  }

  get none(): boolean {
    return this.findings.length === 0
  }
}
