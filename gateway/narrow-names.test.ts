// That the JSON of an answer takes one byte a character, whatever texts its names were cut from.
import { serialize } from 'node:v8'
import { parse } from 'graphql'
import { expect, it } from 'vitest'
import { keepNamesNarrow } from './narrow-names.ts'

/** The tag that V8's own format gives a string: `"` where it holds one byte a character, `c` where it holds two. */
const isNarrow = (text: string) => !serialize(text).subarray(0, 4).includes('c')

/** A type whose name and field stand in no other text of this process: V8 has not met them. */
const sdlOf = (n: number) =>
  `"A type – with a dash." type ${['Wide', n].join('Type')} { ${['wide', n].join('field')}: Int }`

/** JSON of an object whose key was cut from the text, as a parser cuts it. */
function jsonOf(sdl: string): string {
  const start = sdl.indexOf('{ ') + 2
  const object: Record<string, number> = {}
  object[sdl.slice(start, sdl.indexOf(':', start))] = 1
  return JSON.stringify(object)
}

it('a name that comes first from a text with a dash makes JSON wide', () => {
  expect(isNarrow(jsonOf(sdlOf(1)))).toBe(false)
})

it('a name that is kept narrow does not', () => {
  const holder = {}
  const sdl = sdlOf(2)
  keepNamesNarrow(parse(sdl), holder)
  const json = jsonOf(sdl)
  expect(json).toBe('{"widefield2":1}')
  expect(isNarrow(json)).toBe(true)
  expect(holder).toBeDefined()
})
