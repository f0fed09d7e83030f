/** Lines of delimited text (RFC 4180: quotes, doubled quotes, line ends within quotes) as lists of fields. */
export function* delimited(text: string, separator: string): Generator<string[]> {
  let fields: string[] = []
  let at = 0
  while (at < text.length) {
    let field = ''
    if (text[at] === '"') {
      at++
      for (;;) {
        const end = text.indexOf('"', at)
        if (end < 0) {
          field += text.slice(at)
          at = text.length
          break
        }
        field += text.slice(at, end)
        at = end + 1
        if (text[at] !== '"') break
        field += '"'
        at++
      }
    }
    let end = at
    while (end < text.length && text[end] !== separator && text[end] !== '\n') end++
    field += text.slice(at, end).replace(/\r$/, end < text.length && text[end] === separator ? '\r' : '')
    fields.push(field)
    at = end + 1
    if (end >= text.length || text[end] === '\n') {
      if (fields.length > 1 || fields[0] !== '') yield fields
      fields = []
    } else if (at >= text.length) {
      fields.push('')
    }
  }
  if (fields.length > 0) yield fields
}
