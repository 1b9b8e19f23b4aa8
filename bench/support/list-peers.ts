import { randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { Bench } from '../main.ts'
import type { MeasuredSchool } from './data-set.ts'
import { type Answer, type Target, ask } from './load.ts'
import { employ, signIn } from './people.ts'
import { type Peer, startPeer } from './processes.ts'

export const PEERS = ['ours', 'floor', 'stock'] as const
export type PeerName = (typeof PEERS)[number]
export const SIZES = ['middling', 'largest'] as const
export type Size = (typeof SIZES)[number]

/** The list's first page of each school, as each peer is asked for it. */
export type Targets = Readonly<Record<PeerName, Readonly<Record<Size, Target>>>>

export const LIST = '/admin/resources/Booking'
export const LIST_API = '/admin/api/resources/Booking/actions/list'

const perSchool = <T>(make: (size: Size) => T) => ({ middling: make('middling'), largest: make('largest') })

/** Our panel, started like in production, and how a manager of each school asks it for their bookings. */
export async function startOurs({ lifecycle, dataSet }: Bench) {
  const { appUrl, dataDir, schools } = dataSet
  const peer = await startPeer(lifecycle, {
    name: 'ours',
    script: ['src/main.ts', 'web'],
    env: { DATABASE_URL: appUrl, DATA_DIR: dataDir, SESSION_SECRET: randomBytes(32).toString('base64url') },
  })
  const signedIn = async (school: MeasuredSchool): Promise<Target> => ({
    url: `${peer.url}${LIST_API}`,
    headers: { cookie: await signIn(peer.url, await employ(dataSet, school.orgId)) },
  })
  return {
    peer,
    targets: { middling: await signedIn(schools.middling), largest: await signedIn(schools.largest) },
  }
}

/** All three, each in a process of its own. @throws Error unless all of them answer with the same bookings */
export async function startAll(bench: Bench): Promise<{ ours: Peer; targets: Targets }> {
  const { lifecycle, dataSet } = bench
  const ours = await startOurs(bench)
  const env = { DATABASE_URL: dataSet.superuserUrl }
  const floor = await startPeer(lifecycle, { name: 'floor', script: ['bench/peers/floor.ts'], env })
  const person = { email: 'peer@example.test', password: randomBytes(18).toString('base64url') }
  const stock = await startPeer(lifecycle, {
    name: 'stock',
    script: ['bench/peers/stock.ts'],
    env: { ...env, EMAIL: person.email, PASSWORD: person.password },
  })
  const cookie = await signIn(stock.url, person)
  const targets = {
    ours: ours.targets,
    floor: perSchool((size) => ({ url: `${floor.url}/bookings?orgId=${dataSet.schools[size].orgId}`, headers: {} })),
    stock: perSchool((size) => ({
      url: `${stock.url}${LIST_API}?filters.org=${dataSet.schools[size].orgId}`,
      headers: { cookie },
    })),
  }
  for (const size of SIZES) await compareAnswers(targets, size)
  return { ours: ours.peer, targets }
}

/** Speed is worth nothing when it is another page: the same times in the same order, each with its student's name. */
async function compareAnswers(targets: Targets, size: Size): Promise<void> {
  const pages = await Promise.all(PEERS.map(async (name) => recordsOf(await ask(targets[name][size]))))
  // not by id: stock AdminJS leaves open which of two bookings at the same time comes first
  const said = pages.map((records) => records.map((one) => one.startAt ?? one.params?.startAt).join('\n'))
  const named = pages.flat().every((one) => one.student?.title || one.populated?.student?.title)
  if (pages[0]!.length !== 25 || !named || said.some((one) => one !== said[0]))
    throw new Error(`the peers do not answer with the same bookings for the ${size} school:\n${said.join('\n\n')}`)
}

interface Named {
  readonly title: string
}

/** Ours and stock AdminJS's way to write a booking, or the floor's. */
interface RecordJson {
  readonly params?: { readonly startAt: string }
  readonly populated?: { readonly student: Named }
  readonly startAt?: string
  readonly student?: Named
}

function recordsOf({ body, headers }: Answer): RecordJson[] {
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  return (JSON.parse(text.toString('utf8')) as { records: RecordJson[] }).records
}
