/** Tables that hold what is so, not what happened: the window of a rule is not for them. */
export const UNTIMED_TABLES: readonly string[] = ['Watchlist']
