import { describe, expect, it } from 'vitest'
import type { SlotSearch } from '../../src/domain/availability/find-slots.ts'
import { school } from '../support/school.ts'
import { refusal, worksWeekdays } from './scheduling.ts'
import { FAR, HERE, NOW, TUESDAY, at, books, harbour, learner, search, searchesSlots, test } from './slot-search.ts'

searchesSlots()

const reason = async (more: Partial<SlotSearch> = {}, now = NOW): Promise<string> => {
  const found = await search(more, now)
  expect(found.slots).toEqual([])
  return found.reason!
}

describe('when there is none the reason is', () => {
  const minor = { fullName: 'Ada Young', dob: '2012-01-01' }

  it('the notice', async () =>
    expect(await reason({}, at('20:00'))).toBe('Lessons are booked at least 2 hours ahead. Search later days.'))
  it('the horizon', async () =>
    expect(await reason({ fromDay: '2027-08-01', toDay: '2027-08-02' })).toBe(
      'Lessons are booked at most 90 days ahead. Search earlier days.',
    ))
  it('that nobody teaches it', async () => {
    expect(await reason({ transmission: 'manual' })).toContain('No active instructor teaches this transmission')
    await harbour.change('Instructor', harbour.instructorId, { active: false })
    expect(await reason({ instructorId: harbour.instructorId })).toContain('does not teach this lesson')
  })
  it('that it has no price', async () => {
    await harbour.change('RateCard', harbour.rateCardId, { validTo: at('09:00', '2027-02-10') })
    expect(await reason()).toContain('One hour has no price on these days. Add it to the rate card')
  })
  it('a consent that is missing', async () => {
    const studentId = await learner(minor)
    expect(await reason({ studentId })).toBe(
      "Ada Young is under 18 and has no guardian's consent. Record the consent, then book.",
    )
    await harbour.add('Consent', {
      studentId,
      kind: 'minor_lessons',
      granted: true,
      documentVer: '1',
      method: 'signature',
      effectiveAt: NOW,
    })
    expect((await search({ studentId })).slots).not.toEqual([])
  })
  it('a licence that does not allow the lesson', async () => {
    const matrix = { studentLicenseType: 'learner', lessonType: 'standard', instructorLicenseReq: 'any' }
    const { id } = await harbour.add('LicenseCompatibilityMatrix', { ...matrix, isCompatible: true, minStudentAge: 30 })
    expect(await reason({ studentId: harbour.studentId })).toBe('Mia Kowalski is 27; this lesson is from 30 years.')
    await harbour.change('LicenseCompatibilityMatrix', id, { minStudentAge: null, maxLessonDuration: 45 })
    expect(await reason({ studentId: harbour.studentId })).toContain('a lesson lasts at most 45 minutes')
    await harbour.change('LicenseCompatibilityMatrix', id, { maxLessonDuration: null, isCompatible: false })
    expect(await reason({ studentId: harbour.studentId })).toContain('does not allow this kind of lesson')
  })
  it('a permit that has expired', async () => {
    await harbour.change('Student', harbour.studentId, { permitExpiresOn: '2027-02-15' })
    expect(await reason({ studentId: harbour.studentId })).toContain('permit expires on Mon 15 Feb 2027')
  })
  it('papers that have lapsed, or were revoked', async () => {
    const { instructorId } = harbour
    const paper = {
      instructorId,
      kind: 'instructor_licence',
      number: 'L1',
      expiresOn: '2027-02-15',
      status: 'verified',
    }
    const { id } = await harbour.add('InstructorCredential', paper)
    expect(await reason()).toBe(
      "Ines Okafor's instructor licence is not valid on Tue 16 Feb 2027. Renew and verify it, or choose another instructor.",
    )
    await harbour.change('InstructorCredential', id, { expiresOn: '2030-01-01', status: 'revoked' })
    expect(await reason()).toContain('instructor licence is not valid')
  })
  it('that nobody works', async () =>
    expect(await reason({ fromDay: '2027-02-20', toDay: '2027-02-21' })).toBe(
      'Nobody works from Sat 20 Feb 2027 to Sun 21 Feb 2027. Search more days, or open extra time under Exceptions.',
    ))
  it('that everybody is booked', async () => {
    await harbour.add('AvailabilityException', {
      instructorId: harbour.instructorId,
      date: TUESDAY,
      isAvailable: false,
      startMinute: 720,
      endMinute: 1440,
    })
    await books(at('10:00'), { studentId: await learner() })
    await harbour.run('UPDATE "InstructorWorkingHours" SET "travelBufferMin" = 60')
    await harbour.run('UPDATE "Booking" SET "startAt" = $1, "blockedUntil" = $2', [at('09:15'), at('12:00')])
    expect(await reason()).toContain('Everybody is booked on Tue 16 Feb 2027.')
  })
  it('the most lessons of a day', async () => {
    await harbour.run('UPDATE "InstructorWorkingHours" SET "maxLessonsPerDay" = 1')
    await books(at('09:00'), { studentId: await learner() })
    expect(await reason()).toContain('Everybody has the most lessons of a day on Tue 16 Feb 2027.')
  })
  it('that the free times are too short', async () => {
    await harbour.run(
      `UPDATE "InstructorWorkingHours" SET "endTime" = '11:15', "breakStartTime" = NULL, "breakEndTime" = NULL`,
    )
    await books(at('10:15'), { studentId: await learner() })
    await harbour.run(`UPDATE "InstructorWorkingHours" SET "travelBufferMin" = 30`)
    expect(await reason()).toContain('too short for this lesson and the way to the next')
  })
  it('the way', async () => {
    await harbour.run(
      `UPDATE "InstructorWorkingHours" SET "endTime" = '12:00', "breakStartTime" = NULL, "breakEndTime" = NULL`,
    )
    await books(at('10:15'), { studentId: await learner(), pickup: FAR })
    expect(await reason({ pickup: HERE })).toContain('Nobody gets there in time between the other lessons.')
  })
  it("the learner's other lessons", async () => {
    const { id: other } = await harbour.add('Instructor', { displayName: 'Sam Second' })
    await worksWeekdays(harbour, other)
    await books(at('09:30'), { instructorId: other })
    await harbour.run(
      `UPDATE "InstructorWorkingHours" SET "endTime" = '10:30', "breakStartTime" = NULL, "breakEndTime" = NULL`,
    )
    expect(await reason({ instructorId: harbour.instructorId, studentId: harbour.studentId })).toContain(
      'Mia Kowalski has other lessons at the times that are free.',
    )
  })
})

it.each([
  ['days that are none', { fromDay: 'soon' }, 'Choose the days to search'],
  ['days in the wrong order', { toDay: '2027-02-01' }, 'The last day is before the first'],
  ['half a year', { toDay: '2027-08-16' }, 'at most 92 days'],
])('%s cannot be searched', async (_case, more, sentence) => expect(await refusal(search(more))).toContain(sentence))

it('a service, a learner and a place of another school are refused', async () => {
  const river = await school(test, { name: 'River' })
  for (const more of [{ serviceId: river.serviceId }, { studentId: river.studentId }, { locationId: river.locationId }])
    expect(await refusal(search(more))).toContain("is not one of your school's")
  expect(await reason({ instructorId: river.instructorId })).toContain('does not teach this lesson')
})
