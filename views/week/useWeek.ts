import { useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { postJson } from '../api.ts'
import { useNotify } from '../notices.ts'
import { recordPath } from '../paths.ts'
import { useLeaveGuard } from '../record/useLeaveGuard.ts'
import type { Asked } from '../types.ts'
import { copied, type Saved, type Week, type WorkDay } from './types.ts'

/** What is typed into a week, and saving it. */
export function useWeek(stored: Week) {
  const [days, setDays] = useState(stored.days)
  const [dirty, setDirty] = useState(false)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)
  const notify = useNotify()
  const navigate = useNavigate()
  useLeaveGuard(dirty)
  const put = (next: (day: WorkDay) => WorkDay) => {
    setDays((now) => now.map(next))
    setDirty(true)
    setAsked(null)
  }
  const change = (dayOfWeek: number, fields: Partial<WorkDay>) =>
    put((day) => (day.dayOfWeek === dayOfWeek ? { ...day, ...fields } : day))
  /** To every other day that is worked. */
  const copy = (from: WorkDay) => put((day) => (day.works && day !== from ? copied(from, day) : day))
  const save = async (agreed?: string): Promise<boolean> => {
    if (saving) return false
    setSaving(true)
    setProblem(null)
    try {
      const answer = await postJson<Saved>(`/panel/working-week/${stored.instructor.id}`, { days, agreed })
      setAsked(answer.asked ?? null)
      if (answer.asked) return false
      setDirty(false)
      notify(answer.notice)
      navigate(recordPath('Instructor', stored.instructor.id))
      return true
    } catch (error) {
      setProblem((error as Error).message)
      return false
    } finally {
      setSaving(false)
    }
  }
  return { days, change, copy, save, saving, dirty, asked, problem }
}
