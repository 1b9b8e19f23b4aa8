import { createElement } from 'react'
import { useLocation, useNavigate } from 'react-router-dom'
import { useActionDialog } from './action/ActionDialog.tsx'
import { postForm } from './api.ts'
import { humanise } from './format.ts'
import { useLabels } from './labels.ts'
import { useNotify } from './notices.ts'
import { useConfirm } from './parts/Confirm.tsx'
import { actionApi, ownActionPath, type Target } from './paths.ts'
import { Concerns } from './record/Concerns.tsx'
import type { ActionJSON, RecordResponse, ResourceJSON } from './types.ts'

/** One of src/actions, or deleting several at once: with a preview, by our own form. */
export const isOwn = (action: ActionJSON): boolean => (action.custom as { own?: boolean } | undefined)?.own === true

/** Actions that ask in a dialog or happen at once. The others have a page of their own. */
export const isImmediate = (action: ActionJSON): boolean =>
  isOwn(action) ? action.custom['form'] !== true : action.component === false

export const isDangerous = (action: ActionJSON): boolean =>
  action.variant === 'danger' || /delete/i.test(action.name) || action.custom?.danger === true

interface Subject {
  target: Target
  /** What it is done to, in words: "Mia Khan", "3 bookings". */
  named: string
}

/**
 * Runs an action: asks first where it asks to be asked, posts, shows the server's answer and follows its redirect.
 * `done` runs after a success that stays on the page.
 */
export function useRunAction(resource: ResourceJSON, done: () => void) {
  const labels = useLabels()
  const confirm = useConfirm()
  const notify = useNotify()
  const navigate = useNavigate()
  const ask = useActionDialog()
  const { pathname } = useLocation()
  return async (action: ActionJSON, { target, named }: Subject): Promise<void> => {
    if (!isImmediate(action)) return navigate(ownActionPath(action, target))
    if (isOwn(action)) return ask({ resource, action, target, done })
    const label = labels.action(action, resource)
    const danger = isDangerous(action)
    const guard = action.guard ? labels.message(action.guard, resource.id) : ''
    const question = { title: `${label} ${named}?`, body: guard || 'This cannot be undone.', confirm: label, danger }
    if ((guard || danger) && !(await confirm(question))) return
    try {
      const response = await post(actionApi(action, target), { label, confirm })
      if (!response) return
      notify(response.notice)
      if (response.notice?.type === 'error') return
      // a list that is sent to itself stays on its page, with its filters
      if (response.redirectUrl && response.redirectUrl !== pathname) navigate(response.redirectUrl)
      else done()
    } catch (error) {
      notify({ message: (error as Error).message, type: 'error' })
    }
  }
}

interface Asking {
  label: string
  confirm: ReturnType<typeof useConfirm>
}

/** Posts; what it would do to bookings that are there already is asked first. @returns null when the answer is no */
async function post(api: string, { label, confirm }: Asking): Promise<RecordResponse | null> {
  const response = await postForm<RecordResponse>(api, {})
  const { asked } = response
  if (!asked) return response
  const details = createElement(Concerns, { asked })
  const question = { title: asked.sentence, details, confirm: `${label} all the same`, danger: true }
  return (await confirm(question)) ? await postForm<RecordResponse>(api, { 'warning.agreed': asked.agreed }) : null
}

/** What a record may have done to it, as the resource describes it. */
export const actionsNamed = (names: readonly string[], resource: ResourceJSON): ActionJSON[] =>
  names.flatMap((wanted) => resource.actions.find(({ name }) => name === wanted) ?? [])

/** The Feather icon of an action, where the panel names none. */
export const iconOf = (action: ActionJSON): string => action.icon || icons[action.name] || 'ChevronRight'

const icons: Record<string, string> = {
  show: 'Eye',
  edit: 'Edit2',
  delete: 'Trash2',
  bulkDelete: 'Trash2',
  new: 'Plus',
}

export const nameOfRecord = (title: string | undefined, resource: ResourceJSON): string =>
  title || `this ${humanise(resource.name).toLowerCase()}`
