// Checks what is to be written to a tree, all of it together: nothing is stored where a finding is an ERROR.
import type { Finding } from '../../../shared/types.ts'
import { fallingLimit, fallingText } from '../check-scales.ts'
import { indexationOrder } from '../indexation/index-tree.ts'
import { isBracketCount, limitsOf, MAX_BRACKETS, valuesOf } from '../scale.ts'
import type { Parameter, Scale, Tree, TreeFrame } from '../tree.ts'
import { Faults } from './faults.ts'
import type { ParameterInput, ScaleInput } from './inputs.ts'
import { readParameter, type Written } from './read-parameter.ts'

/** What stands, as far as the write touches it. */
export interface Standing {
  readonly tree: TreeFrame & Pick<Tree, 'source' | 'currency' | 'vectors'>
  /** The parameters that are given, and those of the scales that are given or touched. */
  readonly parameters: ReadonlyMap<string, Parameter>
  /** Every indexed parameter of the tree, for circles. */
  readonly indexed: readonly Pick<Parameter, 'id' | 'indexation'>[]
  /** Ids of the tree among those that an index is named by. */
  readonly indices: ReadonlySet<string>
  /** Ids given that cannot be new parameters, and why. */
  readonly blocked: ReadonlyMap<string, string>
}

export interface Checked {
  readonly written: readonly Written[]
  readonly scales: readonly Scale[]
  readonly findings: readonly Finding[]
}

/** Findings in the order of what is given; `today` is YYYY-MM-DD. */
export function checkWrite(
  standing: Standing,
  parameters: readonly ParameterInput[],
  scaleInputs: readonly ScaleInput[],
  today: string,
): Checked {
  const faults = new Faults()
  const findings: Finding[] = []
  const written: Written[] = []
  const seen = new Set<string>()
  if (standing.tree.from > standing.tree.to)
    faults.add(
      'input.to',
      'BAD_INPUT',
      `the tree would end on ${standing.tree.to}, before it begins on ${standing.tree.from}`,
      'give a later last day',
    )
  for (const [i, input] of parameters.entries()) {
    const path = `input.parameters.${i}`
    if (seen.has(input.id)) faults.add(`${path}.id`, 'DUPLICATE_ID', `${input.id} is given twice`, 'give it once')
    const why = standing.blocked.get(input.id)
    if (why !== undefined) faults.add(`${path}.id`, 'ID_TAKEN', why, 'choose another id')
    seen.add(input.id)
    const read = readParameter(standing.parameters.get(input.id), input, { path, today, ...standing.tree })
    findings.push(...read.findings, ...(read.written ? doubtsOf(standing.tree, read.written, path) : []))
    if (read.written) written.push(read.written)
  }
  const after = new Map([...standing.parameters, ...written.map(({ parameter }) => [parameter.id, parameter] as const)])
  const scales = scaleInputs.map(readScale)
  checkScales(
    [...standing.tree.scales.filter(({ id }) => !scales.some((scale) => scale.id === id)), ...scales],
    scales,
    after,
    seen,
    faults,
  )
  checkIndices(standing, written, faults)
  return { written, scales, findings: [...findings, ...faults.findings] }
}

const readScale = ({ id, label, kind, style, count, unit }: ScaleInput): Scale => ({
  id,
  label,
  kind,
  style,
  count,
  ...(unit == null ? {} : { unit }),
})

/** Scales that are given have all their parameters; those that are given or touched rise, and their rates are rates. */
function checkScales(
  all: readonly Scale[],
  given: readonly Scale[],
  after: ReadonlyMap<string, Parameter>,
  touched: ReadonlySet<string>,
  faults: Faults,
): void {
  for (const [i, { id, count, kind, style }] of given.entries()) {
    const path = `input.scales.${i}`
    if (!isBracketCount(count))
      faults.add(
        `${path}.count`,
        'BAD_INPUT',
        `${id} has ${count} brackets`,
        `give a whole number from 1 to ${MAX_BRACKETS}`,
      )
    if (style === 'TOPS' && kind !== 'MARGINAL_RATE')
      faults.add(`${path}.style`, 'BAD_INPUT', 'tops are for scales of marginal rates', 'give the style THRESHOLDS')
  }
  if (!faults.none) return
  for (const scale of all) {
    const parts = [...limitsOf(scale), ...valuesOf(scale)]
    const place = given.indexOf(scale)
    if (place < 0 && !parts.some((id) => touched.has(id))) continue
    const path = place < 0 ? 'input.parameters' : `input.scales.${place}`
    for (const id of parts)
      if (place >= 0 && !after.has(id))
        faults.add(path, 'MISSING', `the scale ${scale.id} lacks the parameter ${id}`, 'give it along')
    const falling = fallingLimit(scale, (id) => after.get(id))
    if (falling)
      faults.add(path, 'NOT_RISING', fallingText(scale, falling), `change ${falling.upper} along with ${falling.lower}`)
    for (const id of valuesOf(scale)) checkRates(scale, after.get(id), path, faults)
  }
}

/** A rate above 1 or below -1 takes more than all of what it is applied to. */
function checkRates({ kind }: Scale, parameter: Parameter | undefined, path: string, faults: Faults): void {
  if (!parameter || (kind !== 'MARGINAL_RATE' && kind !== 'AVERAGE_RATE')) return
  const odd = parameter.values.flatMap((value) => value.values).find((rate) => Math.abs(rate) > 1)
  if (odd !== undefined && parameter.unit === 'fraction')
    faults.add(
      path,
      'RATE_OUT_OF_RANGE',
      `${parameter.id} would be ${odd}, which is no rate`,
      '39.6 per cent are 0.396, or 39.6 in the unit percent',
    )
}

function checkIndices({ indexed, indices }: Standing, written: readonly Written[], faults: Faults): void {
  const mine = new Map<string, Pick<Parameter, 'id' | 'indexation'>>(
    written.map(({ parameter }) => [parameter.id, parameter]),
  )
  for (const { parameter, path } of written) {
    const index = parameter.indexation?.index ?? 'self'
    if (index !== 'self' && !indices.has(index) && !mine.has(index))
      faults.add(
        `${path}.indexation.index`,
        'NOT_FOUND',
        `${parameter.id} is indexed by ${index}, which is not in the tree`,
        'write the index first',
      )
  }
  const all = [...indexed.filter(({ id }) => !mine.has(id)), ...mine.values()]
  faults.attempt('input.parameters', () => indexationOrder(all), true)
}

/** What is possible but probably not meant: WARNINGs. */
function doubtsOf(tree: TreeFrame, { parameter, values }: Written, path: string): Finding[] {
  const [least, greatest] = parameter.expected
  const odd = values.flatMap((v) => v.values).find((value) => value < least || value > greatest)
  const outside = values.find(({ from }) => from > tree.to)
  const warn = (code: string, message: string, suggestion: string): Finding => ({
    severity: 'WARNING',
    code,
    path,
    message,
    suggestion,
  })
  return [
    ...(odd === undefined
      ? []
      : [
          warn(
            'OUT_OF_RANGE',
            `${odd} ${parameter.unit} is outside of ${least} to ${greatest}, where ${parameter.id} is expected`,
            'check the number and its unit',
          ),
        ]),
    ...(outside === undefined
      ? []
      : [
          warn(
            'NOT_COVERED',
            `${tree.id} covers days to ${tree.to}; the value from ${outside.from} cannot be asked for`,
            'give the day to which the tree is to go as input.to',
          ),
        ]),
    ...(parameter.references.length === 0 && values.some(({ source }) => source === undefined)
      ? [
          warn(
            'NO_REFERENCE',
            `nothing says which law sets ${parameter.id}`,
            'give references, or the source of each value',
          ),
        ]
      : []),
  ]
}
