/** Names and literals as SQL text. The only place where a text of the user's becomes part of a statement. */

/** A double-quoted identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * A string literal. DuckDB's quoted strings know one escape, the doubled quote; a NUL would end the statement for some
 * clients, so it is put in by chr(0). Lone surrogates are not text and become U+FFFD.
 */
export function quote(text: string): string {
  const wellFormed = text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  )
  const pieces = wellFormed.split('\0').map((piece) => `'${piece.replaceAll("'", "''")}'`)
  return pieces.length === 1 ? pieces[0]! : `(${pieces.join(' || chr(0) || ')})`
}
