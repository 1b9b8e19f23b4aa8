import type { Property } from '../screen.ts'

/** What people call columns that we call otherwise. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  fullName: ['name', 'student', 'studentname', 'guardian', 'guardianname', 'learner', 'contact'],
  displayName: ['fullname', 'instructor', 'instructorname'],
  phone: ['mobile', 'mobilephone', 'mobilenumber', 'telephone', 'phonenumber', 'tel', 'cell'],
  email: ['mail', 'emailaddress', 'mailaddress'],
  dob: ['birthday', 'birthdate', 'dateofbirth', 'born'],
  rego: ['plate', 'licenceplate', 'numberplate', 'registrationnumber'],
  make: ['brand', 'manufacturer'],
  durationMin: ['minutes', 'length'],
  lat: ['latitude'],
  lng: ['longitude', 'lon'],
  studentId: ['learner', 'studentname', 'studentemail', 'studentphone'],
  instructorId: ['teacher', 'trainer', 'instructorname'],
  serviceId: ['lesson', 'lessontype', 'product'],
  startAt: ['start', 'begins', 'date', 'datetime', 'lessonstart', 'starttime'],
  endAt: ['end', 'until', 'finish', 'lessonend', 'endtime'],
  priceCents: ['amount', 'cost', 'total'],
  locationId: ['meetingpoint', 'place'],
  pickupAddress: ['pickup', 'pickuplocation'],
  notes: ['note', 'comment', 'comments'],
  cancellationReason: ['reason', 'cancelreason'],
  postcode: ['zip', 'postalcode', 'zipcode'],
}

/** For every column of the file the property that its name means, each at most once. */
export function guessColumns(header: readonly string[], properties: readonly Property[]): (string | null)[] {
  const taken = new Set<string>()
  const take = (wanted: (property: Property) => boolean) => {
    const found = properties.find((property) => !taken.has(property.name) && wanted(property))
    if (found) taken.add(found.name)
    return found?.name ?? null
  }
  const exact = header.map((name) => take((one) => [one.label, one.name, one.column].map(bare).includes(bare(name))))
  return header.map((name, index) => exact[index] ?? take((one) => (SYNONYMS[one.column] ?? []).includes(bare(name))))
}

/** "E-Mail address" and "email_address" are the same. */
const bare = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
