// The simulation is repeatable, loses nothing, and agrees with what queueing theory knows exactly.
import { describe, expect, it } from 'vitest'
import { EventHeap } from './event-heap.ts'
import { AS_IS, DEFAULTS, type SimulationOptions } from './options.ts'
import { Random } from './random.ts'
import { simulate } from './simulate.ts'
import { Simulator } from './simulator.ts'
import { Station } from './station.ts'

const SMALL: SimulationOptions = { ...DEFAULTS, workers: 50, shards: 20_000, tenants: 7, jobShards: 700 }

/** Poisson arrivals at a station of `servers` with exponential services, `visits` of them. */
function markovian(servers: number, arrivalsPerMs: number, serviceMs: number, visits: number): Station {
  const sim = new Simulator(7)
  let left = visits
  let gone = 0
  const station = new Station(sim, 'station', servers, () => {
    gone++
  })
  const come = sim.handle(() => {
    station.arrive(left, sim.random.exponential(serviceMs))
    if (--left > 0) sim.after(sim.random.exponential(1 / arrivalsPerMs), come)
  })
  sim.after(0, come)
  sim.run(() => gone === visits)
  return station
}

/** Mean stay in M/M/c: Erlang's C formula (Kleinrock 1975, Queueing Systems I, section 3.5). */
function erlangStayMs(servers: number, arrivalsPerMs: number, serviceMs: number): number {
  const load = arrivalsPerMs * serviceMs
  let term = 1
  let sum = 1
  for (let k = 1; k < servers; k++) {
    term *= load / k
    sum += term
  }
  const last = ((term * load) / servers) * (servers / (servers - load))
  return serviceMs + (last / (sum + last)) * (serviceMs / (servers - load))
}

describe('events', () => {
  it('come in the order of their time, and of their making where times are equal', () => {
    const heap = new EventHeap()
    const random = new Random(3)
    const made = Array.from({ length: 5000 }, (_, i) => ({ time: random.below(500), value: i }))
    for (const { time, value } of made) heap.push(time, 0, value)
    const wanted = made.toSorted((a, b) => a.time - b.time || a.value - b.value)
    const got: number[] = []
    while (heap.pop()) got.push(heap.value)
    expect(got).toEqual(wanted.map(({ value }) => value))
  })
})

describe('a station', () => {
  it.each([
    [1, 0.7],
    [4, 3.2],
    [16, 15],
  ])('of %i servers under a load of %f keeps its visitors as long as Erlang says', (servers, load) => {
    const { meanStayMs } = markovian(servers, load / 5, 5, 400_000).figures()
    expect(meanStayMs / erlangStayMs(servers, load / 5, 5)).toBeCloseTo(1, 1)
  })

  it('obeys the law of Little: the mean number in it is the rate of arrivals times the mean stay', () => {
    const sim = new Simulator(11)
    let gone = 0
    const station = new Station(sim, 'station', 3, () => {
      gone++
    })
    const come = sim.handle(() => station.arrive(0, 4 * sim.random.next()))
    for (let i = 0; i < 3000; i++) sim.after(sim.random.next() * 1000, come)
    sim.run(() => gone === 3000)
    const { meanNumber, meanStayMs, arrivals, departures } = station.figures()
    expect([arrivals, departures]).toEqual([3000, 3000])
    expect(meanNumber / ((arrivals / sim.now) * meanStayMs)).toBeCloseTo(1, 9)
  })
})

describe('the simulated fleet', () => {
  it('is the same run for the same seed, and another for another', () => {
    const [first, again, other] = [simulate(SMALL), simulate(SMALL), simulate({ ...SMALL, seed: 2 })]
    expect(again).toEqual(first)
    expect(other.trace).not.toBe(first.trace)
  })

  it('stores every shard once, though workers die', () => {
    const { counts, unfinishedAtEnd } = simulate({ ...SMALL, hoursBetweenDeaths: 0.02 })
    expect(counts.deaths).toBeGreaterThan(10)
    expect(counts.redelivered).toBeGreaterThan(0)
    expect([counts.submitted, counts.published, counts.stored]).toEqual([20_000, 20_000, 20_000])
    expect(unfinishedAtEnd).toBe(0)
    // What was taken out of a queue was put in by a dispatcher or came back.
    expect(counts.delivered).toBe(counts.published + counts.redelivered)
    expect(counts.computed).toBeGreaterThanOrEqual(counts.stored)
  })

  it('is bound by its threads where servers cost nothing', () => {
    const times = Object.fromEntries(Object.keys(DEFAULTS.times).map((name) => [name, 1e-6]))
    const free = { ...SMALL, hoursBetweenDeaths: 0, times: times as unknown as SimulationOptions['times'] }
    const { shardsPerSecond } = simulate({ ...free, shards: 60_000 })
    const ideal = (1000 * free.workers) / free.shardMs
    expect(shardsPerSecond / ideal).toBeGreaterThan(0.9)
    expect(shardsPerSecond / ideal).toBeLessThan(1.01)
  })

  it('is bound by the row of the job where there is one job, and a statement for many shards lifts the bound', () => {
    const one = { ...SMALL, tenants: 1, jobShards: 1e9, workers: 500 }
    const [alone, batched] = [AS_IS, { ...AS_IS, storeBatch: 16 }].map((changes) => simulate({ ...one, changes }))
    expect(alone!.busiestRow.share).toBeGreaterThan(0.9)
    expect(batched!.shardsPerSecond).toBeGreaterThan(alone!.shardsPerSecond)
  })

  it('is bound by the database where that has one core', () => {
    const { database, shardsPerSecond } = simulate({ ...SMALL, databaseCores: 1 })
    // The rounds of admission leave it a little idle.
    expect(database.utilisation).toBeGreaterThan(0.9)
    expect(shardsPerSecond).toBeLessThan(1000 / (SMALL.times.claim + SMALL.times.store))
  })
})
