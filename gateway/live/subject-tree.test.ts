// Patterns as a tree: an event finds the listeners whose pattern matches, as the bus itself would match them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matches } from '../../infra/bus/subjects.ts'
import { SubjectTree } from './subject-tree.ts'

const word = fc.constantFrom('a', 'b', 'c')
const subject = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('.'))
const pattern = fc
  .tuple(fc.array(fc.oneof(word, fc.constant('*')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([words, rest]) => [...words, ...(rest ? ['>'] : [])].join('.'))

describe('a tree of subjects', () => {
  it('finds whoever the bus would find, also after others have left', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), fc.array(fc.nat(11)), subject, (patterns, leaving, event) => {
        const tree = new SubjectTree<number>()
        for (const [listener, each] of patterns.entries()) tree.add(each, listener)
        for (const listener of leaving) if (patterns[listener]) tree.remove(patterns[listener], listener)
        const left = patterns.flatMap((each, listener) =>
          leaving.includes(listener) ? [] : [[each, listener] as const],
        )
        const wanted = left.filter(([each]) => matches(each, event)).map(([, listener]) => listener)
        expect(tree.matching(event).sort()).toEqual(wanted.sort())
        expect(tree.size).toBe(left.length)
        expect(tree.all()).toHaveLength(left.length)
      }),
    )
  })

  it('does nothing for a listener that is not there', () => {
    const tree = new SubjectTree<string>()
    tree.add('a.*', 'one')
    tree.remove('a.b', 'one')
    tree.remove('a.*', 'two')
    expect(tree.matching('a.b')).toEqual(['one'])
  })
})
