import { useSelector } from 'react-redux'

export interface School {
  id: string
  name: string
  timeZone: string
  currency: string
}

/** Who is signed in, as the panel sent it with the page. */
export interface Session {
  id: string
  email: string
  name: string
  role: string
  school: School
  schools: { orgId: string; name: string; role: string }[]
  simulated: { stripe: boolean }
  /** Of somebody of the platform: until when they look, and why. */
  visit: { id: string; until: string; reason: string } | null
}

const unknownSchool: School = { id: '', name: 'Back office', timeZone: 'UTC', currency: 'AUD' }

const nobody: Session = {
  id: '',
  email: '',
  name: '',
  role: '',
  school: unknownSchool,
  schools: [],
  simulated: { stripe: false },
  visit: null,
}

/** The signed-in person, their role and the school whose records the page shows. */
export function useSession(): Session {
  const session = useSelector((state: { session: Partial<Session> | null }) => state.session)
  return { ...nobody, ...session }
}

export const useSchool = (): School => useSession().school

/** Addresses of the panel: its root, sign-in and sign-out. */
export function usePaths(): { rootPath: string; loginPath: string; logoutPath: string } {
  return useSelector((state: { paths: { rootPath: string; loginPath: string; logoutPath: string } }) => state.paths)
}
