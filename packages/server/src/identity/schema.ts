/** What the server keeps in the control database: who may enter, and what people saved. */
import type { MigrationList } from '@auspex/detect'

export interface ServerTables {
  server_setting: {
    name: string
    value: string
  }
  server_user: {
    name: string
    role: string
    password: string
    created_time: string
    created_by: string
    disabled: number
  }
  server_session: {
    /** SHA-256 of the cookie's value. */
    id: string
    name: string
    /** Null for a user's session, whose role is the user's; a sign-in link's has one of its own. */
    role: string | null
    created_time: string
    seen_time: string
  }
  server_token: {
    id: string
    name: string
    /** SHA-256 of the secret. */
    secret: string
    role: string | null
    /** JSON list of tables, or of `*`. */
    ingest: string
    created_time: string
    created_by: string
    expires_time: string | null
    used_time: string | null
  }
  server_saved_query: {
    id: string
    name: string
    folder: string
    query: string
    timespan: string | null
    owner: string
    changed_time: string
    etag: string
  }
  server_saved_view: {
    id: string
    page: string
    name: string
    search: string
    owner: string
  }
}

export const SERVER_MIGRATIONS: MigrationList = {
  owner: 'server',
  migrations: [
    [
      'CREATE TABLE server_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT',
      `CREATE TABLE server_user (
         name TEXT PRIMARY KEY COLLATE NOCASE, role TEXT NOT NULL, password TEXT NOT NULL,
         created_time TEXT NOT NULL, created_by TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0) STRICT`,
      `CREATE TABLE server_session (
         id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT, created_time TEXT NOT NULL,
         seen_time TEXT NOT NULL) STRICT`,
      'CREATE INDEX server_session_by_name ON server_session (name)',
      `CREATE TABLE server_token (
         id TEXT PRIMARY KEY, name TEXT NOT NULL, secret TEXT NOT NULL, role TEXT, ingest TEXT NOT NULL,
         created_time TEXT NOT NULL, created_by TEXT NOT NULL, expires_time TEXT, used_time TEXT) STRICT`,
      `CREATE TABLE server_saved_query (
         id TEXT PRIMARY KEY, name TEXT NOT NULL, folder TEXT NOT NULL, query TEXT NOT NULL, timespan TEXT,
         owner TEXT NOT NULL, changed_time TEXT NOT NULL, etag TEXT NOT NULL) STRICT`,
      `CREATE TABLE server_saved_view (
         id TEXT PRIMARY KEY, page TEXT NOT NULL, name TEXT NOT NULL, search TEXT NOT NULL,
         owner TEXT NOT NULL) STRICT`,
      'CREATE INDEX server_saved_view_by_page ON server_saved_view (page)',
    ],
  ],
}
