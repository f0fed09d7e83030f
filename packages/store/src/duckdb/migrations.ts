/**
 * The store's own tables, version by version. A new version is a new entry at the end; entries that were
 * released are never changed. Columns of the event tables do not need one: they are added as they appear.
 */
export interface Migration {
  readonly version: number
  readonly what: string
  readonly statements: readonly string[]
}

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    what: 'parts that hold the rows; catalog of columns with their query-language types; receipts of what sources delivered',
    statements: [
      `CREATE SCHEMA auspex`,
      `CREATE TABLE auspex.migration (version INTEGER NOT NULL, what VARCHAR)`,
      `CREATE TABLE auspex.prelude (digest VARCHAR NOT NULL)`,
      `CREATE SCHEMA parts`,
      `CREATE TABLE auspex.table_info (name VARCHAR NOT NULL, docstring VARCHAR NOT NULL)`,
      `CREATE TABLE auspex.column_info (table_name VARCHAR NOT NULL, name VARCHAR NOT NULL,
         position INTEGER NOT NULL, type VARCHAR NOT NULL, docstring VARCHAR NOT NULL)`,
      `CREATE TABLE auspex.receipt (source VARCHAR NOT NULL, from_position BIGINT NOT NULL,
         to_position BIGINT NOT NULL, rows BIGINT NOT NULL, note VARCHAR, received BIGINT NOT NULL)`,
    ],
  },
  {
    version: 2,
    what: 'records of the audit log in the form in which their lines have most in common; old rows stay where they are',
    statements: ['CREATE SCHEMA packed'],
  },
]

export const SCHEMA_VERSION = MIGRATIONS.at(-1)!.version
