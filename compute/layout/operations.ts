// The operation codes of the plan machine: what a plan may ask for, and in which order the operands stand.

/** Of a plan's tables, relations or solve blocks. */
export type IndexKind = 'table' | 'relation' | 'solve'

export interface OperationKind {
  readonly name: OperationName
  readonly code: number
  /** Number of operands that are slots; the least, where there may be more. */
  readonly arity: number
  readonly variadic: boolean
  /** What the one more operand that follows is an index of; null where none follows. */
  readonly index: IndexKind | null
}

/**
 * Name -> [code, arity, what a last operand is an index of]. A fused operation is, bit for bit, the sequence of plain ones that its comment gives.
 * Codes are part of the ABI: never re-used, only added.
 */
const TABLE = {
  add: [1, 2],
  sub: [2, 2],
  mul: [3, 2],
  div: [4, 2],
  neg: [5, 1],
  abs: [6, 1],
  /** IEEE 754-2019 minimum and maximum: NaN wins, -0 < +0. */
  min: [7, 2],
  max: [8, 2],
  /** b < a ? b : a, and a < b ? b : a: the second operand is never NaN. */
  pmin: [9, 2],
  pmax: [10, 2],
  sqrt: [11, 1],
  exp: [12, 1],
  log: [13, 1],
  /** ln(1 + a). */
  log1p: [14, 1],
  pow: [15, 2],
  floor: [16, 1],
  ceil: [17, 1],
  /** Comparisons and logic give 1 or 0; a comparison with NaN gives 0; NaN counts as true. */
  lt: [18, 2],
  le: [19, 2],
  eq: [20, 2],
  and: [21, 2],
  or: [22, 2],
  not: [23, 1],
  /** a != 0 ? b : c */
  select: [24, 3],
  lookup: [25, 1, 'table'],
  bracket: [26, 1, 'table'],
  /** a + b * c, two roundings. */
  addMul: [27, 3],
  /** a - b * c, two roundings. */
  subMul: [28, 3],
  /** a / (1 + exp(c * (d - b))): amplitude, source, slope, midpoint. */
  sigmoid: [29, 4],
  /** a + sigmoid(b, c, d, e) */
  addSigmoid: [30, 5],
  /** a * log1p(b) */
  logarithmic: [31, 2],
  /** a + b * log1p(c) */
  addLogarithmic: [32, 3],
  /** a * pmax(b - c, 0) */
  threshold: [33, 3],
  /** a + b * pmax(c - d, 0) */
  addThreshold: [34, 4],
  /** min(a * b, d - c): coefficient, source, target, ceiling. */
  saturating: [35, 4],
  /** a + min(b * c, e - d) */
  addSaturating: [36, 5],
  /** (a * b) * (1 - c / d): coefficient, source, target, ceiling. */
  dampening: [37, 4],
  /** a + (b * c) * (1 - d / e) */
  addDampening: [38, 5],
  copy: [39, 1],
  sin: [40, 1],
  cos: [41, 1],
  arctan: [42, 1],
  /** Towards zero. */
  truncate: [43, 1],
  /** Half to even. */
  round: [44, 1],
  /** a - b * truncate(a / b) */
  remainder: [45, 2],
  /** a probability in (0, 1); outside: NaN. */
  normalQuantile: [46, 1],
  normalProbability: [47, 1],
  /** probability, shape in [1e-5, 1e9]; scale 1. As the next two NaN outside its domain. */
  gammaQuantile: [48, 2],
  /** probability, alpha and beta in [1e-5, 1e7]. */
  betaQuantile: [49, 3],
  /** probability, mean in [0, 1e9]. */
  poissonQuantile: [50, 2],
  /** The value of the last point at or below a, of the first point below all. */
  stepLookup: [51, 1, 'table'],
  /** As lookup, but the first and the last segment go on; of one point: its value. */
  extrapolate: [52, 1, 'table'],
  /** Members to groups, in the order of the members; of no members 0. */
  sumMembers: [53, 1, 'relation'],
  minMembers: [54, 1, 'relation'],
  maxMembers: [55, 1, 'relation'],
  /** How many members have a value that is not 0. */
  countMembers: [56, 1, 'relation'],
  /** A group's value to each of its members; of a value of the run (level -1) that value. */
  project: [57, 1, 'relation'],
  /** Runs a solve block, which sets its unknowns; its result slot is written 0. */
  solve: [58, 0, 'solve'],
  /** pmax(a - b, 0) */
  excess: [59, 2],
  /**
   * place, otherwise, values 1, 2, ..: select(round(place) = 1, value 1, select(round(place) = 2, value 2, .. otherwise)). Not of members;
   * MAX_CHOICES values at most.
   */
  choose: [60, 3],
} as const satisfies Record<string, readonly [number, number, IndexKind?]>

/** Values that one `choose` may choose from. */
export const MAX_CHOICES = 255

export type OperationName = keyof typeof TABLE

/** Code of each operation, by name. */
export const CODE = Object.fromEntries(Object.entries(TABLE).map(([name, row]) => [name, row[0]])) as {
  readonly [name in OperationName]: (typeof TABLE)[name][0]
}

export const OPERATIONS: readonly OperationKind[] = (Object.keys(TABLE) as OperationName[]).map((name) => ({
  name,
  code: TABLE[name][0],
  arity: TABLE[name][1],
  variadic: name === 'choose',
  index: (TABLE[name] as readonly [number, number, IndexKind?])[2] ?? null,
}))

const byCode = new Map(OPERATIONS.map((kind) => [kind.code, kind]))

/** The kind of an operation code; undefined for a code that this machine does not have. */
export function operationKind(code: number): OperationKind | undefined {
  return byCode.get(code)
}
