/**
 * A door of its own for those who open an engine: what compiled SQL calls back. It brings geometry and compression along,
 * which nobody needs who only compiles.
 */
export { type DuckDBApi, type Registrar, registerNatives } from './dialects/duckdb/natives.js'
