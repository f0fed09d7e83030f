/**
 * Modules of Node's that @auspex/kql imports for what it does on a server only: loading Microsoft's scripts, which the
 * worker brings itself, and computing values, which the store does.
 */
const absent = (name: string) => (): never => {
  throw new Error(`${name} is not in a browser`)
}

export const createRequire = absent('createRequire')
export const Buffer = { from: absent('Buffer') }
export const deflateSync = absent('deflateSync')
export const gunzipSync = absent('gunzipSync')
export const gzipSync = absent('gzipSync')
export const inflateSync = absent('inflateSync')
export const createHash = absent('createHash')
