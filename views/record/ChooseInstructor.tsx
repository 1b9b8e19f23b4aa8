import React, { useId } from 'react'
import { Combobox } from '../parts/Combobox.tsx'
import { listPath } from '../paths.ts'
import { useTitleOfPage } from '../title.ts'
import { Breadcrumbs } from './Breadcrumbs.tsx'

/** Of whom a page about one instructor is to be, where its address does not say. */
export function ChooseInstructor({ title, choose }: { title: string; choose: (id: string) => void }) {
  const id = useId()
  useTitleOfPage(title)
  return (
    <div className="record-screen">
      <Breadcrumbs trail={[{ label: 'Instructors', to: listPath('Instructor') }]} />
      <div className="screen-head">
        <h1>{title}</h1>
      </div>
      <div className="card form">
        <div className="field">
          <label htmlFor={id}>Instructor</label>
          <Combobox
            control={{ id, name: 'instructor' }}
            resourceId="Instructor"
            chosen={null}
            onChoose={(record) => record && choose(record.id)}
          />
        </div>
      </div>
    </div>
  )
}
