// What a process says to the one that started it, over the channel between the two: nobody else can say it.

/** Says where this process listens, now that it can work; to nobody where no process of ours has started it. */
export function announceReady(url: string): void {
  if (process.connected) process.send?.({ ready: url })
}

/** Where the process that sent a message listens; undefined for any other message. */
export function readyUrlOf(message: unknown): string | undefined {
  const { ready } = (message ?? {}) as { readonly ready?: unknown }
  return typeof ready === 'string' && URL.canParse(ready) ? ready : undefined
}
