/** The tactics of ATT&CK for Enterprise in the order of an attack; `name` as Microsoft Sentinel writes it. */
export interface Tactic {
  /** As in the URL of the tactic: `defense-evasion`. */
  readonly slug: string
  readonly id: string
  readonly title: string
  readonly name: string
}

const LINES: readonly [slug: string, id: string, title: string][] = [
  ['reconnaissance', 'TA0043', 'Reconnaissance'],
  ['resource-development', 'TA0042', 'Resource Development'],
  ['initial-access', 'TA0001', 'Initial Access'],
  ['execution', 'TA0002', 'Execution'],
  ['persistence', 'TA0003', 'Persistence'],
  ['privilege-escalation', 'TA0004', 'Privilege Escalation'],
  ['defense-evasion', 'TA0005', 'Defense Evasion'],
  ['credential-access', 'TA0006', 'Credential Access'],
  ['discovery', 'TA0007', 'Discovery'],
  ['lateral-movement', 'TA0008', 'Lateral Movement'],
  ['collection', 'TA0009', 'Collection'],
  ['command-and-control', 'TA0011', 'Command and Control'],
  ['exfiltration', 'TA0010', 'Exfiltration'],
  ['impact', 'TA0040', 'Impact'],
]

const capitalized = (word: string) => `${word[0]!.toUpperCase()}${word.slice(1)}`

export const TACTICS: readonly Tactic[] = LINES.map(([slug, id, title]) => ({
  slug,
  id,
  title,
  name: slug.split('-').map(capitalized).join(''),
}))

const NAMES = new Map(TACTICS.map(({ slug, name }) => [slug, name]))

/** Sentinel's names (`DefenseEvasion`) of a technique's tactics. */
export const tacticNames = (technique: { readonly tactics: readonly string[] }): string[] =>
  technique.tactics.map((slug) => NAMES.get(slug) ?? slug)
