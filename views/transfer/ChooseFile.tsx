import React, { useState } from 'react'
import { postFile } from '../api.ts'
import { useLoad } from '../load.ts'
import { FieldError } from '../parts/Field.tsx'
import { importApi } from '../paths.ts'
import type { ResourceJSON } from '../types.ts'
import type { ImportState, ImportTarget } from './types.ts'

const MAX_MEGABYTES = 10

interface ChooseFileProps {
  resource: ResourceJSON
  /** Told the import's id. */
  chosen: (id: string) => void
}

/** The file itself. What is wrong with it is said beside the field, and another one can be chosen at once. */
export function ChooseFile({ resource, chosen }: ChooseFileProps) {
  const [file, setFile] = useState<File | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [sending, setSending] = useState(false)
  const choose = (picked: File | null) => {
    setFile(picked)
    setProblem(picked && problemOf(picked))
  }
  const send = async (): Promise<void> => {
    if (sending) return
    const found = file ? problemOf(file) : 'Choose a file first.'
    setProblem(found)
    if (!file || found) return
    setSending(true)
    try {
      const name = new URLSearchParams({ name: file.name })
      chosen((await postFile<ImportState>(`${importApi(resource.id)}?${name}`, file)).id)
    } catch (error) {
      setProblem((error as Error).message)
      setSending(false)
    }
  }
  return (
    <form
      className="card import-card"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <div className={problem ? 'field field-wrong' : 'field'}>
        <label htmlFor="import-file">CSV file</label>
        <input
          id="import-file"
          className="input import-file"
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          aria-describedby={problem ? 'import-file-help import-file-error' : 'import-file-help'}
          {...(problem ? { 'aria-invalid': true } : {})}
          onChange={(event) => choose(event.target.files?.[0] ?? null)}
        />
        <p className="field-help" id="import-file-help">
          From a spreadsheet, saved as “CSV UTF-8”; the first row names the columns. At most {MAX_MEGABYTES} MB and
          50,000 rows. Nothing is written before you have seen what would happen.
        </p>
        <div role="alert">
          <FieldError id="import-file-error" message={problem} />
        </div>
      </div>
      <Expected resource={resource} />
      <div className="import-foot">
        <button type="submit" className="button button-primary" aria-disabled={sending}>
          {sending ? 'Reading the file …' : 'Continue'}
        </button>
      </div>
    </form>
  )
}

function problemOf({ size }: File): string | null {
  if (size === 0) return 'This file is empty. Choose another one.'
  return size > MAX_MEGABYTES * 1024 * 1024
    ? `This file is larger than ${MAX_MEGABYTES} MB. Split it into several files, and import one after the other.`
    : null
}

/** What the columns may be, before one makes a file. */
function Expected({ resource }: { resource: ResourceJSON }) {
  const { data } = useLoad<ImportTarget>(importApi(resource.id))
  if (!data) return null
  return (
    <>
      {data.note ? <p>{data.note}</p> : null}
      <Columns target={data} />
    </>
  )
}

function Columns({ target: { fields, match } }: { target: ImportTarget }) {
  return (
    <details className="import-expected">
      <summary>What the columns may be</summary>
      <dl>
        {fields.map(({ name, label, required, hint }) => (
          <div key={name}>
            <dt>
              {label}
              {required ? <span className="required"> required</span> : null}
            </dt>
            <dd>{hint ?? 'Text'}</dd>
          </div>
        ))}
      </dl>
      {match.length > 0 ? (
        <p className="field-help">A row with the same {match.join(' and ')} as a record is not imported again.</p>
      ) : null}
    </details>
  )
}
