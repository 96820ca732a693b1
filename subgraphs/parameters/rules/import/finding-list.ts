// Findings of an import, bounded: of each kind every one is counted, and the first few thousand are kept.
import type { Finding, Severity } from '../../../shared/types.ts'

const MOST_KEPT = 5_000

export interface FindingCount {
  readonly severity: Severity
  readonly code: string
  readonly count: number
}

const GRAVITY: readonly Severity[] = ['ERROR', 'WARNING', 'INFO']

export class FindingList {
  /** Keys under `metadata` that one kind of tree does not know, to be judged when the kind is known. */
  readonly metadataKeys: { readonly key: string; readonly place: string }[] = []
  readonly #kept: Finding[] = []
  readonly #counts = new Map<string, { severity: Severity; code: string; count: number }>()

  add(finding: Finding): void {
    const { severity, code } = finding
    const key = `${GRAVITY.indexOf(severity)} ${code}`
    const known = this.#counts.get(key)
    if (known) known.count++
    else this.#counts.set(key, { severity, code, count: 1 })
    if ((known?.count ?? 1) <= MOST_KEPT) this.#kept.push(finding)
  }

  error(code: string, path: string, message: string, suggestion: string): void {
    this.add({ severity: 'ERROR', code, path, message, suggestion })
  }

  warn(code: string, path: string, message: string, suggestion: string): void {
    this.add({ severity: 'WARNING', code, path, message, suggestion })
  }

  info(code: string, path: string, message: string, suggestion: string): void {
    this.add({ severity: 'INFO', code, path, message, suggestion })
  }

  /** True where the import must change nothing. */
  get faulty(): boolean {
    return [...this.#counts.values()].some(({ severity }) => severity === 'ERROR')
  }

  /** In the order in which they were found. */
  get all(): readonly Finding[] {
    return this.#kept
  }

  /** By gravity, then by code; those that were not kept count too. */
  get counts(): FindingCount[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count)
  }
}
