import { describe, expect, it } from 'vitest'
import { namedCell } from './named-cell.ts'
import { cellsOf, differingBy, faultsOfVector, placeOfCell, vectorName } from './vector.ts'

const vectors = { NATION: ['england', 'wales'] }

describe('differingBy', () => {
  it('knows the vectors of every tree and those that a tree names', () => {
    expect(differingBy('CHILDREN', vectors)).toEqual({ by: 'CHILDREN' })
    expect(differingBy('NATION', vectors)).toEqual({ by: 'OWN', vector: { name: 'NATION', cells: vectors.NATION } })
  })

  it('is undefined for a name that is none, OWN among them', () => {
    for (const name of ['REGION', 'OWN', 'toString']) expect(differingBy(name, vectors), name).toBeUndefined()
    expect(differingBy('NATION')).toBeUndefined()
  })
})

describe('the cells of a parameter', () => {
  it('are those of its vector', () => {
    expect(cellsOf({ by: 'NONE' })).toEqual(['ALL'])
    expect(cellsOf({ by: 'CHILDREN' })).toEqual(['0', '1', '2', '3'])
    const own = differingBy('NATION', vectors)!
    expect([vectorName(own), cellsOf(own)]).toEqual(['NATION', vectors.NATION])
  })

  it('are found by their names in any case', () => {
    expect(['Wales', ' england ', 'scotland'].map((name) => placeOfCell(vectors.NATION, name))).toEqual([1, 0, -1])
  })
})

describe('a vector that a tree names', () => {
  it.each([
    ['in small letters', 'nation', ['a', 'b'], 'the name is not in capitals'],
    ['like one that every tree has', 'CHILDREN', ['a'], 'CHILDREN has a meaning of its own'],
    ['without cells', 'NATION', [], 'there is no list of cells'],
    ['with a text for cells', 'NATION', 'england', 'there is no list of cells'],
    ['with a cell of two words', 'NATION', ['northern ireland'], 'the cell "northern ireland" is no word'],
    ['with a cell twice', 'NATION', ['wales', 'Wales'], 'the cell Wales stands twice'],
  ])('is at fault %s', (_, name, cells, fault) => {
    expect(faultsOfVector(name, cells)).toEqual([fault])
  })

  it('is without fault otherwise', () => {
    expect(faultsOfVector('NATION', vectors.NATION)).toEqual([])
  })
})

describe('namedCell', () => {
  const nation = { id: 'a.b', ...differingBy('NATION', vectors)! }
  const status = { id: 'a.c', by: 'FILING_STATUS' } as const

  it('finds a cell by its name, by status and by children', () => {
    expect(namedCell(nation, { cell: 'wales' }, 'at')).toBe(1)
    expect(namedCell(status, { cell: 'joint' }, 'at')).toBe(1)
    expect(namedCell(status, { status: 'JOINT' }, 'at')).toBe(1)
    expect(namedCell({ id: 'a.d', by: 'CHILDREN' }, { children: 0 }, 'at')).toBe(0)
    expect(namedCell(nation, {}, 'at')).toBeUndefined()
  })

  it.each([
    ['two names of a cell', status, { cell: 'joint', status: 'JOINT' }, 'at.status'],
    ['a status where there is none', nation, { status: 'JOINT' }, 'at.status'],
    ['children where they do not count', nation, { children: 1 }, 'at.children'],
    ['more children than there are cells for', { id: 'a.d', by: 'CHILDREN' }, { children: 4 }, 'at.children'],
    ['a cell that is none', nation, { cell: 'scotland' }, 'at.cell'],
    ['a cell where there is one value', { id: 'a.e', by: 'NONE' }, { cell: 'wales' }, 'at.cell'],
  ] as const)('refuses %s', (_, parameter, named, path) => {
    expect(() => namedCell(parameter, named, 'at')).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        detail: { path, suggestion: expect.stringMatching(/\w/) },
      }),
    )
  })
})
