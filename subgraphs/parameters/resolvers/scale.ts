// Scales of brackets: what they are on a day, and what they give for amounts.
import { Arg, Ctx, FieldResolver, Float, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { FilingStatus, ParameterVector } from '../../../schema/terms/tax.ts'
import { calculateScale } from '../rules/calculate-scale.ts'
import { firstDay, lastDay } from '../rules/dates.ts'
import { namedCell } from '../rules/named-cell.ts'
import { lawOn } from '../rules/overlay.ts'
import { differingPart, limitsOf, type Schedule, scheduleOf, valuesOf } from '../rules/scale.ts'
import { assertCovered } from '../rules/value-at.ts'
import { cellsOf } from '../rules/vector.ts'
import { BracketScale, BracketSchedule } from '../types/scale.ts'
import { type Context, requireTreeRow } from './context.ts'
import { wireNumber, wireNumbers } from './wire.ts'

/** Amounts of one question. */
const MAX_AMOUNTS = 100_000

const DATE = 'The day it holds: "2026" (its 1 January), "2026-07" or "2026-07-01".'
const STATUS = 'The filing status, where they differ by it; SINGLE where absent.'
const CELL = 'The cell by its name, where they differ by something; the first where absent.'
const KNOWN_AT = 'As the law was known at the end of this day, month or year; as known now where absent.'

@Resolver(() => BracketScale)
export class BracketScaleResolver {
  @FieldResolver(() => BracketSchedule, {
    nullable: true,
    description: 'The brackets on a day, as the law was known on another; null where they were not known by then.',
  })
  async at(
    @Root() scale: BracketScale,
    @Arg('date', () => String, { description: DATE }) date: string,
    @Arg('knownAt', () => String, { nullable: true, description: KNOWN_AT }) knownAt: string | undefined,
    @Arg('status', () => FilingStatus, { nullable: true, description: STATUS }) status: FilingStatus | undefined,
    @Arg('cell', () => String, { nullable: true, description: CELL }) cell: string | undefined,
    @Ctx() context: Context,
  ): Promise<BracketSchedule | null> {
    const found = await scheduleOn(context, scale, { date, knownAt, status, cell })
    if (!found) return null
    const values = wireNumbers(found.schedule.values)
    const areRates = scale.kind === 'MARGINAL_RATE' || scale.kind === 'AVERAGE_RATE'
    return {
      date: found.day,
      status: found.status,
      cell: found.cell,
      unit: scale.unit ?? found.currency,
      thresholds: wireNumbers(found.schedule.thresholds),
      rates: areRates ? values : [],
      amounts: areRates ? [] : values,
    }
  }

  @FieldResolver(() => [Float], {
    nullable: true,
    description: 'What it comes to for each amount; null where there are no brackets on the day, as known.',
  })
  async calculate(
    @Root() scale: BracketScale,
    @Arg('base', () => [Float], { description: 'The amounts, at most 100,000.' }) base: number[],
    @Arg('date', () => String, { description: DATE }) date: string,
    @Arg('knownAt', () => String, { nullable: true, description: KNOWN_AT }) knownAt: string | undefined,
    @Arg('status', () => FilingStatus, { nullable: true, description: STATUS }) status: FilingStatus | undefined,
    @Arg('cell', () => String, { nullable: true, description: CELL }) cell: string | undefined,
    @Arg('right', () => Boolean, {
      defaultValue: false,
      description: 'Of single amounts: one that equals a threshold lies in the bracket below it, not in the one above.',
    })
    right: boolean,
    @Arg('interpolate', () => Boolean, {
      defaultValue: true,
      description:
        'Of average rates: the rate runs in a straight line from threshold to threshold; otherwise it is that of the bracket.',
    })
    interpolate: boolean,
    @Ctx() context: Context,
  ): Promise<number[] | null> {
    if (base.length > MAX_AMOUNTS)
      throw new QuesnayError(
        'LIMIT_EXCEEDED',
        `${base.length} amounts; at most ${MAX_AMOUNTS} are calculated at once`,
        {
          path: 'base',
          limit: MAX_AMOUNTS,
          suggestion: 'ask in parts',
        },
      )
    const found = await scheduleOn(context, scale, { date, knownAt, status, cell })
    return found ? calculateScale(scale.kind, found.schedule, base, { right, interpolate }).map(wireNumber) : null
  }
}

interface Question {
  readonly date: string
  readonly knownAt: string | null | undefined
  readonly status: FilingStatus | undefined
  readonly cell: string | undefined
}

interface Found {
  readonly day: string
  readonly currency: string
  readonly schedule: Schedule
  readonly status: FilingStatus | null
  readonly cell: string | null
}

/** The brackets, from the parameters of the scale alone. */
async function scheduleOn(
  context: Context,
  scale: BracketScale,
  { date, knownAt, ...named }: Question,
): Promise<Found | undefined> {
  const tree = await requireTreeRow(context, scale.treeId, 'tree')
  const day = assertCovered(tree, firstDay(date, 'date'), 'date')
  const ids = [...limitsOf(scale), ...valuesOf(scale)].map((id) => tree.idPrefix + id)
  const loaded = await Promise.all(ids.map((id) => context.loaders.parameter.load(id)))
  const parameters = loaded.flatMap((found) => (found ? [{ ...found, id: found.id.slice(tree.idPrefix.length) }] : []))
  const law = lawOn({ parameters }, day, knownAt == null ? undefined : lastDay(knownAt, 'knownAt'))
  const part = differingPart(scale, parameters)
  // The first cell of filing status is SINGLE.
  const place = (part && namedCell({ ...part, id: scale.id }, named, '')) ?? 0
  const schedule = scheduleOf(scale, law, place)
  if (!schedule) return undefined
  const cell = part ? cellsOf(part)[place]! : null
  const status = part?.by === ParameterVector.FILING_STATUS ? (cell as FilingStatus) : null
  return { day, currency: tree.currency, schedule, status, cell }
}
