// How deeply a YAML text nests, found without recursion: the YAML library walks by recursion, and near the end of the stack V8 may
// end the whole process where it should throw (it compiles a regular expression there and reports no memory).
import { Lexer, Parser } from 'yaml'

/** More than any file of ours has, and far from the end of a stack of Node's default size (measured: at about 780 levels). */
export const MAX_YAML_DEPTH = 200

/** Whether collections stand in one another more deeply than that; stops there. Texts that are no YAML are walked all the same. */
export function nestsTooDeeply(text: string, most = MAX_YAML_DEPTH): boolean {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    for (const _token of parser.next(lexeme)) {
      // A whole document: what is in it has been seen.
    }
    // The document and a scalar are on the stack too.
    if (parser.stack.length > most + 2) return true
  }
  return false
}
