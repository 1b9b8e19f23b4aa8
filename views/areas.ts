import { useSelector } from 'react-redux'
import type { ResourceJSON } from './types.ts'

export interface Area {
  name: string
  icon: string
  resources: (ResourceJSON & { href: string })[]
}

/** The areas of the back office with the lists this person may open, in the panel's order. */
export function useAreas(): Area[] {
  const resources = useSelector((state: { resources: ResourceJSON[] }) => state.resources)
  const areas = new Map<string, Area>()
  for (const resource of resources) {
    const { href, navigation } = resource
    if (!href || navigation?.show === false) continue
    const name = navigation?.name ?? 'More'
    const area = areas.get(name) ?? { name, icon: navigation?.icon ?? 'Folder', resources: [] }
    area.resources.push({ ...resource, href })
    areas.set(name, area)
  }
  return [...areas.values()]
}

export function useResource(resourceId: string | undefined): ResourceJSON | undefined {
  return useSelector((state: { resources: ResourceJSON[] }) => state.resources.find(({ id }) => id === resourceId))
}

/** What people find in an area, in one sentence. */
export const areaSentences: Record<string, string> = {
  'Identity & access': 'The school, its settings and who may work here.',
  People: 'Students, guardians and instructors, with their papers and consents.',
  'Catalogue & pricing': 'Services, price lists, packages and lesson credit.',
  Resources: 'Cars and the places where lessons begin.',
  Scheduling: 'Bookings, working hours and the rules for moving or cancelling.',
  'Lesson execution': 'What happened on the road: lessons, logbooks, incidents.',
  Finance: 'Money that comes in, goes back and is still owed.',
  Communication: 'Messages sent, their wording and who opted out.',
  Compliance: 'The audit log and what came in and went out.',
}
