// Runs before each test file.
import 'reflect-metadata'
import { vi } from 'vitest'

/** What is waited for comes late on a busy machine; the configuration says the same for `expect.poll`. */
const PATIENCE_MS = 20_000

const { waitFor } = vi
vi.waitFor = (callback, options = {}) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: PATIENCE_MS, ...options })
