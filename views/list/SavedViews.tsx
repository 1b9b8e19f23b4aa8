import React, { useState } from 'react'
import { Link, useLocation } from 'react-router-dom'
import { postForm } from '../api.ts'
import { humanise } from '../format.ts'
import { useLabels } from '../labels.ts'
import { useLoad } from '../load.ts'
import { useNotify } from '../notices.ts'
import { useConfirm } from '../parts/Confirm.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Select } from '../parts/Select.tsx'
import { SidePanel } from '../parts/SidePanel.tsx'
import { viewsApi } from '../paths.ts'
import type { ResourceJSON } from '../types.ts'
import { searchOf, settingsOf, type SavedView, type ViewsResponse } from './views.ts'

interface SavedViewsProps {
  resource: ResourceJSON
  /** The columns chosen in this browser, which a view keeps too. */
  chosen: string[] | null
  close: () => void
}

/** Ways of looking at the list that were kept: to open, to save, to share with a role, to delete. */
export function SavedViews({ resource, chosen, close }: SavedViewsProps) {
  const labels = useLabels()
  const notify = useNotify()
  const { search } = useLocation()
  const { data, error, reload } = useLoad<ViewsResponse>(viewsApi(resource.id))
  const [draft, setDraft] = useState({ name: '', sharedWith: '' })
  const [problem, setProblem] = useState<string | null>(null)
  const save = async () => {
    try {
      await postForm(viewsApi(resource.id), { ...draft, settings: JSON.stringify(settingsOf(search, chosen)) })
      setDraft({ name: '', sharedWith: '' })
      setProblem(null)
      notify({ message: `The view “${draft.name.trim()}” is saved.`, type: 'success' })
      reload()
    } catch (refusal) {
      setProblem((refusal as Error).message)
    }
  }
  return (
    <SidePanel
      title={`Views of ${labels.resource(resource).toLowerCase()}`}
      close={close}
      onSubmit={() => void save()}
      foot={
        <button type="submit" className="button button-primary">
          Save the list as it is now
        </button>
      }
    >
      {error ? <p className="field-error">{error.message}</p> : null}
      {data?.views.length === 0 ? (
        <p className="muted">No views yet. Set up the list as you need it and save it.</p>
      ) : null}
      {data && data.views.length > 0 ? (
        <ul className="views" aria-label="Saved views">
          {data.views.map((view) => (
            <SavedViewRow key={view.id} {...{ view, resource, reload, close }} />
          ))}
        </ul>
      ) : null}
      <NewView {...{ draft, setDraft, problem }} roles={data?.shareable ?? []} />
    </SidePanel>
  )
}

interface NewViewProps {
  draft: { name: string; sharedWith: string }
  setDraft: (draft: { name: string; sharedWith: string }) => void
  problem: string | null
  roles: string[]
}

function NewView({ draft, setDraft, problem, roles }: NewViewProps) {
  return (
    <section className="view-new" aria-label="A new view">
      <h3>A new view</h3>
      <div className={problem ? 'field field-wrong' : 'field'}>
        <label htmlFor="view-name">Name</label>
        <input
          id="view-name"
          className="input"
          autoComplete="off"
          maxLength={60}
          value={draft.name}
          {...(problem ? { 'aria-invalid': true, 'aria-describedby': 'view-problem' } : {})}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        {problem ? (
          <p className="field-error" id="view-problem" role="alert">
            <Icon name="AlertCircle" size={16} /> {problem}
          </p>
        ) : null}
      </div>
      <Select
        label="Who sees it"
        any="Only me"
        value={draft.sharedWith}
        options={roles.map((role) => ({ id: role, title: `${humanise(role)} and I` }))}
        onChange={(sharedWith) => setDraft({ ...draft, sharedWith })}
      />
    </section>
  )
}

interface SavedViewRowProps {
  view: SavedView
  resource: ResourceJSON
  reload: () => void
  close: () => void
}

function SavedViewRow({ view, resource, reload, close }: SavedViewRowProps) {
  const notify = useNotify()
  const confirm = useConfirm()
  const [renamed, setRenamed] = useState<string | null>(null)
  const tell = async (work: Promise<unknown>) => {
    try {
      await work
      setRenamed(null)
      reload()
    } catch (refusal) {
      notify({ message: (refusal as Error).message, type: 'error' })
    }
  }
  const remove = async () => {
    const body = view.sharedWith
      ? `Everybody with the role ${view.sharedWith} loses it.`
      : 'The records stay as they are.'
    if (await confirm({ title: `Delete the view “${view.name}”?`, body, confirm: 'Delete', danger: true }))
      await tell(postForm(viewsApi(resource.id, view.id, 'delete'), {}))
  }
  const rename = () => void tell(postForm(viewsApi(resource.id, view.id), { name: renamed ?? view.name }))
  if (renamed !== null) return <Renaming {...{ view, renamed, setRenamed, rename }} />
  return (
    <li className="view">
      <Link to={{ search: searchOf(view.settings) }} onClick={close}>
        {view.name}
        <small>{wordsAbout(view)}</small>
      </Link>
      {view.isOwn ? (
        <button type="button" className="button button-icon button-quiet" onClick={() => setRenamed(view.name)}>
          <Icon name="Edit2" size={16} />
          <span className="sr-only">Rename {view.name}</span>
        </button>
      ) : null}
      {view.canDelete ? (
        <button type="button" className="button button-icon button-quiet" onClick={() => void remove()}>
          <Icon name="Trash2" size={16} />
          <span className="sr-only">Delete {view.name}</span>
        </button>
      ) : null}
    </li>
  )
}

interface RenamingProps {
  view: SavedView
  renamed: string
  setRenamed: (name: string | null) => void
  rename: () => void
}

function Renaming({ view, renamed, setRenamed, rename }: RenamingProps) {
  return (
    <li className="view">
      <input
        className="input"
        aria-label={`New name of ${view.name}`}
        maxLength={60}
        value={renamed}
        ref={(input) => input?.focus()}
        onChange={(event) => setRenamed(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') rename()
          else if (event.key === 'Escape') setRenamed(null)
          else return
          // neither the panel's form is sent nor the panel closed
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <button type="button" className="button" onClick={rename}>
        Rename
      </button>
    </li>
  )
}

function wordsAbout({ by, sharedWith, isPart }: SavedView): string {
  const whose = by ? `From ${by}` : sharedWith ? `Shared with ${humanise(sharedWith).toLowerCase()}` : 'Only you'
  return isPart ? `${whose}. Part of it is not for your role and is left out.` : whose
}
