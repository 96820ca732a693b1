// How names of variables compare where a person gives them.
import { canonicalName } from '../../../compute/model/formula/ast.ts'

/** As in a model, and spaces around the brackets and commas of an element do not count. */
export const nameKey = (name: string): string => canonicalName(name).replaceAll(/_?([[\],])_?/g, '$1')
