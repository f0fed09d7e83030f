export { Compiler, CompilerFailedError, CompileTimeoutError } from './compile/compiler.js'
export type { ServerFacts } from './doors/api/session.js'
export { decodeCell, encodeCell } from './doors/cells.js'
export { type Certificate, CertificateError, ownCertificate, readCertificate } from './doors/certificate.js'
export {
  AddressInUseError,
  type Doors,
  type DoorsOptions,
  openDoors,
  SOCKET_NAME,
  SocketPathError,
  type Tls,
} from './doors/listen.js'
export { type Exploration, explore } from './explore.js'
export { type HostRecord, listHosts } from './hosts.js'
export { CredentialError, IdentityError, NoSuchIdentityError } from './identity/errors.js'
export { Identity, type NewToken, type Token, type User } from './identity/identity.js'
export { ROLES, type Role } from './identity/permission.js'
export { Live, type LiveEvent, type NumberedEvent } from './live.js'
export {
  type ContentFolders,
  type QueryAnswer,
  type QueryOptions,
  type QueryStatistics,
  type Requester,
  RULES_FOLDER,
  readFunctionFolder,
  type StoreStatus,
  type StreamedAnswer,
  type TableStatus,
  Workspace,
  type WorkspaceParts,
} from './workspace.js'
