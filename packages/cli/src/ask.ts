/** Sends a request to the server that has the folder; throws what it answers as an error. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>
