// The one table of error codes: what each means on the wire, whether to try again, and what to tell the caller.

interface ErrorRow {
  /** HTTP status when the error is the whole answer. */
  readonly status: number
  /** Whether the same request may succeed later without change. */
  readonly retry: boolean
  /** What it means and what to do, for the error page and the `hint` of the command line. */
  readonly say: string
}

export const ERRORS = {
  // the request
  BAD_INPUT: { status: 400, retry: false, say: 'An argument is missing or out of its range; the path names it.' },
  NOT_FOUND: { status: 404, retry: false, say: 'No object has this id for this tenant; list the objects to find one.' },
  ALREADY_EXISTS: { status: 409, retry: false, say: 'An object with this id exists; choose another id or read it.' },
  UNIT_MISMATCH: { status: 400, retry: false, say: 'The unit given does not fit the quantity; use the unit named.' },
  LIMIT_EXCEEDED: { status: 400, retry: false, say: 'The request asks for more than the limit named; ask for less.' },
  IMPORT_REJECTED: {
    status: 400,
    retry: false,
    say: 'The file has faults and nothing was imported; mend each one listed.',
  },
  CONFLICT: {
    status: 409,
    retry: true,
    say: 'What this changes was changed by someone else meanwhile; read it again and repeat.',
  },
  INDEXATION_CYCLE: {
    status: 400,
    retry: false,
    say: 'Parameters are indexed by each other in a circle; the detail names them.',
  },
  UNAUTHENTICATED: { status: 401, retry: false, say: 'The request carries no valid credentials.' },
  FORBIDDEN: { status: 403, retry: false, say: 'The credentials do not allow this.' },
  INPUT_FAILED: {
    status: 424,
    retry: true,
    say: 'What this is computed from could not be had; the error beside it says why. Mend that and ask again.',
  },
  RATE_LIMITED: {
    status: 429,
    retry: true,
    say: 'More was asked than is allowed in this time; try again after the seconds given.',
  },
  OPERATION_TIMEOUT: {
    status: 504,
    retry: true,
    say: 'The operation took longer than it may; what was ready in time is in the answer. Ask for less, or again.',
  },
  // How Apollo's clients know these two is by the very code: they then send the text along.
  PERSISTED_QUERY_NOT_FOUND: {
    status: 200,
    retry: true,
    say: 'No operation of this hash is known here; send its text along with the hash.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 200,
    retry: false,
    say: 'Operations cannot be asked for by their hash here; send the text alone.',
  },
  OPERATION_NOT_PUBLISHED: {
    status: 403,
    retry: false,
    say: 'Only published operations are answered here; publish this one with `quesnay operations publish`.',
  },
  // models and plans
  MODEL_INVALID: {
    status: 400,
    retry: false,
    say: 'The model cannot be lowered to a plan; the detail names the variable.',
  },
  CONSTRUCT_UNSUPPORTED: {
    status: 400,
    retry: false,
    say: 'The model uses a construct that the plan machine does not have.',
  },
  // runs and the fleet
  RUN_CANCELLED: { status: 409, retry: false, say: 'The run was cancelled; submit it again to have its result.' },
  RUN_NOT_FINISHED: {
    status: 409,
    retry: true,
    say: 'The run has no result yet; subscribe to runUpdated or ask again.',
  },
  RUN_TIMEOUT: { status: 504, retry: true, say: 'The run did not finish in the time given; it goes on, ask again.' },
  NOT_A_NUMBER: {
    status: 422,
    retry: false,
    say: 'The computation gave NaN or infinity; the detail names output, draw (or lane) and time.',
  },
  NOT_CONVERGED: {
    status: 422,
    retry: false,
    say: 'A solve block found no solution; the detail names block, residual, draw (or lane) and time.',
  },
  ASSERTION_FAILED: {
    status: 422,
    retry: false,
    say: 'An accounting identity of the model does not hold; the detail names identity, difference, draw (or lane) and time.',
  },
  KERNEL_REFUSED: {
    status: 422,
    retry: false,
    say: 'The kernel is unknown, altered, unsigned, or more than a kernel may be.',
  },
  KERNEL_FAILED: { status: 422, retry: false, say: 'The kernel trapped or ran past its deadline on this shard.' },
  ENVELOPE_REFUSED: { status: 422, retry: false, say: 'The job envelope has an unknown version or is malformed.' },
  DETERMINISM_ALARM: {
    status: 500,
    retry: false,
    say: 'Two workers computed different bits for one shard; both are kept aside.',
  },
  OVERLOADED: { status: 503, retry: true, say: 'The fleet is full; try again after the time given.' },
  BUDGET_EXHAUSTED: {
    status: 429,
    retry: true,
    say: 'The tenant has used its compute-seconds of the day; try again after the time given, or ask for less.',
  },
  // the house
  CONFIG_INVALID: {
    status: 500,
    retry: false,
    say: 'The configuration has the problems listed; mend them and start again.',
  },
  DATA_DIRECTORY_HELD: {
    status: 500,
    retry: false,
    say: 'Another server holds this data directory; stop it or choose another with QUESNAY_DATA.',
  },
  STORE_UNAVAILABLE: { status: 503, retry: true, say: 'The database does not answer.' },
  OBJECT_DAMAGED: {
    status: 502,
    retry: true,
    say: 'A stored object is not of the length or hash it should have; ask for it again and it is made anew.',
  },
  BUS_UNAVAILABLE: { status: 503, retry: true, say: 'The message bus does not answer.' },
  SUBGRAPH_UNAVAILABLE: { status: 503, retry: true, say: 'A subgraph does not answer; the rest of the graph does.' },
  SUBSCRIPTION_SCHEMA_RELOAD: {
    status: 409,
    retry: true,
    say: 'The graph changed and the subscription is no longer valid.',
  },
  SUBSCRIBER_TOO_SLOW: {
    status: 429,
    retry: true,
    say: 'The subscriber read more slowly than events came; subscribe again with the last cursor, and read on.',
  },
  TOOL_MISSING: {
    status: 500,
    retry: false,
    say: 'A program this command needs is not installed; the detail names it.',
  },
  INTERNAL: { status: 500, retry: true, say: 'Something failed inside; the request id finds it in the log.' },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

/** What every thrown error of ours carries; only `code`, `message`, `detail` and `path` ever reach a client. */
export class QuesnayError extends Error {
  override readonly name = 'QuesnayError'
  readonly code: ErrorCode
  readonly detail: Readonly<Record<string, unknown>>

  /** @param detail the place and the fix: `path` (argument or variable), `suggestion`, `limit`, ... */
  constructor(code: ErrorCode, message: string, detail: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.detail = detail
  }
}

/** True where the value is one of our errors, also when it crossed a realm or a second copy of this module. */
export function isQuesnayError(value: unknown): value is QuesnayError {
  return value instanceof Error && value.name === 'QuesnayError' && isErrorCode((value as { code?: unknown }).code)
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code)
}

/** The wire form of an error: { code, message, detail }. What is not in the table becomes INTERNAL and loses its text. */
export interface WireError {
  readonly code: ErrorCode
  readonly message: string
  readonly detail: Readonly<Record<string, unknown>>
}

export function toWireError(error: unknown): WireError {
  if (isQuesnayError(error)) return { code: error.code, message: error.message, detail: error.detail }
  return { code: 'INTERNAL', message: ERRORS.INTERNAL.say, detail: {} }
}

export function fromWireError(wire: WireError): QuesnayError {
  return new QuesnayError(wire.code, wire.message, wire.detail)
}
