import { hash, verify } from '@node-rs/argon2'

const MEBIBYTE_IN_KIB = 1024
// argon2id (the library's default algorithm), about 50 ms
const COST = { memoryCost: 64 * MEBIBYTE_IN_KIB, timeCost: 3, parallelism: 1 }

/** The hash of no password at all, at the same cost: verified when there is nobody to sign in. */
const NOBODY = '$argon2id$v=19$m=65536,t=3,p=1$p83DEB5eB7NJs/44Vr5Dog$n2mG/FGtGbqYNcdybOma3+n30aYVtHc+Khk3gqGhXL4'

const AT_ONCE = 2
const MAX_WAITING = 40

/** Too many people are signing in at this moment; nothing is wrong with this one. */
export class Busy extends Error {}

let running = 0
const waiting: (() => void)[] = []

/** @returns the hash to store, with its salt and cost in it */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, COST))
}

/**
 * Takes as long for somebody who does not exist or has no password as for everybody else.
 * @param stored null for nobody
 * @throws Busy when too many are waiting
 */
export function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  return inTurn(async () => {
    const known = stored !== null && stored.startsWith('$argon2id$')
    return (await verify(known ? stored : NOBODY, password)) && known
  })
}

/** A hash holds 64 MiB: two at a time bound the memory of the process whatever arrives. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await turn()
  else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

function turn(): Promise<void> {
  if (waiting.length >= MAX_WAITING) throw new Busy('too many sign-ins at once')
  return new Promise((resolve) => waiting.push(resolve))
}
