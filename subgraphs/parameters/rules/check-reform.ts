// Checks the changes of a reform against the tree they change: faults are thrown together, doubts are findings.
import { QuesnayError, toWireError } from '../../../schema/errors.ts'
import { convert } from '../../../schema/units.ts'
import type { Finding } from '../../shared/types.ts'
import { fallingLimit, fallingText } from './check-scales.ts'
import { firstDay, lastDay } from './dates.ts'
import { doubtsAbout, type RulesOver } from './doubts.ts'
import { type NamedCell, namedCell } from './named-cell.ts'
import { nearbyId } from './nearby-ids.ts'
import { LAST_DAY, type ReformChange } from './overlay.ts'
import { limitsOf } from './scale.ts'
import type { Parameter, Tree } from './tree.ts'
import { cellsOf } from './vector.ts'

/** A change as a person writes it: one `value` for every cell (or for one `cell`, `status` or number of `children`), or all `values`. */
export interface ChangeInput extends NamedCell {
  readonly parameter: string
  readonly from: string
  readonly to?: string | null | undefined
  readonly value?: number | null | undefined
  readonly values?: readonly number[] | null | undefined
  readonly unit: string
}

export const MAX_CHANGES = 200

/**
 * The changes in the parameters' own units, with the findings about them. `rules`: all rule sets over the tree.
 * Errors, each with `path` and `suggestion`, and with `faults` listing all where there are several:
 * NOT_FOUND (parameter), UNIT_MISMATCH, BAD_INPUT (dates, numbers, cells, brackets that no longer rise), LIMIT_EXCEEDED.
 */
export function checkReform(
  tree: Tree,
  inputs: readonly ChangeInput[],
  rules: readonly RulesOver[],
): { changes: ReformChange[]; findings: Finding[] } {
  if (inputs.length === 0)
    throw wrong('input.changes', 'a reform changes at least one parameter', 'list a change of a parameter')
  if (inputs.length > MAX_CHANGES)
    throw new QuesnayError('LIMIT_EXCEEDED', `${inputs.length} changes; at most ${MAX_CHANGES} make a reform`, {
      path: 'input.changes',
      limit: MAX_CHANGES,
      suggestion: 'split it into several reforms',
    })
  const faults: unknown[] = []
  const parameters = new Map(tree.parameters.map((parameter) => [parameter.id, parameter]))
  const changes = inputs.map((input, i) => {
    try {
      return readChange(parameters, input, `input.changes.${i}`)
    } catch (error) {
      faults.push(error)
      return undefined
    }
  })
  throwTogether(faults)
  const checked = changes.filter((change) => change !== undefined)
  assertRising(tree, checked, (i) => `input.changes.${i}`)
  return { changes: checked, findings: doubtsAbout(tree, checked, inputs, rules) }
}

function readChange(parameters: ReadonlyMap<string, Parameter>, input: ChangeInput, path: string): ReformChange {
  const parameter = parameters.get(input.parameter)
  if (!parameter) throw unknownParameter(input.parameter, [...parameters.keys()], `${path}.parameter`)
  if (parameter.kind === 'TEXT' || parameter.kind === 'LIST')
    throw wrong(`${path}.parameter`, `${parameter.id} is no number`, 'a reform changes numbers, rates and yes or no')
  const from = firstDay(input.from, `${path}.from`)
  const last = input.to == null ? null : lastDay(input.to, `${path}.to`)
  const to = last === LAST_DAY ? null : last
  if (to !== null && to < from)
    throw wrong(
      `${path}.to`,
      `the change ends on ${to}, before it starts on ${from}`,
      'give a later last day, or none for good',
    )
  const cells = readCells(parameter, input, path)
  const values = cells.map((value, i) => {
    if (value === null) return null
    if (!Number.isFinite(value))
      throw wrong(`${path}.value`, `value ${i + 1} is not a finite number`, 'give a finite number')
    return convert(value, input.unit, parameter.unit, `${path}.unit`)
  })
  if (parameter.kind === 'BOOLEAN' && values.some((value) => value !== null && value !== 0 && value !== 1))
    throw wrong(`${path}.value`, `${parameter.id} is yes or no`, 'give 1 for yes or 0 for no')
  return { parameter: parameter.id, from, to, values }
}

/** NOT_FOUND with the id that is spelt most alike. */
export function unknownParameter(id: string, ids: readonly string[], path: string): QuesnayError {
  const like = nearbyId(id, ids)
  return new QuesnayError('NOT_FOUND', `there is no parameter "${id.slice(0, 120)}"`, {
    path,
    suggestion: like ? `did you mean "${like}"?` : 'list them with parameters(prefix: "...")',
  })
}

/** One number per cell in the unit given; null where the law's value stays. */
function readCells(parameter: Parameter, input: ChangeInput, path: string): (number | null)[] {
  const cells = cellsOf(parameter)
  const { value, values } = input
  if ((value == null) === (values == null))
    throw wrong(path, 'give either value or values', `give value, or values for ${cells.join(', ')}`)
  const place = namedCell(parameter, input, path)
  if (values != null) {
    if (place !== undefined)
      throw wrong(path, 'values gives every cell already', 'give value for one cell, or values without its name')
    if (values.length !== cells.length)
      throw wrong(
        `${path}.values`,
        `${values.length} values where ${cells.length} are wanted`,
        `give values for ${cells.join(', ')}`,
      )
    return [...values]
  }
  return cells.map((_, i) => (place === undefined || i === place ? value! : null))
}

/** BAD_INPUT at the change that touches a scale whose limits would fall on some day; `pathOf` a change, by its position. */
export function assertRising(
  tree: Pick<Tree, 'parameters' | 'scales'>,
  changes: readonly ReformChange[],
  pathOf: (change: number) => string,
): void {
  const parameters = new Map(tree.parameters.map((parameter) => [parameter.id, parameter]))
  for (const scale of tree.scales) {
    const limits = limitsOf(scale)
    const touching = changes.findIndex((change) => limits.includes(change.parameter))
    const falling = touching < 0 ? undefined : fallingLimit(scale, (id) => parameters.get(id), changes)
    if (falling)
      throw wrong(pathOf(touching), fallingText(scale, falling), `change ${falling.upper} along with ${falling.lower}`)
  }
}

function throwTogether(faults: readonly unknown[]): void {
  if (faults.length === 0) return
  const wires = faults.map(toWireError)
  const first = wires[0]!
  if (wires.some((wire) => wire.code === 'INTERNAL')) throw faults[0]
  if (wires.length === 1) throw faults[0]
  throw new QuesnayError(first.code, `${first.message} (and ${wires.length - 1} more faults)`, {
    ...first.detail,
    faults: wires.map(({ code, message, detail }) => ({ code, message, ...detail })),
  })
}

const wrong = (path: string, message: string, suggestion: string) =>
  new QuesnayError('BAD_INPUT', message, { path, suggestion })
