// Faults of rule files: each says in which file it stands, and those of several files are told together.
import { canonicalName } from '../../../../compute/model/formula/ast.ts'
import { isQuesnayError, QuesnayError } from '../../../../schema/errors.ts'

interface Fault {
  readonly path?: string
  readonly message?: string
  readonly file?: string
}

/** What the work gives; its errors carry the file. */
export function inFile<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    throw new QuesnayError(error.code, `${file}: ${error.message}`, { ...error.detail, file })
  }
}

/** What the work gives for each file; where several fail the first error, with all in `detail.faults`. */
export function inEach<File extends { readonly path: string }, T>(
  files: readonly File[],
  work: (file: File) => T,
): (T & { readonly path: string })[] {
  const errors: QuesnayError[] = []
  const done = files.flatMap((file) => {
    try {
      return [{ ...inFile(file.path, () => work(file)), path: file.path }]
    } catch (error) {
      if (!isQuesnayError(error)) throw error
      errors.push(error)
      return []
    }
  })
  const [first] = errors
  if (!first) return done
  const faults = errors.map(({ message, detail }) => ({ ...detail, message }))
  throw new QuesnayError(first.code, `${first.message}${andMore(faults.length)}`, { ...first.detail, faults })
}

/** What the work on the whole gives; its faults say in which file the variable stands, by canonical name. */
export function inWhole<T>(fileOf: ReadonlyMap<string, string>, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    const found = (error.detail['faults'] ?? [{ ...error.detail, message: error.message }]) as readonly Fault[]
    const faults = found.map((fault) => ({ ...placeInWords(fault), ...fault, ...placeOf(fault, fileOf) }))
    const first = faults[0]!
    const shown = first.file === undefined ? error.message : `${first.file}: ${error.message}`
    throw new QuesnayError(error.code, shown, { ...error.detail, ...first, faults })
  }
}

/** The file of a variable, or of one element of it. */
function placeOf({ path = '' }: Fault, fileOf: ReadonlyMap<string, string>): Pick<Fault, 'file'> {
  const file = fileOf.get(canonicalName(path.replace(/\[.*$/, '')))
  return file === undefined ? {} : { file }
}

/** Faults in units say their place in words alone. */
function placeInWords({ message = '' }: Fault) {
  const [, line, column] = /(?:^|: )line (\d+), column (\d+): /.exec(message) ?? []
  return line === undefined ? {} : { line: Number(line), column: Number(column) }
}

const andMore = (count: number) => (count > 1 ? ` (and ${count - 1} more)` : '')
