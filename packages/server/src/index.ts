export { Compiler, CompilerFailedError, CompileTimeoutError } from './compile/compiler.js'
export { decodeCell, encodeCell } from './doors/cells.js'
export { AddressInUseError, type Doors, openDoors, SOCKET_NAME, SocketPathError } from './doors/listen.js'
export {
  type QueryAnswer,
  type QueryOptions,
  readRules,
  type StoreStatus,
  type TableStatus,
  Workspace,
  type WorkspaceParts,
} from './workspace.js'
