// When a process is asked to end: Ctrl-C, SIGTERM, or the death of the process that started it.

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
/** Exit code after a second Ctrl-C: 128 + SIGINT. */
const INTERRUPTED = 130

/** Resolves at the first request to end; a second signal ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of SIGNALS) process.on(signal, () => process.exit(INTERRUPTED))
      // An open channel would keep the process alive when all its work is done.
      if (process.connected) process.disconnect()
      resolve()
    }
    for (const signal of SIGNALS) process.once(signal, stop)
    // A process started with an IPC channel outlives its parent otherwise.
    process.once('disconnect', stop)
  })
}
