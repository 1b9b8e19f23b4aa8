import type { LocationKind } from '@prisma/client'
import { dateOf, type School } from './school.ts'
import type { Place } from './schools.ts'
import type { Instructor } from './team.ts'

export interface Fleet {
  /** The car an instructor takes for a lesson with this gearbox. */
  carFor(instructor: Instructor, gearbox: 'automatic' | 'manual'): string
  /** Where lessons begin, by suburb. */
  readonly pickupZones: ReadonlyMap<string, string>
}

export function addFleet(school: School, team: readonly Instructor[]): Fleet {
  const cars = new Map<string, string>()
  for (const instructor of team) {
    const gearboxes =
      instructor.plan.gearbox === 'both' ? (['automatic', 'manual'] as const) : [instructor.plan.gearbox]
    for (const gearbox of gearboxes) cars.set(`${instructor.id}/${gearbox}`, addCar(school, instructor, gearbox))
  }
  addLocation(school, 'office', school.plan.office, 'Office')
  addLocation(school, 'test_centre', school.plan.testCentre, 'Test centre')
  const zones = school.plan.suburbs.map(
    (suburb) => [suburb.name, addLocation(school, 'pickup_zone', suburb, 'Pick-up zone')] as const,
  )
  return { carFor: (instructor, gearbox) => cars.get(`${instructor.id}/${gearbox}`)!, pickupZones: new Map(zones) }
}

function addCar(school: School, instructor: Instructor, transmission: 'automatic' | 'manual'): string {
  const chance = school.random(`car/${instructor.id}/${transmission}`)
  const at = school.now.minus({ weeks: 55 }).toJSDate()
  const [make, model] = chance.pick(school.plan.cars)
  const serial = `${chance.between(100, 999)}`
  return school.rows.add('Vehicle', {
    id: school.newId(`car/${instructor.name}/${transmission}`, at),
    orgId: school.id,
    rego: {
      NSW: `DF${serial}${transmission === 'manual' ? 'M' : 'A'}`,
      QLD: `${serial}DF${instructor.index}`,
      SA: `S${serial}DF${transmission[0]!.toUpperCase()}`,
    }[school.plan.state],
    regoState: school.plan.state,
    make,
    model,
    year: chance.between(2021, 2026),
    transmission,
    regoExpiresOn: dateOf(school.monday.plus({ days: chance.between(10, 350) })),
    insuranceExpiresOn: dateOf(school.monday.plus({ days: chance.between(20, 350) })),
    defaultInstructorId: instructor.id,
    createdAt: at,
  }).id!
}

function addLocation(school: School, kind: LocationKind, place: Place, label: string): string {
  const at = school.now.minus({ weeks: 60 }).toJSDate()
  const { name, postcode, lat, lng } = place
  const address = `${name} ${school.plan.state} ${postcode}`
  const row = { orgId: school.id, name: `${label} ${name}`, kind, address, postcode, lat, lng, createdAt: at }
  return school.rows.add('Location', { id: school.newId(`location/${label}/${name}`, at), ...row }).id!
}
