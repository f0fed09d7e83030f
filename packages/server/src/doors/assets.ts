/**
 * The web UI's files, as its build left them: hashed names under /assets, each beside its `.br` and `.gz`. They hold
 * no data and need no credential, because the page that asks for one is among them. Every other path that a browser
 * opens as a page is the UI's own to route, so it gets index.html.
 */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { MiddlewareHandler } from 'hono'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
}

const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "worker-src 'self'",
    // The components and the editor write style elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Paths that are never a page of the UI. */
const NOT_A_PAGE = /^\/(api|v1|v2|health|metrics|assets)(\/|$)/

const FOREVER = 'public, max-age=31536000, immutable'

/** Answers GETs of the UI's files and pages; everything else goes on. `directory` is the build's output. */
export function serveAssets(directory: string): MiddlewareHandler {
  const files = new Set(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length)),
  )
  return async (context, next) => {
    const { method, path } = context.req
    if (method !== 'GET' && method !== 'HEAD') return next()
    let file = path
    if (!files.has(path) || path.endsWith('.br') || path.endsWith('.gz') || path === '/index.html') {
      const wantsPage = (context.req.header('accept') ?? '').includes('text/html')
      // A token in the address is taken, and redirected, by the door.
      const isPage = wantsPage && !NOT_A_PAGE.test(path) && context.req.query('token') === undefined
      if (!isPage) return next()
      file = '/index.html'
    }
    const accepted = context.req.header('accept-encoding') ?? ''
    const encoding = ENCODINGS.find(([name, suffix]) => accepted.includes(name) && files.has(file + suffix))
    const headers = new Headers(HEADERS)
    headers.set('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
    headers.set('cache-control', file.startsWith('/assets/') ? FOREVER : 'no-cache')
    headers.set('vary', 'accept-encoding')
    if (encoding !== undefined) headers.set('content-encoding', encoding[0])
    const bytes = await readFile(join(directory, file + (encoding?.[1] ?? '')))
    headers.set('content-length', String(bytes.length))
    return new Response(method === 'HEAD' ? null : bytes, { headers })
  }
}
