import React, { useState } from 'react'
import { Link } from 'react-router-dom'
import { Combobox } from '../parts/Combobox.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Select } from '../parts/Select.tsx'
import { recordPath } from '../paths.ts'
import { useDownload } from '../useDownload.ts'

const kinds = [
  { id: 'Student', title: 'Learner' },
  { id: 'Guardian', title: 'Guardian' },
  { id: 'Instructor', title: 'Instructor' },
  { id: 'User', title: 'Colleague with a sign-in' },
]

/** Somebody wants to know what there is about them, or wants it gone. */
export function PersonRequest() {
  const [kind, setKind] = useState('Student')
  const [person, setPerson] = useState<{ id: string; title: string } | null>(null)
  const { busy, save } = useDownload()
  return (
    <section className="card privacy-card" aria-labelledby="privacy-person">
      <h2 id="privacy-person">Somebody asks about themselves</h2>
      <div className="privacy-fields">
        <Select
          label="Who asks"
          value={kind}
          options={kinds}
          onChange={(chosen) => {
            setKind(chosen)
            setPerson(null)
          }}
        />
        <div className="field">
          <label htmlFor="privacy-who">Name</label>
          <Combobox
            key={kind}
            control={{ id: 'privacy-who', name: 'person' }}
            resourceId={kind}
            chosen={person?.title ?? null}
            onChoose={setPerson}
          />
        </div>
      </div>
      {person ? (
        <div className="privacy-actions">
          <button
            type="button"
            className="button button-primary"
            aria-disabled={busy}
            onClick={() => void save(`/panel/privacy/export/${kind}/${person.id}`)}
          >
            <Icon name="Download" size={16} /> {busy ? 'Collecting…' : 'Export personal data'}
          </button>
          <Link className="button button-danger-quiet" to={recordPath(kind, person.id, 'anonymise')}>
            <Icon name="UserX" size={16} /> Anonymise…
          </Link>
        </div>
      ) : null}
      <p className="muted">
        The export holds all that is about the person, to read and for a program. Anonymising takes their name, ways to
        reach them, words and places out of every record and of the audit log; lessons, money and the log’s seal stay.
        Somebody else has to agree to it.
      </p>
    </section>
  )
}
