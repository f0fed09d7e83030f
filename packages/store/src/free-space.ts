import { statfsSync } from 'node:fs'

/** Bytes that this process may still write to the disk of a folder. */
export function freeSpace(directory: string): number {
  const disk = statfsSync(directory)
  return disk.bavail * disk.bsize
}
