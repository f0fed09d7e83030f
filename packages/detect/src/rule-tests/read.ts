/**
 * Tests of rules, as files beside them: `NAME.test.yaml` says what `NAME.yaml` finds in which log.
 *
 *     tests:
 *       - name: sudo su - by alice
 *         log: ../samples/ssh-session-enriched.log   # or a list; paths from this file
 *         computer: web-1                            # host of records that name none
 *         rows: 1                                    # rows behind the alerts, in all
 *         alerts: 1                                  # optional: how many alerts
 *         titles: [alice holds a root shell on web-1]  # optional: of these alerts, among others
 *         entities:                                  # optional: these are among the entities
 *           - {type: Account, Name: alice}
 */
import { isMap, type Node, type YAMLMap } from 'yaml'
import { type FileProblem, keyOf, YamlReader } from '../yaml/reader.js'

export interface ExpectedEntity {
  readonly type: string
  /** Identifier to value; an entity that has these has more. */
  readonly identifiers: Readonly<Record<string, string>>
}

export interface RuleTest {
  readonly name: string
  readonly logs: readonly string[]
  readonly computer: string
  readonly rows: number
  readonly alerts?: number
  readonly titles: readonly string[]
  readonly entities: readonly ExpectedEntity[]
  /** Where it stands in its file. */
  readonly line: number
}

export interface RuleTestFile {
  readonly tests: readonly RuleTest[]
  readonly problems: readonly FileProblem[]
}

const KEYS: Readonly<Record<string, boolean>> = {
  name: true,
  log: true,
  computer: false,
  rows: true,
  alerts: false,
  titles: false,
  entities: false,
}
const MAX = 1_000_000

function logsOf(reader: YamlReader, test: YAMLMap): string[] {
  const node = reader.node(test, 'log')
  if (node !== undefined && !('items' in node)) return [reader.asText(node, 'log', 4096) ?? []].flat()
  return reader.texts(test, 'log', 4096)
}

function entityOf(reader: YamlReader, node: Node): ExpectedEntity | undefined {
  const type = isMap(node) ? reader.text(node, 'type', 64) : undefined
  if (!isMap(node) || type === undefined) {
    reader.complain(node, 'entities: expected a type and identifiers, as {type: Account, Name: alice}')
    return undefined
  }
  const identifiers = node.items
    .map((item) => keyOf(item.key))
    .filter((key) => key !== 'type')
    .map((key): [string, string] => [key, reader.text(node, key, 10_000) ?? ''])
  return { type, identifiers: Object.fromEntries(identifiers) }
}

function testOf(reader: YamlReader, node: Node): RuleTest | undefined {
  if (!isMap(node)) {
    reader.complain(node, 'tests: expected name, log and rows')
    return undefined
  }
  reader.keys(node, KEYS)
  const alerts = reader.int(node, 'alerts', 0, MAX)
  return {
    name: reader.text(node, 'name', 500) ?? '',
    logs: logsOf(reader, node),
    computer: reader.text(node, 'computer', 255) ?? 'test-host',
    rows: reader.int(node, 'rows', 0, MAX) ?? 0,
    ...(alerts === undefined ? {} : { alerts }),
    titles: reader.texts(node, 'titles', 256),
    entities: reader.list(node, 'entities').flatMap((entity) => entityOf(reader, entity) ?? []),
    line: reader.positionOf(node).line,
  }
}

/** Reads a file of tests and never throws. */
export function parseRuleTests(text: string): RuleTestFile {
  const reader = new YamlReader(text)
  const root = reader.hasErrors ? undefined : reader.root('a mapping with tests: a list')
  if (root !== undefined) reader.keys(root, { tests: true })
  const tests = reader.list(root, 'tests').flatMap((node) => testOf(reader, node) ?? [])
  return { tests: reader.hasErrors ? [] : tests, problems: reader.problems }
}
