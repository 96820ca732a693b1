// Variables, and the body around them: names that every object has, numbers that are none, depth, and JSON that is no request.
import fc from 'fast-check'
import { assertAnswer } from '../assert-answer.ts'
import { type Fuzz, settings } from '../surface.ts'

const QUERY =
  'query ($id: ID = "a", $f: Filter, $n: Int, $any: Anything) { thing(id: $id) { price } things(filter: $f, first: $n) { id } echo(any: $any) }'

const name = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'id',
  'f',
  'n',
  'any',
  'and',
  'min',
  'max',
  'text',
  'size',
  '',
)
/** Texts of JSON values, among them some that JSON.parse makes Infinity of. */
const leaf = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    '1e999',
    '-1e999',
    '9007199254740993',
    '2147483648',
    '-0',
    '1e-400',
    '""',
    '"NaN"',
    '"M"',
    '"\\u0000"',
    '"\\ud800"',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text)),
  fc.double().map((value) => JSON.stringify(value) ?? 'null'),
)
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }).map((members) => `[${members.join(',')}]`),
    fc.array(fc.tuple(name, tie('json')), { maxLength: 4 }).map(objectOf),
  ),
}))
const deep = fc
  .tuple(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom(['[', ']'], ['{"and":[', ']}'], ['{"__proto__":', '}']))
  .map(([n, [open, close]]) => `${open!.repeat(n)}null${close!.repeat(n)}`)

function objectOf(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`
}

const variables = fc.oneof(
  { weight: 8, arbitrary: fc.array(fc.tuple(name, json), { maxLength: 5 }).map(objectOf) },
  { weight: 1, arbitrary: fc.tuple(name, deep).map((member) => objectOf([member])) },
  { weight: 1, arbitrary: json },
)
const body = fc.oneof(
  { weight: 8, arbitrary: variables.map((given) => `{"query":${JSON.stringify(QUERY)},"variables":${given}}`) },
  { weight: 1, arbitrary: json },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom('query', 'variables', 'operationName', 'extensions', 'id', '__proto__'), json), {
        maxLength: 4,
      })
      .map(objectOf),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
)

export const variablesAndBodies: Fuzz = async (options) => {
  const { target } = options
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      const reply = await target.post(text)
      // What is no request at all is refused by the status, whatever else it says.
      if (reply.status !== 413) assertAnswer(reply)
      if (Object.hasOwn(Object.prototype, 'and')) throw new Error('a prototype was changed')
    }),
    settings(options),
  )
}
