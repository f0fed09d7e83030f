/** The tabular operators that a query uses, read off its text: enough to count by, no parser. */

const OPERATORS = new Set(
  `as consume count distinct evaluate extend facet fork getschema graph-mark-components graph-match
  graph-shortest-paths graph-to-table invoke join lookup make-graph make-series mv-apply mv-expand parse parse-kv
  parse-where partition project project-away project-by-names project-keep project-rename project-reorder reduce
  render sample sample-distinct scan serialize sort summarize take top top-hitters top-nested union where
  search find`.split(/\s+/),
)

const ALIASES: Readonly<Record<string, string>> = {
  order: 'sort',
  limit: 'take',
  filter: 'where',
  mvexpand: 'mv-expand',
  mvapply: 'mv-apply',
}

const SOURCES: Readonly<Record<string, RegExp>> = {
  datatable: /\bdatatable\s*\(/,
  externaldata: /\bexternaldata\s*\(/,
  find: /(?:^|[;({])\s*find\b/,
  let: /\blet\s+\w+\s*=/,
  materialize: /\bmaterialize\s*\(/,
  print: /(?:^|[;({])\s*print\b/,
  range: /\brange\s+\w+\s+from\b/,
  search: /(?:^|[;({])\s*search\b/,
  toscalar: /\btoscalar\s*\(/,
  union: /(?:^|[;({=])\s*union\b/,
}

/** Sorted, each once. */
export function operatorsOf(query: string): string[] {
  const text = withoutLiterals(query)
  const found = new Set(
    Object.entries(SOURCES)
      .filter(([, pattern]) => pattern.test(text))
      .map(([name]) => name),
  )
  for (const [, name = ''] of text.matchAll(/\|\s*([a-z][a-z-]*)/g)) {
    const operator = ALIASES[name] ?? name
    if (OPERATORS.has(operator)) found.add(operator)
  }
  return [...found].sort()
}

/** The query with its comments gone and its string literals emptied. */
export function withoutLiterals(query: string): string {
  const token =
    /```[\s\S]*?```|~~~[\s\S]*?~~~|@"(?:[^"]|"")*"|@'(?:[^']|'')*'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*/g
  return query.replace(token, (literal) => (literal.startsWith('//') ? '' : '""')).trim()
}
