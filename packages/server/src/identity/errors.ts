/** What goes wrong at the door. Messages never repeat a secret. */

export class CredentialError extends Error {
  readonly code = 'UNAUTHORIZED'
  constructor(message: string) {
    super(message)
    this.name = 'CredentialError'
  }
}

export class PermissionError extends Error {
  readonly code = 'FORBIDDEN'
  constructor(message: string) {
    super(message)
    this.name = 'PermissionError'
  }
}

/** Too much was asked; `retryAfter` seconds later it may be asked again. */
export class TooManyRequestsError extends Error {
  readonly code = 'TOO_MANY_REQUESTS'
  readonly retryAfter: number
  constructor(message: string, retryAfter: number) {
    super(message)
    this.name = 'TooManyRequestsError'
    this.retryAfter = Math.max(1, Math.ceil(retryAfter))
  }
}

/** A user or token that can not be made or changed as asked. */
export class IdentityError extends Error {
  readonly code = 'BAD_CHANGE'
  constructor(message: string) {
    super(message)
    this.name = 'IdentityError'
  }
}

export class NoSuchIdentityError extends Error {
  readonly code = 'NOT_FOUND'
  constructor(what: string) {
    super(`there is no ${what}`)
    this.name = 'NoSuchIdentityError'
  }
}
