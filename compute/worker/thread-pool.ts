// The threads of a worker: as many slots as threads, one task at a time each, replaced where one dies or has to be ended.
import { Worker as Thread, type TransferListItem } from 'node:worker_threads'
import type { Clock } from '../../infra/clock.ts'
import { builtFile } from '../../infra/paths.ts'
import { fromWireError, QuesnayError } from '../../schema/errors.ts'
import type { KernelShelf } from './kernel/shelf.ts'
import { RecentPlans } from './recent-plans.ts'
import { type Answer, CONTROL, CONTROL_BYTES, type SentTask, type Task, type TaskResults } from './thread-protocol.ts'

/** Thrown where a task was given up because its signal aborted. */
export class TaskCancelled extends Error {}
/** Thrown where the thread died under its task: a death of the shard. */
export class ThreadDied extends Error {}

/** A place to run tasks, held from `acquire` to `release`. */
export interface Slot {
  /**
   * Runs a task; buffers in `transfer` are given away. When the signal aborts, the thread gives up at its next look, or is ended
   * after the grace. Rejects with the task's own QuesnayError, TaskCancelled or ThreadDied.
   */
  run<T extends Task>(task: T, transfer: readonly ArrayBuffer[], signal: AbortSignal): Promise<TaskResults[T['kind']]>
  /** Chunks done by the task that runs, or by the last one: rises while it moves. */
  chunks(): number
  release(): void
}

interface Member {
  readonly thread: Thread
  readonly control: Int32Array
  /** Plans that the thread has. */
  readonly plans: RecentPlans<true>
  /** Hashes of the kernels that the thread has. */
  readonly kernels: Set<string>
}

export interface ThreadPoolOptions {
  readonly size: number
  readonly clock: Clock
  readonly kernels: Pick<KernelShelf, 'find'>
  /** How long a cancelled task may take to give up before its thread is ended. */
  readonly graceMs: number
  readonly threadHeapMb: number
}

export class ThreadPool {
  readonly size: number
  readonly #options: ThreadPoolOptions
  #idle: (Member | undefined)[]
  #waiting: ((member: Member | undefined) => void)[] = []
  #living = new Set<Thread>()
  #busy = 0

  constructor(options: ThreadPoolOptions) {
    this.size = options.size
    this.#options = options
    this.#idle = Array.from({ length: options.size }, () => this.#start())
  }

  get busy(): number {
    return this.#busy
  }

  /** Waits for a free slot; undefined where the signal aborts first. */
  async acquire(signal: AbortSignal): Promise<Slot | undefined> {
    if (signal.aborted) return undefined
    if (this.#idle.length > 0) return this.#slot(this.#idle.pop())
    return new Promise((resolve) => {
      const take = (member: Member | undefined) => {
        signal.removeEventListener('abort', leave)
        resolve(this.#slot(member))
      }
      const leave = () => {
        this.#waiting = this.#waiting.filter((one) => one !== take)
        resolve(undefined)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(take)
    })
  }

  /** Waits until a slot is free, and leaves it so; false where the signal aborts first. */
  async freed(signal: AbortSignal): Promise<boolean> {
    const slot = await this.acquire(signal)
    slot?.release()
    return slot !== undefined
  }

  /** A slot that is free at this moment, if any. */
  acquireIdle(): Slot | undefined {
    return this.#idle.length > 0 ? this.#slot(this.#idle.pop()) : undefined
  }

  async close(): Promise<void> {
    await Promise.all([...this.#living].map((thread) => thread.terminate()))
  }

  #start(): Member {
    const shared = new SharedArrayBuffer(CONTROL_BYTES)
    const thread = new Thread(builtFile('compute', 'worker', 'thread.js'), {
      workerData: { control: shared },
      resourceLimits: { maxOldGenerationSizeMb: this.#options.threadHeapMb },
    })
    this.#living.add(thread)
    thread.on('exit', () => this.#living.delete(thread))
    // An error while no task runs shows at the next task as an exit.
    thread.on('error', () => {})
    return { thread, control: new Int32Array(shared), plans: new RecentPlans(), kernels: new Set() }
  }

  #slot(given: Member | undefined): Slot {
    this.#busy++
    let member = given && this.#living.has(given.thread) ? given : this.#start()
    let held = true
    return {
      run: async (task, transfer, signal) => {
        if (!this.#living.has(member.thread)) member = this.#start()
        return this.#perform(member, task, transfer, signal)
      },
      chunks: () => Atomics.load(member.control, CONTROL.chunks),
      release: () => {
        if (!held) return
        held = false
        this.#busy--
        const next = this.#waiting.shift()
        if (next) next(member)
        else this.#idle.push(member)
      },
    }
  }

  /** What is left of the grace since the end was said, which an aborted signal may tell. */
  #graceLeft({ reason }: AbortSignal): number {
    const { clock, graceMs } = this.#options
    const since = (reason as { readonly since?: number } | undefined)?.since
    return since === undefined ? graceMs : Math.max(0, graceMs - (clock.now() - since))
  }

  async #perform<T extends Task>(
    member: Member,
    task: T,
    transfer: readonly ArrayBuffer[],
    signal: AbortSignal,
  ): Promise<TaskResults[T['kind']]> {
    if (signal.aborted) throw new TaskCancelled()
    const { thread, control } = member
    const sent = this.#sent(task, member)
    Atomics.store(control, CONTROL.cancel, 0)
    const over = new AbortController()
    const giveUp = () => {
      Atomics.store(control, CONTROL.cancel, 1)
      this.#options.clock.sleep(this.#graceLeft(signal), over.signal).then(
        () => thread.terminate(),
        () => undefined,
      )
    }
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      const answer = await answerOf(thread, () => thread.postMessage(sent, transfer as unknown as TransferListItem[]))
      if (answer === undefined)
        throw signal.aborted ? new TaskCancelled() : new ThreadDied('a thread ended under its task')
      if ('error' in answer) throw fromWireError(answer.error)
      if ('cancelled' in answer) throw new TaskCancelled()
      return answer.ok as TaskResults[T['kind']]
    } finally {
      signal.removeEventListener('abort', giveUp)
      over.abort('over')
    }
  }

  /** The task with what the thread lacks for it. KERNEL_REFUSED: this worker has not the kernel. */
  #sent(task: Task, { plans, kernels }: Member): SentTask {
    if (!('kernel' in task)) return { task }
    const kernel = this.#options.kernels.find(task.kernel)
    if (!kernel) {
      const { name, sha256 } = task.kernel
      throw new QuesnayError('KERNEL_REFUSED', `this worker has no kernel ${name} of these bytes`, {
        path: 'kernel',
        expected: sha256,
      })
    }
    const known = withoutKnownPlan(task, plans)
    if (kernels.has(kernel.sha256)) return { task: known }
    kernels.add(kernel.sha256)
    return { task: known, kernel }
  }
}

/** The task, its plan left out where the thread has it. */
function withoutKnownPlan(task: Task, plans: RecentPlans<true>): Task {
  if (!('plan' in task)) return task
  const { hash } = task.plan
  if (plans.use(hash)) return { ...task, plan: { hash } }
  plans.keep(hash, true)
  return task
}

/** The thread's next message; undefined where it ends first. */
function answerOf(thread: Thread, ask: () => void): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (answer: Answer | undefined) => {
      thread.off('message', settle)
      thread.off('exit', ended)
      resolve(answer)
    }
    const ended = () => settle(undefined)
    thread.on('message', settle)
    thread.on('exit', ended)
    try {
      ask()
    } catch (error) {
      thread.off('message', settle)
      thread.off('exit', ended)
      reject(error)
    }
  })
}
