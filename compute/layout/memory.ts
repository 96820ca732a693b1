// The memory of a kernel call: where the host puts a program and its data, and where it reads the results. All offsets in bytes.

/** Raised when anything below, an operation's meaning or a bit of a result changes. */
export const KERNEL_ABI = 2
/** Lanes of one block: the machine walks its operations over so many draws or rows at once. */
export const BLOCK_LANES = 64
/** A slot with a value per lane: a block of f64. A slot of members is a whole number of such blocks. */
export const SLOT_BYTES = BLOCK_LANES * 8
/** A slot whose value is the same in all lanes: one cache line of copies. Every slot begins a cache line. */
export const LINE_BYTES = 64
/** A slot's word holds its level in three bits. */
export const MAX_LEVELS = 8
/** The kernel's own tables lie below, the host's data from here on. */
export const HEADER = 16384
export const HEADER_BYTES = 256
export const PAGE_BYTES = 65536
/** The machine's declared maximum: 512 MiB. */
export const MACHINE_MAX_PAGES = 8192
export const STATS_MAX_PAGES = 1024

/** Lists of records, in the order of their fields in the header: where each begins, and the address behind its last record. */
export const SECTIONS = [
  ...(['constants', 'series', 'columns', 'trajectories', 'uniforms'] as const),
  ...(['run', 'draw', 'step', 'stage', 'save'] as const),
  ...(['stocks', 'registers', 'rings', 'solves', 'identities', 'outputs', 'stages', 'state'] as const),
] as const
export type Section = (typeof SECTIONS)[number]

/**
 * The header of a call, from HEADER on. u32 unless `f64` is said; `...At` are addresses, `...End` the address behind the last record.
 * A slot is given as its word: its address, plus 1 where it has a value per row, plus twice its level (0: lanes, or all rows alike).
 * Records, u32 unless f64 is said:
 * operation [code, out, operands x 5, room for the kernel], a table, relation or solve block by its address; of `choose`
 * [code, out, place, u32[1 + values] at, values, 0, 0, room for the kernel], the list that of the slot `otherwise`, then of the values;
 * constant [slot, 0, value f64]; series [slot, data], data f64[steps + 1]; column [slot, data], data f64[rows of the batch, and a block];
 * trajectory [slot, data], data f64[steps + 1][stride]; uniform [slot, stream, each step, 0];
 * stock [slot, initial, flow, base, min f64, max f64], at `base` room for two slots (0 of Euler's method);
 * register [slot, initial, next, room for a slot]; ring [slot, initial, input, delay, length, buffer, 0, 0], buffer f64[length][64];
 * solve [index, method, unknowns, most iterations, tolerance f64, damping f64, unknowns at, body at, body end, parts at, begun, 0 x 3]
 * with unknown [slot, next, guess, 0] and part [at, end]; identity [holds, difference]; output [slot, 0]; stage [c f64, a f64, b f64];
 * state [slot, data], data f64[rows of the batch, and a block];
 * level [first absolute row, u32[blocks + 1] at, first row and number of rows of the block, by the kernel];
 * relation [u32[groups + 1] at, level of the members, level of the groups, 0];
 * table [count, 0, 0, 0, xs f64[count], ys f64[count], slopes or widths f64[count]].
 */
export const FIELD = {
  /** Lanes to compute, and their number rounded up to whole blocks (the stride of results and trajectories). */
  lanes: 0,
  stride: 4,
  seedLow: 8,
  seedHigh: 12,
  /** How many levels there are, the lanes' among them. */
  levels: 16,
  steps: 20,
  /** f64 */
  start: 24,
  /** f64 */
  dt: 32,
  /** Slots of time and of the time at which the step began; 0 where no operation reads it. */
  timeSlot: 40,
  stepTimeSlot: 44,
  /** The step that the call begins with, and the one it ends before, its state stored; above `steps` where it goes to the end. */
  firstStep: 48,
  untilStep: 52,
  /** 1 where the state of the first step is given. */
  continues: 56,
  levelsAt: 60,
  ...(Object.fromEntries(
    SECTIONS.flatMap((name, i) => [
      [`${name}At`, 64 + 8 * i],
      [`${name}End`, 68 + 8 * i],
    ]),
  ) as { readonly [field in `${Section}${'At' | 'End'}`]: number }),
  /** Behind all operations, also those of solve blocks: they begin with `run`. */
  operationsEnd: 208,
  /** The steps to be saved, rising, and 2^32 - 1 behind them: u32. */
  savedAt: 212,
  savedTimes: 216,
  /** results f64[output][saved time][stride] */
  resultsAt: 220,
  /** Room for solving the largest block. */
  solveWorkAt: 224,
  /** Written by the kernel: what failed first, by (step, stage, kind, index, lane); see FAULT. `faultLane` counts from the batch's first. */
  faultKind: 228,
  faultStep: 232,
  faultStage: 236,
  faultIndex: 240,
  faultLane: 244,
  /** f64 */
  faultValue: 248,
} as const

/** Kinds of faults, the gravest first: of faults at one time it is the one that is told. */
export const FAULT = { none: 0, notConverged: 1, assertionFailed: 2, notANumber: 3 } as const

export const OPERATION_BYTES = 32
export const SPLAT_BYTES = 16
export const POINTER_BYTES = 8
export const UNIFORM_BYTES = 16
export const STOCK_BYTES = 32
export const REGISTER_BYTES = 16
export const RING_BYTES = 32
export const SOLVE_BYTES = 64
export const UNKNOWN_BYTES = 16
export const STAGE_BYTES = 24
export const LEVEL_BYTES = 16
export const RELATION_BYTES = 16

/** Blocks of f64 per lane that a solve block of n unknowns works in: masks and norms, then x, both residuals, the step and the Jacobian. */
export function solveWorkBytes(n: number): number {
  return n === 0 ? 0 : SLOT_BYTES * (5 + 4 * n + n * n) + aligned(8 * n * (n + 1))
}

/** Bytes rounded up to a multiple of 16, the alignment of every area. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16
}

/** Bytes of one table of `count` points. */
export function tableBytes(count: number): number {
  return 16 + 3 * 8 * count
}

/** Lanes rounded up to whole blocks. */
export function wholeBlocks(lanes: number): number {
  return Math.ceil(lanes / BLOCK_LANES) * BLOCK_LANES
}
