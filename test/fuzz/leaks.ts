// What may stand in no answer: where our code lies, what it is made of, what it asks of others.
const INTERNALS: readonly RegExp[] = [
  /\n\s+at .+:\d+:\d+/,
  /node_modules|node:internal|file:\/\/|\/(?:dist|gateway|infra)\/|\.[cm]?[jt]s:\d+/,
  /\b(?:TypeError|RangeError|ReferenceError|AssertionError)\b/,
  /Cannot (?:read|set) propert|is not a function|is not iterable|Maximum call stack|\[object Object\]/,
  /SELECT .* FROM|ECONNREFUSED|EPIPE|ENOENT/,
  /@apollo\/|graphql-(?:http|ws|sse|jit)|type-graphql|undici/,
]

/** Throws where a text tells of what is inside. */
export function assertTight(text: string): void {
  const found = INTERNALS.find((pattern) => pattern.test(text))
  if (found) throw new Error(`the answer tells of what is inside (${found}): ${text.slice(0, 500)}`)
}
