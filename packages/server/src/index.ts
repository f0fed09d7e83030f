export { Compiler, CompilerFailedError, CompileTimeoutError } from './compile/compiler.js'
export { decodeCell, encodeCell } from './doors/cells.js'
export { AddressInUseError, type Doors, openDoors, SOCKET_NAME, SocketPathError } from './doors/listen.js'
export {
  type ContentFolders,
  type QueryAnswer,
  type QueryOptions,
  type QueryStatistics,
  RULES_FOLDER,
  readFunctionFolder,
  type StoreStatus,
  type TableStatus,
  Workspace,
  type WorkspaceParts,
} from './workspace.js'
