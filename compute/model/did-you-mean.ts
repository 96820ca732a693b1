// The suggestion of a fault whose name or word is not known.
import { nearest } from '../../schema/nearest.ts'

/** The sentence `did you mean "X"?` with the candidate that is most like a misspelt name, as it is shown; undefined where none is. */
export function didYouMean(
  name: string,
  candidates: Iterable<string>,
  show: (name: string) => string = (candidate) => candidate,
): string | undefined {
  const like = nearest(name, candidates)
  return like === undefined ? undefined : `did you mean "${show(like)}"?`
}
