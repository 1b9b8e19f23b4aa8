/**
 * Something the person who starts the program can put right. The message is one plain sentence (or a few) that says what
 * to do; it is printed without a stack, and the process ends with code 1.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that file system is read-only',
  ENOTDIR: 'a part of that path is a file, not a directory',
  EEXIST: 'a file of that name is in the way',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'that path cannot be created',
}

/** Turns a file system error under the data directory into a Problem; anything else is returned as it is. */
export function explainFileError(error: unknown, dataDir: string): unknown {
  const reason = error instanceof Error && 'code' in error ? REASONS[String(error.code)] : undefined
  if (!reason) return error
  return new Problem(`The data directory ${dataDir} cannot be used: ${reason}. Set DATA_DIR to a writable directory.`)
}
