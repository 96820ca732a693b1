// Counts the statements that reach the database, to show that a list costs no query per item.
import type { Store } from '../../infra/store/port.ts'

export interface CountedStore {
  readonly store: Store
  /** Texts of the statements since the last call, in order. */
  take(): string[]
}

/** The same store, with every statement of its own and of its data sources noted. */
export function countSql(store: Store): CountedStore {
  let texts: string[] = []
  const counted: Store = {
    ...store,
    query: (text, values) => {
      texts.push(text)
      return store.query(text, values)
    },
    entities: async (targets) => {
      const source = await store.entities(targets)
      const create = source.createQueryRunner.bind(source)
      source.createQueryRunner = (mode) => {
        const runner = create(mode)
        const run = runner.query.bind(runner)
        runner.query = ((...args: Parameters<typeof run>) => {
          texts.push(args[0])
          return run(...args)
        }) as typeof runner.query
        return runner
      }
      return source
    },
  }
  const take = () => {
    const taken = texts
    texts = []
    return taken
  }
  return { store: counted, take }
}
