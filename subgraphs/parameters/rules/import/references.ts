// References of parameters and values: texts, links, `{ title, href }`, lists of them, and lists by date.
import type { Reference } from '../tree.ts'
import { dayOf, isDateLike } from './instant.ts'

const LINK = /^https?:\/\//

export interface ReadReferences {
  readonly references: readonly Reference[]
  /** Titles are called name, or links url. */
  readonly otherNames: boolean
  /** More was said than a title and a link: the form has to be kept to be written again. */
  readonly more: boolean
}

/** Every title and link in a `reference`, in its order. */
export function readReferences(raw: unknown): ReadReferences {
  const found: { references: Reference[]; otherNames: boolean; more: boolean } = {
    references: [],
    otherNames: false,
    more: false,
  }
  collect(raw, found)
  return found
}

function collect(raw: unknown, found: { references: Reference[]; otherNames: boolean; more: boolean }): void {
  if (raw === null || raw === undefined) return
  if (Array.isArray(raw)) {
    for (const item of raw) collect(item, found)
    return
  }
  if (typeof raw !== 'object') {
    const text = String(raw)
    if (text.trim() === '') return
    found.references.push(LINK.test(text) ? { title: text, href: text } : { title: text })
    return
  }
  const { title, href, name, url, ...rest } = raw as Record<string, unknown>
  const head = textOf(title) ?? textOf(name)
  const link = textOf(href) ?? textOf(url) ?? (head !== undefined && LINK.test(head) ? head : undefined)
  if (head === undefined && link === undefined) {
    // By date, or something else.
    found.more = true
    for (const member of Object.values(rest)) collect(member, found)
    return
  }
  if (name !== undefined || url !== undefined) found.otherNames = true
  if (Object.keys(rest).length > 0) found.more = true
  found.references.push({ title: head ?? link!, ...(link === undefined ? {} : { href: link }) })
}

const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value : undefined)

/** The titles as one text; undefined where there are none. */
export function referenceText(raw: unknown): string | undefined {
  const { references } = readReferences(raw)
  return references.length === 0 ? undefined : references.map(({ title }) => title).join('; ')
}

/** A reference for each of several days, where that is its form. */
export function referencesByDay(raw: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined
  const keys = Object.keys(raw)
  if (keys.length === 0 || !keys.every(isDateLike)) return undefined
  return new Map(keys.map((key) => [dayOf(key) ?? key, (raw as Record<string, unknown>)[key]]))
}
