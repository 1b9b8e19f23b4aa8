import React, { useState } from 'react'
import { Combobox } from '../parts/Combobox.tsx'
import { Icon } from '../parts/Icon.tsx'
import { useDownload } from '../useDownload.ts'

const narrowed = [
  { name: 'student', label: 'Learner', resourceId: 'Student' },
  { name: 'instructor', label: 'Instructor', resourceId: 'Instructor' },
  { name: 'vehicle', label: 'Vehicle', resourceId: 'Vehicle' },
]

type Chosen = Record<string, { id: string; title: string } | null>

/** Lessons as a regulator asks for them: who drove with whom in which car, when, how far, under which licence. */
export function LessonRegister() {
  const [days, setDays] = useState({ from: '', to: '' })
  const [chosen, setChosen] = useState<Chosen>({})
  const { busy, save } = useDownload()
  const ids = Object.entries(chosen).flatMap(([name, one]) => (one ? [[name, one.id]] : []))
  const query = new URLSearchParams([...Object.entries(days), ...ids] as string[][])
  return (
    <section className="card privacy-card" aria-labelledby="privacy-lessons">
      <h2 id="privacy-lessons">Lesson register</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void save(`/panel/privacy/lessons?${query}`)
        }}
      >
        <div className="privacy-fields">
          {(['from', 'to'] as const).map((name) => (
            <div key={name} className="field">
              <label htmlFor={`register-${name}`}>{name === 'from' ? 'First day' : 'Last day'}</label>
              <input
                id={`register-${name}`}
                className="input"
                type="date"
                required
                value={days[name]}
                onChange={(event) => setDays({ ...days, [name]: event.target.value })}
              />
            </div>
          ))}
          {narrowed.map(({ name, label, resourceId }) => (
            <div key={name} className="field">
              <label htmlFor={`register-${name}`}>{label}</label>
              <Combobox
                control={{ id: `register-${name}`, name }}
                resourceId={resourceId}
                chosen={chosen[name]?.title ?? null}
                onChoose={(one) => setChosen({ ...chosen, [name]: one })}
              />
            </div>
          ))}
        </div>
        <div className="privacy-actions">
          <button type="submit" className="button button-primary" aria-disabled={busy}>
            <Icon name="Download" size={16} /> {busy ? 'Exporting…' : 'Export lessons'}
          </button>
        </div>
      </form>
      <p className="muted">
        Lessons that were given, and those nobody came to: times, distance, learner, permit, instructor, licence and
        vehicle as a table, with its SHA-256 in a manifest and in the audit log.
      </p>
    </section>
  )
}
