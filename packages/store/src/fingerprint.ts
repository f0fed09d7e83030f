import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

const SAMPLE = 65_536

/** What tells a file from others without reading all of it: its size, its beginning and its end. */
export async function fingerprint(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const hash = createHash('sha256').update(String(size))
    const buffer = Buffer.alloc(SAMPLE)
    for (const position of [0, Math.max(0, size - SAMPLE)]) {
      const { bytesRead } = await file.read(buffer, 0, SAMPLE, position)
      hash.update(buffer.subarray(0, bytesRead))
    }
    return hash.digest('hex').slice(0, 32)
  } finally {
    await file.close()
  }
}
