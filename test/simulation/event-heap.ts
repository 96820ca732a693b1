// The events to come, as a binary heap over typed arrays: no object per event.

export class EventHeap {
  #times = new Float64Array(1024)
  /** Order of making: of events at one instant the earlier made comes first. */
  #orders = new Float64Array(1024)
  #handlers = new Int32Array(1024)
  #data = new Int32Array(1024)
  #size = 0
  #made = 0
  /** Of the event taken last. */
  time = 0
  handler = 0
  value = 0

  get size(): number {
    return this.#size
  }

  push(time: number, handler: number, value: number): void {
    if (this.#size === this.#times.length) this.#grow()
    const order = this.#made++
    const times = this.#times
    const orders = this.#orders
    const handlers = this.#handlers
    const data = this.#data
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      const own = times[parent]!
      // What is made last is never before an equal time.
      if (own <= time) break
      times[at] = own
      orders[at] = orders[parent]!
      handlers[at] = handlers[parent]!
      data[at] = data[parent]!
      at = parent
    }
    times[at] = time
    orders[at] = order
    handlers[at] = handler
    data[at] = value
  }

  /** Takes the next event into `time`, `handler` and `value`; false where there is none. */
  pop(): boolean {
    if (this.#size === 0) return false
    this.time = this.#times[0]!
    this.handler = this.#handlers[0]!
    this.value = this.#data[0]!
    const last = --this.#size
    if (last > 0) this.#sink(this.#times[last]!, this.#orders[last]!, this.#handlers[last]!, this.#data[last]!)
    return true
  }

  #sink(time: number, order: number, handler: number, value: number): void {
    const times = this.#times
    const orders = this.#orders
    const handlers = this.#handlers
    const data = this.#data
    const size = this.#size
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      const right = child + 1
      if (right < size) {
        const a = times[right]!
        const b = times[child]!
        if (a < b || (a === b && orders[right]! < orders[child]!)) child = right
      }
      const own = times[child]!
      if (own > time || (own === time && orders[child]! > order)) break
      times[at] = own
      orders[at] = orders[child]!
      handlers[at] = handlers[child]!
      data[at] = data[child]!
      at = child
    }
    times[at] = time
    orders[at] = order
    handlers[at] = handler
    data[at] = value
  }

  #grow(): void {
    const size = 2 * this.#times.length
    const wider = <T extends Float64Array | Int32Array>(to: T, from: T): T => {
      to.set(from)
      return to
    }
    this.#times = wider(new Float64Array(size), this.#times)
    this.#orders = wider(new Float64Array(size), this.#orders)
    this.#handlers = wider(new Int32Array(size), this.#handlers)
    this.#data = wider(new Int32Array(size), this.#data)
  }
}
