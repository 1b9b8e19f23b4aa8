import type { Identity, Person } from './identity.ts'
import type { SessionCookie } from './session.ts'

declare global {
  // how Express lets an application say what its `res.locals` holds
  // oxlint-disable-next-line typescript/no-namespace
  namespace Express {
    interface Locals {
      /** Allows this answer's own script elements in its Content-Security-Policy. */
      nonce: string
      /** Stands in the answer's X-Request-Id, in the log and in the audit rows of the request. */
      requestId: string
      /** Who is signed in. Set for everything behind `requirePerson`, and only there. */
      person: Person
      /** The same in their school. Set for everything behind `requireSchool`; before it only for who is in one. */
      identity: Identity
      /** How this application's cookie is called and marked; set for everything under /admin. */
      sessionCookie: SessionCookie
    }
  }
}

declare module 'express-session' {
  /** What a session row holds. Role and names are not in it: they are read again on every request. */
  interface SessionData {
    userId: string
    /** Absent for somebody of the platform who is in no school. */
    orgId?: string
    /** By which OperatorAccess somebody of the platform is in that school. */
    accessId?: string
    /** When the person gave their password, in epoch milliseconds; switching schools keeps it. */
    createdAt: number
    /** When the password was given again since, for something that asks for it. */
    confirmedAt?: number
    /** The password was right, the second factor is still to come: nobody is signed in. */
    pending?: boolean
    /** When the second factor was right, in epoch milliseconds. */
    secondFactorAt?: number
    /** From where and with what it began, for the list of sessions. */
    ip?: string
    agent?: string
  }
}
