import type { DateTime } from 'luxon'
import { familyName, mailbox, parentNames, personName, streets } from './names.ts'
import { addMember, type Instructor } from './team.ts'
import { dateOf, type School } from './school.ts'
import type { Place } from './schools.ts'

export interface Guardian {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly phone: string
}

export interface Learner {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly phone: string
  /** Whom they usually drive with. */
  readonly usual: Instructor
  readonly gearbox: 'automatic' | 'manual'
  readonly joinedAt: Date
  /** Passed the test or moved away. */
  readonly leftAt: Date | null
  readonly suburb: Place
  readonly address: string
  /** The address as a place: where lessons begin. */
  readonly home: { readonly lat: number; readonly lng: number }
  readonly pickupAddress: string
  /** Last local day on which the learner's permit holds, `yyyy-mm-dd`. */
  readonly permitUntil: string
  readonly guardian: Guardian | null
  /** Under 18, and no parent has agreed yet: cannot have a confirmed lesson. */
  readonly awaitsConsent: boolean
  /** Lets the car's position be recorded. */
  readonly tracked: boolean
  /** Buys ten lessons at a time. */
  readonly prepays: boolean
}

/** The one minor of each school whose parents have not signed. */
const AWAITS_CONSENT = 6

export function addLearners(school: School, team: readonly Instructor[]): Learner[] {
  return Array.from({ length: school.plan.students }, (_, index) => addLearner(school, team, index))
}

function addLearner(school: School, team: readonly Instructor[], index: number): Learner {
  const chance = school.random(`learner/${index}`)
  const name = personName(school.plan.firstPerson + index)
  const usual = team[index % team.length]!
  const joined = joinedOn(school, usual, index)
  const isMinor = index % 5 === 1 || index % 5 === 3 || index === AWAITS_CONSENT
  const suburb = chance.pick(school.plan.suburbs)
  const address = `${chance.between(1, 180)} ${chance.pick(streets)}, ${suburb.name}`
  const learner = {
    id: school.newId(`learner/${index}`, joined.toJSDate()),
    name,
    email: mailbox(name),
    phone: school.nextPhone(),
    usual,
    gearbox: gearboxOf(usual, index),
    joinedAt: joined.toJSDate(),
    leftAt: leftOn(school, index, joined),
    suburb,
    address,
    home: { lat: around(suburb.lat, chance.next()), lng: around(suburb.lng, chance.next()) },
    pickupAddress: `${address} ${school.plan.state} ${suburb.postcode}`,
    permitUntil: dateOf(school.monday.plus({ days: index % 23 === 7 ? -20 : chance.between(60, 1200) })),
    awaitsConsent: index === AWAITS_CONSENT,
    tracked: index % 12 !== 4,
    prepays: index % 8 === 2,
  }
  if (learner.leftAt) school.left.push({ id: learner.id, leftAt: learner.leftAt })
  addStudentRow(school, learner, isMinor ? chance.between(16, 17) : chance.between(19, index % 3 === 0 ? 52 : 27))
  return { ...learner, guardian: isMinor ? addGuardian(school, learner, index) : null }
}

/** Some hundred metres off the middle of the suburb. */
const around = (degrees: number, chance: number): number =>
  Number((degrees + (chance < 0.5 ? -1 : 1) * (0.0012 + Math.abs(chance - 0.5) / 120)).toFixed(6))

type Enrolled = Omit<Learner, 'guardian'>

function joinedOn(school: School, usual: Instructor, index: number): DateTime {
  const chance = school.random(`joined/${index}`)
  const weeksAgo = index % 7 === 5 ? chance.between(1, 12) : chance.between(16, 52)
  const since = Math.min(weeksAgo, (usual.plan.joinedWeeksAgo ?? 60) + 1)
  return school.monday
    .minus({ weeks: since })
    .plus({ days: chance.between(0, 5), hours: 9, minutes: chance.between(0, 599) })
}

function leftOn(school: School, index: number, joined: DateTime): Date | null {
  const left = school.monday.minus({ weeks: 1 + (index % 9) }).plus({ days: index % 5, hours: 16 })
  return index % 13 === 4 && left > joined.plus({ weeks: 5 }) ? left.toJSDate() : null
}

function gearboxOf(usual: Instructor, index: number): Learner['gearbox'] {
  if (usual.plan.gearbox === 'both') return index % 3 === 0 ? 'manual' : 'automatic'
  return usual.plan.gearbox
}

function addStudentRow(school: School, learner: Enrolled, age: number): void {
  const chance = school.random(`permit/${learner.id}`)
  const isFirst = school.rows.of('Student').length === 0
  const born = school.monday.minus({ years: age, days: chance.between(110, 355) })
  const overseas = age > 27 && chance.percent(40)
  school.rows.add('Student', {
    id: learner.id,
    orgId: school.id,
    userId: isFirst ? addMember(school, learner.name, { role: 'student', phone: learner.phone }) : null,
    fullName: learner.name,
    phone: learner.phone,
    email: learner.email,
    dob: dateOf(born),
    licenceType: overseas ? 'overseas' : 'learner',
    permitNumber: String(chance.between(10_000_000, 99_999_999)),
    permitState: school.plan.state,
    permitExpiresOn: learner.permitUntil,
    notes: chance.percent(25) ? chance.pick(remarks) : null,
    createdAt: learner.joinedAt,
    updatedAt: learner.joinedAt,
  })
}

const remarks = [
  'Nervous on motorways; build up slowly.',
  'Prefers messages to calls.',
  'Wears glasses for driving.',
  'Test booked; practise reverse parking.',
  'Pick up at the school gate on weekdays.',
  'Has driven a tractor, not in traffic.',
]

function addGuardian(school: School, learner: Enrolled, index: number): Guardian {
  const name = `${parentNames[index % parentNames.length]} ${familyName(learner.name)}`
  const at = learner.joinedAt
  const guardian = {
    id: school.newId(`guardian/${index}`, at),
    name,
    phone: school.nextPhone(),
    email: mailbox(name, `.${index}`),
  }
  const { id, phone, email } = guardian
  school.rows.add('Guardian', { id, orgId: school.id, fullName: name, phone, email, createdAt: at })
  school.rows.add('StudentGuardian', {
    id: school.newId(`guardianship/${index}`, at),
    orgId: school.id,
    studentId: learner.id,
    guardianId: id,
    relation: index % 4 === 0 ? 'Guardian' : 'Parent',
    isBilling: true,
    isEmergency: true,
    createdAt: at,
  })
  return guardian
}
