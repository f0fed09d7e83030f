export { SessionFold } from './fold/host.js'
export { isSessionPrefix, sessionUid } from './fold/identity.js'
export type { KeyInput, SessionAlert, SessionEvent } from './input/event.js'
export { foldLog, type LogOptions, LogSessions } from './input/log.js'
export { type KeeperParts, type KeeperReport, type PassOptions, SessionKeeper } from './keep/keeper.js'
export type { QuestionParts } from './keep/questions.js'
export {
  type RawRecord,
  type Revealing,
  type ServiceParts,
  SessionAmbiguousError,
  SessionGoneError,
  SessionNotFoundError,
  type SessionQuery,
  SessionService,
} from './keep/service.js'
export type { Origin, Outcome, TypedLine, TypedSession } from './typed/model.js'
export { typedSession } from './typed/typed.js'
export * from './view/records.js'
export { SessionView } from './view/session-view.js'
export { AmbiguousSessionError, type SessionFilter, SessionsView } from './view/sessions-view.js'
