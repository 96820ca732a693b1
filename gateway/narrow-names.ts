// The names of a schema as V8 keeps them: one byte a character.
import { type DocumentNode, visit } from 'graphql'

const kept = new WeakMap<object, Readonly<Record<string, true>>>()

/**
 * V8 has one copy of each name that is a key of an object, and the copy stays as wide as it came first: two bytes a character where
 * it was cut from a text that has a character beyond Latin-1 anywhere (a dash in a description, an arrow in what the planner's library
 * notes). One such key in an answer makes all of its JSON two bytes wide, which takes twice the memory and several times as long to send.
 *
 * To be called before anything else reads the names of the document; they stay narrow for as long as `holder` is kept.
 */
export function keepNamesNarrow(document: DocumentNode, holder: object): void {
  const names: Record<string, true> = Object.create(null)
  visit(document, {
    Name: ({ value }) => {
      names[narrow(value)] = true
    },
  })
  kept.set(holder, names)
}

/** A copy of a name, one byte a character: names are letters, digits and underscores (GraphQL specification 2.1.9). */
const narrow = (name: string): string => Buffer.from(name, 'latin1').toString('latin1')
