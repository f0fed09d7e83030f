import { randomBytes } from 'node:crypto'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import type { Workspace } from '../workspace.js'
import { createApp } from './app.js'

export const SOCKET_NAME = 'auspex.sock'
const TOKEN_NAME = 'token'

export interface Doors {
  /** Where a browser goes, token included. */
  readonly url: string
  close(): Promise<void>
}

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

/** The workspace's token, made at the first start and readable by the folder's owner only. */
async function readToken(directory: string): Promise<string> {
  const path = join(directory, TOKEN_NAME)
  try {
    const token = (await readFile(path, 'utf8')).trim()
    if (token.length >= 32) return token
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const token = randomBytes(32).toString('base64url')
  await writeFile(path, `${token}\n`, { mode: 0o600 })
  return token
}

export interface DoorsOptions {
  /** 0 picks a free one. */
  readonly port: number
  /** Folder of the built web UI. */
  readonly assets?: string
}

/** Opens both doors: TCP on loopback and the Unix socket in the folder. */
export async function openDoors(
  workspace: Workspace,
  directory: string,
  { port, assets }: DoorsOptions,
): Promise<Doors> {
  const socket = join(directory, SOCKET_NAME)
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH) throw new SocketPathError(socket)
  const token = await readToken(directory)
  const tcp = createAdaptorServer({
    fetch: createApp({ workspace, token, ...(assets && { assets }) }).fetch,
  }) as Server
  const local = createAdaptorServer({ fetch: createApp({ workspace }).fetch }) as Server
  await listen(tcp, { host: '127.0.0.1', port })
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
  return {
    url: `http://127.0.0.1:${actual}/?token=${token}`,
    async close() {
      await Promise.all([close(tcp), close(local)])
      await rm(socket, { force: true })
    },
  }
}
