// Section `limits` of the gateway's configuration: how large one request and one operation may be.
import { z } from 'zod'

const atMost = (value: number) => z.int().min(1).default(value)
const byTier = (free: number, pro: number, enterprise: number) =>
  z
    .strictObject({
      free: z.number().min(0).default(free),
      pro: z.number().min(0).default(pro),
      enterprise: z.number().min(0).default(enterprise),
    })
    .prefault({})

/** Of one document, before it is validated; fragments count wherever they are spread. */
const OPERATION = {
  /** Words and signs of the text. GraphiQL's introspection takes some 400. */
  tokens: atMost(20_000),
  /** Fields, spreads and inline fragments: planning takes a quarter of a millisecond for each. */
  fields: atMost(2_000),
  /** Fields within fields. GraphiQL's introspection is 15 deep. */
  depth: atMost(20),
  /** Renamed fields, __typename among them. */
  aliases: atMost(50),
  rootFields: atMost(50),
  /** Times one field is asked for under one name in one place. */
  repeats: atMost(100),
  directives: atMost(50),
  /** On one field, fragment or operation. */
  directivesPerPlace: atMost(5),
  /** Times a field lies within fields of its own name. GraphiQL's introspection has ofType nine times. */
  recursion: atMost(10),
  /** Lists of fields, interfaces, possible types and input fields within one another, of __schema and __type. */
  introspectionLists: atMost(2),
}

export const LIMITS = z
  .strictObject({
    ...OPERATION,
    bodyBytes: atMost(16 * 2 ** 20),
    /** Operations of one HTTP request. */
    batch: atMost(5),
    /** How long an operation may take before its client is told so. */
    operationTimeoutMs: atMost(60_000),
    /** Assumed length of a list that no @listSize and no argument says. */
    listSize: atMost(10),
    /** Most points of one operation. */
    cost: byTier(10_000, 100_000, 1_000_000),
    /** Most seconds of computing that one operation may state. */
    computeSeconds: byTier(60, 3_600, 86_400),
    /** Tell in `extensions.cost` of every answer what it cost; the header x-quesnay-cost does so always. */
    showCost: z.boolean().default(false),
  })
  .prefault({})

export type Limits = z.infer<typeof LIMITS>
export type OperationLimits = Pick<Limits, keyof typeof OPERATION>

export const DEFAULT_LIMITS: Limits = LIMITS.parse({})
