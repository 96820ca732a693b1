// What workers are told of a job's end, and when it was said: a kernel's grace counts from the call, not from when it was heard.

export function encodeEnd(status: string, at: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ status, at }))
}

/** Milliseconds of the clock at which the end was said; `now` where the notice does not tell, or tells of a later time. */
export function endSaidAt(notice: Uint8Array, now: number): number {
  try {
    const { at } = JSON.parse(new TextDecoder().decode(notice)) as { at?: unknown }
    return typeof at === 'number' ? Math.min(at, now) : now
  } catch {
    return now
  }
}
