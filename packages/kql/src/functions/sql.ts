/**
 * Small pieces of DuckDB SQL that several function families are made of.
 *
 * A template that needs a value more than once binds it first: DuckDB evaluates each occurrence of an expression
 * anew where it stands under a CASE, and a query that repeats its arguments can not be read.
 */

/** What the `bind` of a template calls its values; no column of a query has a name that starts so. */
const PREFIX = '$'

/** `body`, in which the given names stand for values that are evaluated once. */
export function bind(
  values: Readonly<Record<string, unknown>>,
  body: (...names: string[]) => string,
): string {
  const names = Object.keys(values)
  const parameter = `"${PREFIX}${names.join('_')}"`
  if (names.length === 1) {
    return `list_transform([${values[names[0]!]}], lambda ${parameter}: ${body(parameter)})[1]`
  }
  const fields = names.map((name) => `'${name}': ${values[name]}`).join(', ')
  return `list_transform([{${fields}}], lambda ${parameter}: ${body(...names.map((n) => `${parameter}.${n}`))})[1]`
}

/** Each element of a list through `body`; `name` keeps nested maps apart. */
export function map(list: unknown, name: string, body: (element: string) => string): string {
  const parameter = `"${PREFIX}${name}"`
  return `list_transform(${list}, lambda ${parameter}: ${body(parameter)})`
}

/** Each element with its 1-based index. */
export function mapIndexed(
  list: unknown,
  name: string,
  body: (element: string, index: string) => string,
): string {
  const [parameter, index] = [`"${PREFIX}${name}"`, `"${PREFIX}${name}_i"`]
  return `list_transform(${list}, lambda ${parameter}, ${index}: ${body(parameter, index)})`
}

/** The elements for which the condition holds. */
export function filter(list: unknown, name: string, condition: (element: string) => string): string {
  const parameter = `"${PREFIX}${name}"`
  return `list_filter(${list}, lambda ${parameter}: ${condition(parameter)})`
}

/** A dynamic array of strings as a list; null if the value is no array. */
export function strings(array: unknown): string {
  return `TRY_CAST(${array} AS VARCHAR[])`
}

/** The long whose 64 bits a UHUGEINT holds. */
export function signed64(bits: string): string {
  return bind(
    { bits: `(${bits})::HUGEINT` },
    (b) => `(CASE WHEN ${b} > 9223372036854775807 THEN ${b} - 18446744073709551616 ELSE ${b} END)::BIGINT`,
  )
}
