/** Parts of a rule in words. */

/** `30 min`, `1 h`, `14 d`. */
export function minutes(value: number): string {
  if (value > 0 && value % 1440 === 0) return `${value / 1440} d`
  if (value > 0 && value % 60 === 0) return `${value / 60} h`
  return `${value} min`
}

export const spaced = (name: string): string =>
  name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').replace('And', 'and')

export const OPERATOR_WORDS: Readonly<Record<string, string>> = {
  gt: 'is greater than',
  lt: 'is less than',
  eq: 'is equal to',
  ne: 'is not equal to',
  GreaterThan: 'is greater than',
  LessThan: 'is less than',
  Equal: 'is equal to',
  NotEqual: 'is not equal to',
}

export const SOURCES = { shipped: 'shipped', own: 'own', replaced: 'changed' } as const
