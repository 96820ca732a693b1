// What a step leaves behind: the outputs it saves, and whether its identities hold.
import { note } from './faults'
import * as at from './layout'
import { address, field, firstRow, rowsOf, stride } from './operands'

/** Copies the outputs to the results of a saved time, NaN made canonical, and notes values that are not finite. */
export function save(time: u32): void {
  const lanes = <usize>field(at.STRIDE)
  const times = <usize>field(at.SAVED_TIMES)
  const nan = f64x2.splat(NaN)
  let output: u32 = 0
  const end: usize = field(at.OUTPUTS_END)
  for (let p: usize = field(at.OUTPUTS_AT); p < end; p += at.POINTER_BYTES, output++) {
    const word = load<u32>(p)
    const row = <usize>field(at.RESULTS_AT) + (((<usize>output * times + time) * lanes + firstRow(0)) << 3)
    let from = address(word)
    let bad = i64x2.splat(0)
    for (let to = row, behind = row + at.SLOT_BYTES; to < behind; to += at.LINE_BYTES, from += stride(word)) {
      for (let i: usize = 0; i < at.LINE_BYTES; i += 16) {
        const x = v128.load(from + i)
        // x - x is 0 for finite numbers alone.
        bad = v128.or(bad, f64x2.ne(f64x2.sub(x, x), i64x2.splat(0)))
        v128.store(to + i, v128.bitselect(x, nan, f64x2.eq(x, x)))
      }
    }
    if (v128.any_true(bad)) noteNotFinite(row, output)
  }
}

/** The lanes beyond the last one asked for do not count. */
function noteNotFinite(row: usize, output: u32): void {
  for (let lane: u32 = 0, lanes = rowsOf(0); lane < lanes; lane++) {
    const x = load<f64>(row + (<usize>lane << 3))
    if (x - x == 0) continue
    note(at.NOT_A_NUMBER, output, lane, x)
    return
  }
}

/** Notes the first lane of each identity that does not hold. */
export function checkIdentities(): void {
  let identity: u32 = 0
  const end: usize = field(at.IDENTITIES_END)
  for (let p: usize = field(at.IDENTITIES_AT); p < end; p += at.POINTER_BYTES, identity++) {
    const word = load<u32>(p)
    const holds = address(word)
    const bytes: usize = word & 1 ? at.SLOT_BYTES : at.LINE_BYTES
    let broken = i64x2.splat(0)
    for (let i: usize = 0; i < bytes; i += 16) {
      broken = v128.or(broken, f64x2.eq(v128.load(holds + i), i64x2.splat(0)))
    }
    if (v128.any_true(broken)) noteBroken(word, load<u32>(p, 4), identity)
  }
}

function noteBroken(holds: usize, difference: usize, identity: u32): void {
  for (let lane: u32 = 0, lanes = rowsOf(0); lane < lanes; lane++) {
    const i = <usize>lane << 3
    if (load<f64>(address(holds) + (holds & 1 ? i : 0)) != 0) continue
    note(at.ASSERTION_FAILED, identity, lane, load<f64>(address(difference) + (difference & 1 ? i : 0)))
    return
  }
}
