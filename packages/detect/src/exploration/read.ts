/**
 * Expansions of the investigation graph as files, in the form of Azure-Sentinel's "Exploration Queries": from an
 * entity of one type to entities of others. `'<Field>'` in the query stands for a field of the entity that is
 * expanded; result columns are named `<Type>_<Field>`, and `<Type>_Aux_StartTime`, `_Aux_EndTime` and `_Aux_info`
 * say when and what. Columns and fields named `HostName` hold the host of an entity that is a host's.
 */
import { type FileProblem, YamlReader } from '../yaml/reader.js'
import { GRAPH_KINDS, type GraphKind, kindInfo } from './node.js'

export interface Expansion {
  readonly id: string
  readonly displayName: string
  readonly description: string
  readonly inputEntityType: GraphKind
  readonly inputFields: readonly string[]
  readonly outputEntityTypes: readonly GraphKind[]
  /** Minutes before and after the time that is looked at. */
  readonly queryPeriodBefore: number
  readonly queryPeriodAfter: number
  readonly tactics: readonly string[]
  readonly query: string
}

export interface ExpansionFile {
  readonly problems: readonly FileProblem[]
  readonly expansion?: Expansion
}

const KEYS = {
  Id: true,
  DisplayName: true,
  Description: true,
  InputEntityType: true,
  InputFields: true,
  OutputEntityTypes: true,
  QueryPeriodBefore: true,
  QueryPeriodAfter: true,
  DataSources: false,
  Tactics: false,
  query: true,
}

const MAX_PERIOD = 90 * 1440

/** A quoted `<Field>`; the quotes belong to it, so that a value can not leave its literal. */
export const PLACEHOLDER = /(["'])<([A-Za-z]+)>\1/g

export const fieldsOf = (kind: GraphKind): readonly string[] => {
  const info = kindInfo(kind)!
  return info.isOnHost ? [...info.fields, 'HostName'] : info.fields
}

/** Reads an expansion and never throws. */
export function parseExpansion(text: string): ExpansionFile {
  const reader = new YamlReader(text)
  const map = reader.root('an exploration query')
  if (map === undefined) return { problems: reader.problems }
  reader.keys(map, KEYS)
  const id = reader.text(map, 'Id', 100) ?? ''
  const displayName = reader.text(map, 'DisplayName', 100) ?? ''
  const description = reader.text(map, 'Description', 2000) ?? ''
  const inputEntityType = reader.word(reader.node(map, 'InputEntityType'), 'InputEntityType', GRAPH_KINDS)
  const outputEntityTypes = reader
    .list(map, 'OutputEntityTypes')
    .flatMap((node) => reader.word(node, 'OutputEntityTypes', GRAPH_KINDS) ?? [])
  const inputFields = reader.texts(map, 'InputFields', 50)
  const before = reader.minutes(map, 'QueryPeriodBefore', 0, MAX_PERIOD) ?? 0
  const after = reader.minutes(map, 'QueryPeriodAfter', 0, MAX_PERIOD) ?? 0
  const query = reader.text(map, 'query', 20_000) ?? ''
  if (inputEntityType !== undefined) {
    const known = fieldsOf(inputEntityType)
    for (const node of reader.list(map, 'InputFields')) {
      const field = reader.asText(node, 'InputFields', 50) ?? ''
      if (!known.includes(field)) {
        reader.complain(node, `InputFields: ${inputEntityType} has ${known.join(', ')}, not "${field}"`)
      }
    }
    for (const [, , field = ''] of query.matchAll(PLACEHOLDER)) {
      if (inputFields.includes(field)) continue
      reader.complain(reader.node(map, 'query'), `query: <${field}> is not one of InputFields`)
    }
  }
  if (reader.hasErrors || inputEntityType === undefined) return { problems: reader.problems }
  return {
    problems: reader.problems,
    expansion: {
      id,
      displayName,
      description,
      inputEntityType,
      inputFields,
      outputEntityTypes,
      queryPeriodBefore: before,
      queryPeriodAfter: after,
      tactics: reader.texts(map, 'Tactics', 50),
      query,
    },
  }
}
