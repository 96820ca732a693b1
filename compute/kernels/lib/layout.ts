// The layout of a call, as in compute/layout/memory.ts and operations.ts; a test holds the two together.

export const KERNEL_ABI: u32 = 1
export const BLOCK_LANES: u32 = 32
export const SLOT_BYTES: usize = 256
export const HEADER: usize = 16384
/** Where the merge kernel counts; between its results and the first value. */
export const STATS_SCRATCH: usize = 49152

export const OPERATION_BYTES: usize = 32
export const SPLAT_BYTES: usize = 16
export const POINTER_BYTES: usize = 8
export const RANDOM_BYTES: usize = 64
export const STOCK_BYTES: usize = 32

/** A u32 field of the header. */
@inline
export function field(offset: usize): u32 {
  return load<u32>(HEADER + offset)
}

export const LANES: usize = 0
export const STRIDE: usize = 4
export const FIRST_LANE: usize = 8
export const SEED_LOW: usize = 12
export const SEED_HIGH: usize = 16
export const STEPS: usize = 20
export const SAVE_EVERY: usize = 24
export const HAS_TIME: usize = 28
export const START: usize = 32
export const DT: usize = 40
export const TIME_SLOT: usize = 48
export const CONSTANTS_AT: usize = 52
export const CONSTANTS_END: usize = 56
export const COLUMNS_AT: usize = 60
export const COLUMNS_END: usize = 64
export const SERIES_AT: usize = 68
export const SERIES_END: usize = 72
export const RANDOMS_AT: usize = 76
export const RANDOMS_END: usize = 80
export const RUN_AT: usize = 84
export const RUN_END: usize = 88
export const DRAW_AT: usize = 92
export const DRAW_END: usize = 96
export const STEP_AT: usize = 100
export const STEP_END: usize = 104
export const SAVE_AT: usize = 108
export const SAVE_END: usize = 112
export const STOCKS_AT: usize = 116
export const STOCKS_END: usize = 120
export const OUTPUTS_AT: usize = 124
export const OUTPUTS_END: usize = 128
export const RESULTS_AT: usize = 132
export const SAVED_TIMES: usize = 136
export const NOT_FINITE: usize = 140
export const FAULT_TIME: usize = 144
export const FAULT_OUTPUT: usize = 148
export const FAULT_LANE: usize = 152

export const ADD: u32 = 1
export const SUB: u32 = 2
export const MUL: u32 = 3
export const DIV: u32 = 4
export const NEG: u32 = 5
export const ABS: u32 = 6
export const MIN: u32 = 7
export const MAX: u32 = 8
export const PMIN: u32 = 9
export const PMAX: u32 = 10
export const SQRT: u32 = 11
export const EXP: u32 = 12
export const LOG: u32 = 13
export const LOG1P: u32 = 14
export const POW: u32 = 15
export const FLOOR: u32 = 16
export const CEIL: u32 = 17
export const LT: u32 = 18
export const LE: u32 = 19
export const EQ: u32 = 20
export const AND: u32 = 21
export const OR: u32 = 22
export const NOT: u32 = 23
export const SELECT: u32 = 24
export const LOOKUP: u32 = 25
export const BRACKET: u32 = 26
export const ADD_MUL: u32 = 27
export const SUB_MUL: u32 = 28
export const SIGMOID: u32 = 29
export const ADD_SIGMOID: u32 = 30
export const LOGARITHMIC: u32 = 31
export const ADD_LOGARITHMIC: u32 = 32
export const THRESHOLD: u32 = 33
export const ADD_THRESHOLD: u32 = 34
export const SATURATING: u32 = 35
export const ADD_SATURATING: u32 = 36
export const DAMPENING: u32 = 37
export const ADD_DAMPENING: u32 = 38
export const COPY: u32 = 39
