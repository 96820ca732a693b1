// The memory of a kernel call: where the host puts a program and its data, and where it reads the results. All offsets in bytes.

/** Raised when anything below, an operation's meaning or a bit of a result changes. */
export const KERNEL_ABI = 1
/** Lanes of one block: the machine walks its operations over so many draws or rows at once. */
export const BLOCK_LANES = 64
/** A slot with a value per lane: a block of f64. */
export const SLOT_BYTES = BLOCK_LANES * 8
/** A slot whose value is the same in all lanes: one cache line of copies. Every slot begins a cache line. */
export const LINE_BYTES = 64
/** The kernel's own tables lie below, the host's data from here on. */
export const HEADER = 16384
export const HEADER_BYTES = 256
export const PAGE_BYTES = 65536
/** The machine's declared maximum: 512 MiB. */
export const MACHINE_MAX_PAGES = 8192
export const STATS_MAX_PAGES = 1024

/**
 * The header of a call, from HEADER on. u32 unless `f64` is said; `...At` are addresses, `...End` the address behind the last record.
 * A slot is given as its address, plus 1 where it has a value per lane.
 * Records: operation 8 u32 [code, out, operands x 5, room for the kernel], a table by its address; splat [slot u32, 0, value f64];
 * column [slot u32, data u32], data f64[stride]; series [slot u32, data u32], data f64[steps + 1];
 * random [slot u32, kind u32, stream u32, 0, f64 x 6]; stock [slot u32, initial u32, flow u32, bounds u32, min f64, max f64];
 * output [slot u32, 0]; table [count u32, 0, xs f64[count], ys f64[count], slopes or widths f64[count]].
 */
export const FIELD = {
  /** Lanes to compute, from `firstLane` on, and their number rounded up to whole blocks (the stride of columns and results). */
  lanes: 0,
  stride: 4,
  firstLane: 8,
  seedLow: 12,
  seedHigh: 16,
  steps: 20,
  saveEvery: 24,
  hasTime: 28,
  /** f64 */
  start: 32,
  /** f64 */
  dt: 40,
  /** Slot of time, 0 where no operation reads it. */
  timeSlot: 48,
  constantsAt: 52,
  constantsEnd: 56,
  columnsAt: 60,
  columnsEnd: 64,
  seriesAt: 68,
  seriesEnd: 72,
  randomsAt: 76,
  randomsEnd: 80,
  runAt: 84,
  runEnd: 88,
  drawAt: 92,
  drawEnd: 96,
  stepAt: 100,
  stepEnd: 104,
  saveAt: 108,
  saveEnd: 112,
  stocksAt: 116,
  stocksEnd: 120,
  outputsAt: 124,
  outputsEnd: 128,
  /** results f64[output][saved time][stride] */
  resultsAt: 132,
  savedTimes: 136,
  /** Written by the kernel: 1 where an output was NaN or infinite, and the first one by (time, output, lane). */
  notFinite: 140,
  faultTime: 144,
  faultOutput: 148,
  faultLane: 152,
} as const

export const OPERATION_BYTES = 32
export const SPLAT_BYTES = 16
export const POINTER_BYTES = 8
export const RANDOM_BYTES = 64
export const STOCK_BYTES = 32

/** Bytes rounded up to a multiple of 16, the alignment of every area. */
export function aligned(bytes: number): number {
  return (bytes + 15) & ~15
}

/** Bytes of one table of `count` points. */
export function tableBytes(count: number): number {
  return 16 + 3 * 8 * count
}

/** Lanes rounded up to whole blocks. */
export function wholeBlocks(lanes: number): number {
  return Math.ceil(lanes / BLOCK_LANES) * BLOCK_LANES
}
