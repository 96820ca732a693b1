// Reads data sets in a process of their own. Readers of binary formats trust their input: a broken file can make them fill the memory
// or stop the process, which no handler of an exception sees.
import { type ChildProcess, fork } from 'node:child_process'
import { builtFile } from '../../infra/paths.ts'
import type { DataShape } from './rules/population/data-shape.ts'
import type { MappingGiven } from './rules/population/mapping.ts'
import type { ReadDataSet } from './rules/population/read-population.ts'

export interface ReaderQuestion {
  readonly bytes: Uint8Array
  readonly shape: DataShape
  readonly given: MappingGiven
}

/** What was read, or how our own code failed. */
export type ReaderAnswer = { readonly read: ReadDataSet } | { readonly failure: string }

/** Below the time that the gateway waits for a subgraph. */
const TIMEOUT_MS = 50_000
/** Of the heap; columns and files lie outside of it and have limits of their own. */
const HEAP_MIB = 512

/** As readPopulation; a file that its reader does not survive is a finding FILE_UNREADABLE. */
export async function readApart(bytes: Uint8Array, shape: DataShape, given: MappingGiven): Promise<ReadDataSet> {
  const answer = await ask({ bytes, shape, given })
  if (answer === undefined) return { data: null, rows: 0, findings: [UNREADABLE] }
  if ('read' in answer) return answer.read
  throw new Error(`reading a population failed: ${answer.failure}`)
}

const UNREADABLE = {
  severity: 'ERROR' as const,
  code: 'FILE_UNREADABLE',
  path: 'file',
  message: `the file is broken, or reading it takes too much memory or more than ${TIMEOUT_MS / 1000} s`,
  suggestion: 'write the file again, with fewer columns, or as CSV',
}

/** The answer of a process that is started for the question; undefined where it ends without one. */
function ask(question: ReaderQuestion): Promise<ReaderAnswer | undefined> {
  const child = start()
  return new Promise((resolve, reject) => {
    let answer: ReaderAnswer | undefined
    child.once('message', (message) => {
      answer = message as ReaderAnswer
    })
    child.once('error', reject)
    child.once('close', () => resolve(answer))
    child.send(question, (error) => error && child.kill('SIGKILL'))
  })
}

function start(): ChildProcess {
  return fork(builtFile('subgraphs', 'parameters', 'population-reader-process.js'), [], {
    // Typed arrays and infinities go as they are.
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
}
