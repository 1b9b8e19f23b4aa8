import { useEffect } from 'react'
import { useSchool } from './session.ts'

/** Names the browser's tab: "Bookings · Harbour Driving". */
export function useTitleOfPage(title: string): void {
  const school = useSchool()
  useEffect(() => {
    document.title = title ? `${title} · ${school.name}` : school.name
  }, [title, school.name])
}
