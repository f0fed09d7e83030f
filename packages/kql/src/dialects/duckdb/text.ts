/** Names and literals as SQL text. The only place where a text of the user's becomes part of a statement. */
import { wellFormed } from '../../values.js'

/** A double-quoted identifier. DuckDB can not read a NUL in one. */
export function identifier(name: string): string {
  return `"${wellFormed(name).replaceAll('\0', '\ufffd').replaceAll('"', '""')}"`
}

/**
 * A string literal. DuckDB's quoted strings know one escape, the doubled quote; a NUL would end the statement for some
 * clients, so it is put in by chr(0).
 */
export function quote(text: string): string {
  const pieces = wellFormed(text)
    .split('\0')
    .map((piece) => `'${piece.replaceAll("'", "''")}'`)
  return pieces.length === 1 ? pieces[0]! : `(${pieces.join(' || chr(0) || ')})`
}
