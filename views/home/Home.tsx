import React from 'react'
import { useBookingActions } from '../board/useLessonAction.ts'
import { StartPage } from './StartPage.tsx'
import { TodayScreen } from './TodayScreen.tsx'

/** The first page: the day for those who book lessons; for the others the way to their lists. */
export function Home() {
  const books = useBookingActions().named('book') !== undefined
  return books ? <TodayScreen /> : <StartPage />
}
