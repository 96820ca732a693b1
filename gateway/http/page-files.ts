// GraphiQL as static files, all from this server: it works without any network beyond it.
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
}

/** Only this server is reached; the editor sets styles in the page and starts its workers from blobs. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self' ws: wss:",
  "frame-ancestors 'none'",
].join('; ')

const NOT_BUILT = `<!doctype html><title>Quesnay</title><p>The page is not built: run <code>npm run build:page</code>.
The graph answers at <code>/graphql</code>.`

export interface PageFiles {
  /** Sends the file of a path and returns true; false where there is none. */
  send(path: string, response: ServerResponse): boolean
}

/** The files below a directory, listed once: a path that is not in the list is never looked for on the disk. */
export function pageFiles(directory: string): PageFiles {
  const files = new Map<string, { readonly file: string; readonly bytes: number }>()
  for (const file of existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: 'utf8' }) : []) {
    const full = join(directory, file)
    const stat = statSync(full)
    if (stat.isFile()) files.set(`/${relative(directory, full).split(sep).join('/')}`, { file: full, bytes: stat.size })
  }
  return {
    send(path, response) {
      const entry = files.get(path === '/' ? '/index.html' : path)
      if (!entry && path !== '/') return false
      response.setHeader('content-security-policy', POLICY)
      if (!entry) {
        response.writeHead(200, { 'content-type': TYPES['.html'] }).end(NOT_BUILT)
        return true
      }
      // Names under assets/ carry a hash of their content.
      const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
      const type = TYPES[extname(entry.file)] ?? 'application/octet-stream'
      response.writeHead(200, { 'content-type': type, 'content-length': entry.bytes, 'cache-control': cache })
      pipeline(createReadStream(entry.file), response, () => {})
      return true
    },
  }
}
