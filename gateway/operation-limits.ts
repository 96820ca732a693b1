// What an operation may not hold: more than planning is worth, text that cannot be stored, numbers that are none.
import { type DocumentNode, type GraphQLError, Kind, type SelectionSetNode, visit } from 'graphql'
import { wireError } from './errors.ts'

/** Words and signs of a text; a long import is one of them. GraphiQL's introspection takes some 400. */
export const MAX_TOKENS = 20_000
/** Fields of a document with its fragments spread out: planning takes a quarter of a millisecond for each. */
export const MAX_FIELDS = 2_000

/** NUL, and half of a surrogate pair: PostgreSQL stores neither in text nor in JSON. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** LIMIT_EXCEEDED for a text of too many tokens. */
export function tooManyTokens(): GraphQLError {
  return tooLarge('words and signs', MAX_TOKENS, 'give long lists as variables')
}

/** What a parsed operation may not hold; it may still be invalid. LIMIT_EXCEEDED (fields), BAD_INPUT (its literals). */
export function checkOperation(document: DocumentNode): readonly GraphQLError[] {
  if (countFields(document) > MAX_FIELDS)
    return [
      tooLarge('fields, those of fragments counted where they are spread', MAX_FIELDS, 'ask in several operations'),
    ]
  const faults: GraphQLError[] = []
  const number = ({ value }: { readonly value: string }) => {
    if (!Number.isFinite(Number(value))) faults.push(notFinite(value))
  }
  visit(document, {
    IntValue: number,
    FloatValue: number,
    StringValue({ value }) {
      if (UNSTORABLE.test(value)) faults.push(unstorable('query'))
    },
  })
  return faults.slice(0, 1)
}

/** BAD_INPUT for the first text among the variables that cannot be stored; `path` names it, as in variables.input.title. */
export function checkText(value: unknown, path: string): GraphQLError | undefined {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? unstorable(path) : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, member] of Object.entries(value)) {
    const fault = checkText(member, `${path}.${key}`)
    if (fault) return fault
  }
  return undefined
}

/** Every spread counts; a fragment within itself counts once, and is refused by the validation that follows. */
function countFields({ definitions }: DocumentNode): number {
  const fragments = new Map(
    definitions.flatMap((d) => (d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d.selectionSet] as const] : [])),
  )
  const known = new Map<string, number>()
  const ofFragment = (name: string): number => {
    const selections = fragments.get(name)
    const standing = known.get(name)
    if (standing !== undefined || !selections) return standing ?? 0
    known.set(name, 0)
    const count = ofSelections(selections)
    known.set(name, count)
    return count
  }
  const ofSelections = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + ofFragment(selection.name.value)
      const within = selection.selectionSet ? ofSelections(selection.selectionSet) : 0
      return sum + within + (selection.kind === Kind.FIELD ? 1 : 0)
    }, 0)
  return definitions.reduce(
    (sum, d) => sum + (d.kind === Kind.OPERATION_DEFINITION ? ofSelections(d.selectionSet) : 0),
    0,
  )
}

function tooLarge(what: string, limit: number, suggestion: string): GraphQLError {
  return wireError('LIMIT_EXCEEDED', `the operation has more than ${limit} ${what}`, {
    path: 'query',
    limit,
    suggestion,
  })
}

const notFinite = (text: string) =>
  wireError('BAD_INPUT', `${text.slice(0, 40)} is beyond the numbers of 64 bits`, {
    path: 'query',
    suggestion: 'give a number below 1.8e308',
  })

const unstorable = (path: string) =>
  wireError('BAD_INPUT', `${path} holds a character that no text can hold: NUL, or half of a surrogate pair`, {
    path,
    suggestion: 'take it out',
  })
