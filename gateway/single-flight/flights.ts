// Equal work that is under way at one time is done once: whoever asks later gets what the first is waiting for.

interface Flight<T> {
  readonly life: AbortController
  result: Promise<T>
  /** Who has asked for it, and who of them still waits. */
  asked: number
  waiting: number
}

export interface Shared<T> {
  readonly result: Promise<T>
  /** Whether it was under way already. */
  readonly joined: boolean
}

/**
 * The work that is shared. It calls `land` when it is done, after which nobody joins it, and gets the number of those who have asked.
 * The signal is aborted when all of them have gone: nobody cuts off another.
 */
export type Work<T> = (signal: AbortSignal, land: () => number) => Promise<T>

export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>()

  /** @param signal of the one who asks: rejects theirs with its reason while others still wait; the last one gets what the work makes of it. */
  share(key: string, signal: AbortSignal | undefined, work: Work<T>): Shared<T> {
    const known = this.#flights.get(key)
    const flight = known ?? this.#start(key, work)
    flight.asked++
    flight.waiting++
    return { result: signal ? this.#wait(key, flight, signal) : flight.result, joined: known !== undefined }
  }

  #start(key: string, work: Work<T>): Flight<T> {
    const flight: Flight<T> = { life: new AbortController(), asked: 0, waiting: 0, result: undefined as never }
    const land = () => {
      this.#end(key, flight)
      return flight.asked
    }
    this.#flights.set(key, flight)
    flight.result = work(flight.life.signal, land).finally(land)
    flight.result.catch(() => undefined)
    return flight
  }

  #end(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }

  #wait(key: string, flight: Flight<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (--flight.waiting > 0) return reject(signal.reason)
        // Whoever comes now must not get what is being aborted.
        this.#end(key, flight)
        flight.life.abort(signal.reason)
      }
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave, { once: true })
      const gone = () => signal.removeEventListener('abort', leave)
      flight.result.then(
        (value) => {
          gone()
          resolve(value)
        },
        (error) => {
          gone()
          reject(error)
        },
      )
    })
  }
}
