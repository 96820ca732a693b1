// Integration over a step: Euler's method in one go, others stage by stage. `base` and `sum` stand in each stock's own room.
import { setMoment } from './faults'
import * as at from './layout'
import { address, copySlot, extent, field, splat, stride } from './operands'
import { walk } from './walk'

/** y + dt * sum, held in its bounds. */
@inline
function finish(stock: usize, from: usize, rate: usize, rateStep: usize, bytes: usize, record: usize): void {
  const dt = v128.load64_splat(at.HEADER + at.DT)
  const low = v128.load64_splat(record, 16)
  const high = v128.load64_splat(record, 24)
  for (let line: usize = 0; line < bytes; line += at.LINE_BYTES, rate += rateStep) {
    for (let i: usize = 0; i < at.LINE_BYTES; i += 16) {
      const next = f64x2.add(v128.load(from + line + i), f64x2.mul(dt, v128.load(rate + i)))
      v128.store(stock + line + i, f64x2.pmin(f64x2.pmax(next, low), high))
    }
  }
}

/** Euler: stock + dt * flow. */
export function euler(): void {
  for (let p: usize = field(at.STOCKS_AT), end: usize = field(at.STOCKS_END); p < end; p += at.STOCK_BYTES) {
    const slot = load<u32>(p)
    const flow = load<u32>(p, 8)
    finish(address(slot), address(slot), address(flow), stride(flow), extent(slot), p)
  }
}

/** After a stage: sum = b * flow, added to what it was or not; stock = base + share * flow, where the next one is evaluated. */
@inline
function fold(record: usize, b: f64, adds: bool, share: f64): void {
  const slot = load<u32>(record)
  const flow = load<u32>(record, 8)
  const bytes = extent(slot)
  const stock = address(slot)
  const base = <usize>load<u32>(record, 12)
  const sum = base + bytes
  const weight = f64x2.splat(b)
  const factor = f64x2.splat(share)
  let k = address(flow)
  for (let line: usize = 0; line < bytes; line += at.LINE_BYTES, k += stride(flow)) {
    for (let i: usize = 0; i < at.LINE_BYTES; i += 16) {
      const rate = v128.load(k + i)
      const part = f64x2.mul(weight, rate)
      v128.store(sum + line + i, adds ? f64x2.add(v128.load(sum + line + i), part) : part)
      v128.store(stock + line + i, f64x2.add(v128.load(base + line + i), f64x2.mul(factor, rate)))
    }
  }
}

/** After the last stage: sum = sum + b * flow. */
@inline
function foldLast(record: usize, b: f64): void {
  const flow = load<u32>(record, 8)
  const bytes = extent(load<u32>(record))
  const sum = <usize>load<u32>(record, 12) + bytes
  const weight = f64x2.splat(b)
  let k = address(flow)
  for (let line: usize = 0; line < bytes; line += at.LINE_BYTES, k += stride(flow)) {
    for (let i: usize = 0; i < at.LINE_BYTES; i += 16) {
      v128.store(sum + line + i, f64x2.add(v128.load(sum + line + i), f64x2.mul(weight, v128.load(k + i))))
    }
  }
}

/** From the step's first evaluation to its end, of a method of two stages or more. */
export function stages(step: u32, blockLane: u32): void {
  const last: usize = <usize>field(at.STAGES_END) - at.STAGE_BYTES
  const from: usize = field(at.STOCKS_AT)
  const end: usize = field(at.STOCKS_END)
  const dt = load<f64>(at.HEADER + at.DT)
  const time = load<f64>(at.HEADER + at.START) + <f64>step * dt
  for (let p = from; p < end; p += at.STOCK_BYTES) {
    const slot = load<u32>(p)
    memory.copy(load<u32>(p, 12), address(slot), extent(slot))
  }
  let number: u32 = 1
  for (let s: usize = field(at.STAGES_AT); s < last; s += at.STAGE_BYTES, number++) {
    const share = load<f64>(s + at.STAGE_BYTES, 8) * dt
    for (let p = from; p < end; p += at.STOCK_BYTES) fold(p, load<f64>(s, 16), number > 1, share)
    if (field(at.TIME_SLOT) != 0) splat(field(at.TIME_SLOT), time + load<f64>(s + at.STAGE_BYTES) * dt)
    setMoment(step, number, blockLane)
    walk(field(at.STAGE_AT), field(at.STAGE_END))
  }
  for (let p = from; p < end; p += at.STOCK_BYTES) {
    foldLast(p, load<f64>(last, 16))
    const slot = load<u32>(p)
    const bytes = extent(slot)
    const base = <usize>load<u32>(p, 12)
    finish(address(slot), base, base + bytes, at.LINE_BYTES, bytes, p)
  }
}

/** Sets the stocks to their initial values. */
export function beginStocks(): void {
  for (let p: usize = field(at.STOCKS_AT), end: usize = field(at.STOCKS_END); p < end; p += at.STOCK_BYTES) {
    copySlot(load<u32>(p), load<u32>(p, 4))
  }
}
