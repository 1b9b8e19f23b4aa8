import { notFound } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Drive, readDrives } from '../lessons/read-drives.ts'
import { mayTrack } from '../lessons/tracking-consent.ts'

/** Everything that the school has about a disputed payment, as a bank wants to see it. */
export type Case = Awaited<ReturnType<typeof readCase>>

/** A trip with every position that was kept of it. */
export interface RecordedTrip {
  readonly drive: Drive
  readonly points: readonly {
    readonly ts: Date
    readonly lat: string
    readonly lng: string
    readonly kph: string | null
  }[]
}

const MOST_MESSAGES = 200

/** @throws AppError NotFound */
export async function readCase(work: UnitOfWork, disputeId: string) {
  const { orgId, tx } = work
  const dispute = await tx.dispute.findFirst({
    where: { id: disputeId, orgId },
    include: {
      org: true,
      payment: {
        include: {
          student: true,
          refunds: { orderBy: { createdAt: 'asc' } },
          booking: { include: { service: true, instructor: true, vehicle: true, location: true, lesson: true } },
        },
      },
    },
  })
  if (!dispute) throw notFound('There is no such dispute in your school.')
  const { org, payment, ...about } = dispute
  const { student, refunds, booking, ...paid } = payment
  return {
    org,
    dispute: about,
    payment: paid,
    refunds,
    student,
    booking,
    history: booking ? await historyOf(work, booking.id) : [],
    messages: booking ? await messagesOf(work, booking.id) : [],
    consents: await tx.consent.findMany({
      where: {
        orgId,
        studentId: student.id,
        kind: { in: ['terms', 'minor_lessons', 'gps_tracking'] },
      },
      orderBy: { effectiveAt: 'asc' },
    }),
    terms: await tx.cancellationPolicy.findMany({
      where: {
        orgId,
        isActive: true,
      },
      orderBy: [{ actor: 'asc' }, { hoursBeforeStart: 'desc' }],
    }),
    trips: booking?.lesson && (await mayTrack(work, student.id)) ? await tripsOf(work, booking.lesson.id) : [],
  }
}

const historyOf = ({ tx, orgId }: UnitOfWork, bookingId: string) =>
  tx.lessonStateHistory.findMany({
    where: { orgId, bookingId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: { actorUser: { select: { fullName: true } } },
  })

const messagesOf = ({ tx, orgId }: UnitOfWork, bookingId: string) =>
  tx.message.findMany({
    where: { orgId, bookingId, instructorId: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: MOST_MESSAGES,
  })

async function tripsOf(work: UnitOfWork, lessonId: string): Promise<RecordedTrip[]> {
  const drives = await readDrives(work, lessonId)
  const trips: RecordedTrip[] = []
  for (const drive of drives.filter(({ recorded }) => recorded > 0)) {
    const found = await work.tx.tripPoint.findMany({
      where: { orgId: work.orgId, tripId: drive.tripId },
      orderBy: { ts: 'asc' },
    })
    const points = found.map(({ ts, lat, lng, speedKph }) => ({
      ts,
      lat: lat.toFixed(6),
      lng: lng.toFixed(6),
      kph: speedKph?.toString() ?? null,
    }))
    trips.push({ drive, points })
  }
  return trips
}
