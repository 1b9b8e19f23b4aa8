import React from 'react'
import { useSession } from '../session.ts'
import { useTitleOfPage } from '../title.ts'
import { LessonRegister } from './LessonRegister.tsx'
import { PersonRequest } from './PersonRequest.tsx'
import { Retention } from './Retention.tsx'

/** What people may ask of a school about themselves, what it keeps for how long, and what a regulator asks for. */
export function PrivacyScreen() {
  useTitleOfPage('Privacy')
  const isOfficer = useSession().role === 'compliance'
  return (
    <div className="board board-narrow">
      <div className="screen-head">
        <h1>Privacy</h1>
      </div>
      {isOfficer ? <PersonRequest /> : null}
      <Retention canRun={isOfficer} />
      <LessonRegister />
    </div>
  )
}
