/** A query in an address. Short ones are readable; long ones are packed, because servers refuse long addresses. */

const READABLE = 1500

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) {
  const packed = new Blob([bytes]).stream().pipeThrough(stream)
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

export async function packed(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'))
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Undefined for what is no packed text. */
export async function unpacked(code: string): Promise<string | undefined> {
  try {
    const binary = atob(code.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
    return new TextDecoder().decode(await through(bytes, new DecompressionStream('deflate-raw')))
  } catch {
    return undefined
  }
}

export interface QuerySearch {
  readonly q?: string | undefined
  readonly z?: string | undefined
  readonly t?: string | undefined
}

/** The search part of the address of a query. */
export async function linkOf(text: string, range: string): Promise<QuerySearch> {
  return encodeURIComponent(text).length <= READABLE
    ? { q: text, t: range }
    : { z: await packed(text), t: range }
}

export async function queryOf({ q, z }: QuerySearch): Promise<string | undefined> {
  return q ?? (z === undefined ? undefined : unpacked(z))
}
