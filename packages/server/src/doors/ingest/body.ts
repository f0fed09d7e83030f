/**
 * A request's body, unpacked, within bounds: bytes on the wire are counted while they come, and what they unpack to
 * is, too, so that a small body can not become a large one in memory.
 */
import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import type { Context } from 'hono'
import { ArgumentError, TooLargeError } from '../../http/failure.js'

const gunzipAsync = promisify(gunzip)
const inflateAsync = promisify(inflate)

export async function readBytes(context: Context, most: number): Promise<Buffer> {
  const tooLarge = (bytes: string) =>
    new TooLargeError(`Maximum allowed content length: ${most} bytes. Provided content length: ${bytes}`)
  const declared = Number(context.req.header('content-length') ?? 0)
  if (declared > most) throw tooLarge(String(declared))
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of context.req.raw.body ?? []) {
    size += chunk.length
    if (size > most) throw tooLarge(`more than ${most}`)
    chunks.push(chunk)
  }
  return unpack(Buffer.concat(chunks), context.req.header('content-encoding'), most)
}

async function unpack(bytes: Buffer, encoding: string | undefined, most: number): Promise<Buffer> {
  const name = (encoding ?? 'identity').trim().toLowerCase()
  if (name === 'identity' || name === '') return bytes
  const unpacker = { gzip: gunzipAsync, 'x-gzip': gunzipAsync, deflate: inflateAsync }[name]
  if (unpacker === undefined) {
    throw new ArgumentError(`content-encoding ${name} is not taken: gzip, deflate or none`)
  }
  try {
    return await unpacker(bytes, { maxOutputLength: most })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new TooLargeError(
        `Maximum allowed content length: ${most} bytes. Provided content length: more, when unpacked`,
      )
    }
    throw new ArgumentError(`the body is not ${name}: ${(error as Error).message}`)
  }
}

/** Strict UTF-8. */
export function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ArgumentError('the body is not UTF-8')
  }
}
