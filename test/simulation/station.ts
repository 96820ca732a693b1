// A station: so many servers, one line before them, first come first served. It keeps the figures of its queue.
import type { Simulator } from './simulator.ts'

/** What a station has seen. Times in milliseconds. */
export interface StationFigures {
  readonly name: string
  readonly servers: number
  readonly arrivals: number
  readonly departures: number
  /** Busy time of all servers over servers times time. */
  readonly utilisation: number
  /** Mean number waiting or served, from the area under its curve. */
  readonly meanNumber: number
  /** Mean time from arrival to departure, from each visitor's own two times. */
  readonly meanStayMs: number
  readonly longestLine: number
}

export class Station {
  readonly name: string
  readonly servers: number
  readonly #sim: Simulator
  readonly #done: number
  readonly #leave: (visitor: number) => void
  /** The line, as a ring. */
  #visitors = new Int32Array(1024)
  #services = new Float64Array(1024)
  #arrivedAt = new Float64Array(1024)
  #head = 0
  #waiting = 0
  /** Of those being served, by server: when they came. */
  readonly #servedSince: Float64Array
  readonly #serving: Int32Array
  readonly #free: number[]
  #arrivals = 0
  #departures = 0
  #busyMs = 0
  #area = 0
  #number = 0
  #changedAt = 0
  #stayMs = 0
  #longest = 0

  constructor(sim: Simulator, name: string, servers: number, leave: (visitor: number) => void) {
    this.name = name
    this.servers = servers
    this.#sim = sim
    this.#leave = leave
    this.#servedSince = new Float64Array(servers)
    this.#serving = new Int32Array(servers)
    this.#free = Array.from({ length: servers }, (_, i) => servers - 1 - i)
    this.#done = sim.handle((server) => this.#depart(server))
  }

  /** Somebody comes who needs this long a service. */
  arrive(visitor: number, serviceMs: number) {
    this.#count(1)
    this.#arrivals++
    this.#busyMs += serviceMs
    const server = this.#free.pop()
    if (server !== undefined) return this.#serve(server, visitor, serviceMs, this.#sim.now)
    if (this.#waiting === this.#visitors.length) this.#grow()
    const at = (this.#head + this.#waiting++) % this.#visitors.length
    this.#visitors[at] = visitor
    this.#services[at] = serviceMs
    this.#arrivedAt[at] = this.#sim.now
    if (this.#waiting > this.#longest) this.#longest = this.#waiting
  }

  figures(): StationFigures {
    this.#count(0)
    const { now } = this.#sim
    return {
      name: this.name,
      servers: this.servers,
      arrivals: this.#arrivals,
      departures: this.#departures,
      utilisation: Math.min(1, this.#busyMs / (this.servers * now)),
      meanNumber: this.#area / now,
      meanStayMs: this.#stayMs / Math.max(1, this.#departures),
      longestLine: this.#longest,
    }
  }

  #serve(server: number, visitor: number, serviceMs: number, arrivedAt: number) {
    this.#serving[server] = visitor
    this.#servedSince[server] = arrivedAt
    this.#sim.after(serviceMs, this.#done, server)
  }

  #depart(server: number) {
    this.#count(-1)
    this.#departures++
    this.#stayMs += this.#sim.now - this.#servedSince[server]!
    const visitor = this.#serving[server]!
    if (this.#waiting > 0) {
      const at = this.#head
      this.#head = (at + 1) % this.#visitors.length
      this.#waiting--
      this.#serve(server, this.#visitors[at]!, this.#services[at]!, this.#arrivedAt[at]!)
    } else this.#free.push(server)
    this.#leave(visitor)
  }

  #count(change: number) {
    this.#area += this.#number * (this.#sim.now - this.#changedAt)
    this.#changedAt = this.#sim.now
    this.#number += change
  }

  #grow() {
    const old = this.#visitors.length
    const unrolled = <T extends Int32Array | Float64Array>(to: T, from: T): T => {
      for (let i = 0; i < old; i++) to[i] = from[(this.#head + i) % old]!
      return to
    }
    this.#services = unrolled(new Float64Array(2 * old), this.#services)
    this.#arrivedAt = unrolled(new Float64Array(2 * old), this.#arrivedAt)
    this.#visitors = unrolled(new Int32Array(2 * old), this.#visitors)
    this.#head = 0
  }
}
