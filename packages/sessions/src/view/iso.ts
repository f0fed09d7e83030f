/** A time as it is handed out. */
export const iso = (time: number): string => new Date(time).toISOString()
