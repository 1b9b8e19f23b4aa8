import type { Vocabulary } from '../core/declaration.ts'
import { valueLabel } from '../core/labels.ts'
import { enumValues } from '../core/schema.ts'

const verbs = { create: 'added', update: 'changed', delete: 'deleted', undo: 'set back' }

/** What the application itself writes into the audit log; the triggers write the rest, as `booking.update`. */
const events = {
  'user.signIn': 'Signed in',
  'user.signInRefused': 'Sign-in refused',
  'user.signOut': 'Signed out',
  'user.switchSchool': 'Switched to this school',
  'user.confirmPassword': 'Gave the password again',
  'user.secondFactorOn': 'Second step turned on',
  'user.secondFactorRefused': 'Wrong code at the second step',
  'user.secondFactorReset': 'Second step reset',
  'user.recoveryCodeUsed': 'Signed in with a recovery code',
  'user.recoveryCodesMade': 'New recovery codes made',
  'user.sessionEnded': 'Session ended',
  'user.passwordReset': 'Password set anew by e-mail',
  'user.invitationAccepted': 'Invitation accepted',
  'operator.enter': 'Somebody of the platform came in',
  'operator.leave': 'Somebody of the platform left',
  'personal-data.viewed': 'Personal data looked at',
  'access.denied': 'Refused: not allowed',
  'access-review.confirmed': 'Access and exceptions of a month reviewed',
  'lesson.viewTrip': 'Looked at the trip of a lesson',
  'dispute.takeEvidence': 'Took the evidence pack of a dispute',
  'org.exportGst': 'GST statement exported',
  'auditLog.redact': 'Personal data taken out',
  'person.export': 'Personal data exported',
  'person.anonymiseRefused': 'Anonymising refused',
  'lesson.register': 'Lesson register exported',
  'retention.purge': 'What was kept long enough removed',
}

/** Words for columns that hold names of the program: of models, of roles, of what the audit log records. */
export function vocabularies(
  singulars: ReadonlyMap<string, string>,
  actions: Readonly<Record<string, string>> = {},
): Record<Vocabulary, Record<string, string>> {
  const changes = [...singulars].flatMap(([model, singular]) =>
    Object.entries(verbs).map(([verb, done]) => [
      `${model.charAt(0).toLowerCase()}${model.slice(1)}.${verb}`,
      `${singular} ${done}`,
    ]),
  )
  const exports = [...singulars].map(([model, singular]) => [
    `${model.charAt(0).toLowerCase()}${model.slice(1)}.export`,
    `${singular}: list exported`,
  ])
  return {
    models: Object.fromEntries(singulars),
    roles: Object.fromEntries(enumValues('OrgRole').map((role) => [role, valueLabel(role)])),
    auditActions: { ...Object.fromEntries([...changes, ...exports]), ...events, ...actions },
  }
}
