// Lists of codes: the numbers that texts in a data set stand for, such as names of states.
import { parse } from 'yaml'

export interface Code {
  readonly value: number
  readonly texts: readonly string[]
}

export interface CodeList<C extends Code = Code> {
  readonly id: string
  readonly title: string
  readonly codes: readonly C[]
}

/** Numbers by text; case and blanks around do not count. */
export type Codes = ReadonlyMap<string, number>

export const textKey = (text: string): string => text.trim().toLowerCase()

/** The list in a YAML file of ours (data/codes). More that stands beside a code is kept. */
export const readCodeList = <C extends Code = Code>(text: string): CodeList<C> => parse(text) as CodeList<C>

export function codesOf(codes: readonly Code[]): Codes {
  return new Map(codes.flatMap(({ value, texts }) => texts.map((text) => [textKey(text), value] as const)))
}
