import { chmod, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import type { Workspace } from '../workspace.js'
import { createApp } from './app.js'

export const SOCKET_NAME = 'auspex.sock'

/** Thrown when the address is taken. */
export class AddressInUseError extends Error {
  readonly code = 'ADDRESS_IN_USE'

  constructor(address: string) {
    super(`${address} is in use by another program: choose another port with --port`)
    this.name = 'AddressInUseError'
  }
}

/** Thrown when the data folder's path is too long for a Unix socket in it. */
export class SocketPathError extends Error {
  readonly code = 'SOCKET_PATH'

  constructor(path: string) {
    super(
      `${path} has ${Buffer.byteLength(path)} bytes, and a Unix socket's path at most ${MAX_SOCKET_PATH}: choose a data folder with a shorter path`,
    )
    this.name = 'SocketPathError'
  }
}

/** sizeof(sun_path) less the NUL behind it; a longer path would be cut, and the socket be elsewhere. */
const MAX_SOCKET_PATH = 107

function listen(server: Server, at: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' || 'path' in at) reject(error)
      else reject(new AddressInUseError(`${at.host}:${at.port}`))
    })
    server.listen(at, () => resolve())
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 2000).unref()
  })
}

/** Certificate and key, in PEM. */
export interface Tls {
  readonly cert: string | Buffer
  readonly key: string | Buffer
}

export interface DoorsOptions {
  readonly directory: string
  readonly version: string
  readonly hostName: string
  /** Who started the server: the sign-in link is theirs. */
  readonly userName: string
  readonly now: () => Date
  /** Where to listen; loopback when left out. */
  readonly host?: string
  /** 0 picks a free one. */
  readonly port: number
  /** Without it the door speaks plain HTTP. */
  readonly tls?: Tls
  /** Folder of the built web UI. */
  readonly assets?: string
}

export interface Doors {
  /** Where it listens, as `https://127.0.0.1:7441`. */
  readonly address: string
  /** The address with a sign-in link that is good for a quarter of an hour. */
  signInUrl(): string
  /** A new workspace's first token, for its administrator; it can not be shown again. */
  readonly firstToken: string | undefined
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
/** A client that sends its headers or its request more slowly than this is cut off. */
const HEADERS_MS = 15_000
const REQUEST_MS = 120_000

function bounded(server: Server): Server {
  server.headersTimeout = HEADERS_MS
  server.requestTimeout = REQUEST_MS
  return server
}

/** Opens both doors: TCP and the Unix socket in the folder. */
export async function openDoors(workspace: Workspace, options: DoorsOptions): Promise<Doors> {
  const { directory, host = LOOPBACK, port, tls, userName } = options
  const socket = join(directory, SOCKET_NAME)
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH) throw new SocketPathError(socket)
  const { fetch } = createApp({ ...options, workspace, door: 'tcp' })
  const secure = tls && { createServer: createSecureServer, serverOptions: { cert: tls.cert, key: tls.key } }
  const tcp = bounded(createAdaptorServer({ fetch, ...secure }) as Server)
  const { fetch: localFetch } = createApp({ ...options, workspace, door: 'local' })
  const local = bounded(createAdaptorServer({ fetch: localFetch }) as Server)
  await listen(tcp, { host, port })
  try {
    // The store's lock says that no other server lives here, so a socket that is there was left behind.
    await rm(socket, { force: true })
    await listen(local, { path: socket })
    await chmod(socket, 0o600)
  } catch (error) {
    await Promise.all([close(tcp), close(local)])
    throw error
  }
  const { port: actual } = tcp.address() as AddressInfo
  const shown =
    host === '0.0.0.0' || host === '::' ? options.hostName : host.includes(':') ? `[${host}]` : host
  const address = `${tls ? 'https' : 'http'}://${shown}:${actual}`
  return {
    address,
    signInUrl: () => `${address}/?token=${workspace.identity.signInLink(userName)}`,
    firstToken: await workspace.identity.firstToken(userName),
    async close() {
      await Promise.all([close(tcp), close(local)])
      await rm(socket, { force: true })
    },
  }
}
