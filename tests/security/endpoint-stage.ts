import { may } from '../../src/core/permissions.ts'
import { type Model, models } from '../../src/core/schema.ts'
import { type Attack, planted, record } from './cases.ts'
import { propertyName } from './expectations.ts'
import type { CanarySchool } from './fixtures.ts'
import type { Harness } from './harness.ts'
import { jsonOf } from './oracles.ts'
import { rowOf } from './rows.ts'
import { jsonBody } from './wire.ts'
import { asForm } from './writing.ts'

/** What the owner of a school has left behind: ids for others to reach for. */
export interface Belongings {
  /** Views of the owner's own, by model. */
  readonly views: Readonly<Record<string, string>>
  /** Files that the owner has uploaded, by model. */
  readonly imports: Readonly<Record<string, string>>
  /** Records of which the owner has changed every field that they may. */
  readonly edits: readonly Edited[]
}

export interface Edited {
  readonly model: Model
  readonly id: string
  readonly request: string
  /** The columns that were sent. */
  readonly columns: readonly string[]
  /** Between the record's making and the change. */
  readonly before: string
}

export type Stage = ReadonlyMap<CanarySchool, Belongings>

/** Has the owners of both schools save views, upload files and edit records. */
export async function setStage(harness: Harness, imported: readonly Model[]): Promise<Stage> {
  const owners = [harness.ofKoala[0]!, harness.ofQuokka[0]!]
  const left = await Promise.all(
    owners.map(async (owner): Promise<[CanarySchool, Belongings]> => [
      owner.actor.school,
      { views: await saveViews(harness, owner), imports: await uploadFiles(harness, owner, imported), edits: [] },
    ]),
  )
  const [koala] = owners
  return new Map(
    await Promise.all(
      left.map(async ([school, one]): Promise<[CanarySchool, Belongings]> => [
        school,
        // of one school is enough: it is colleagues that these are kept from
        school === koala!.actor.school ? { ...one, edits: await editAll(harness, koala!) } : one,
      ]),
    ),
  )
}

async function saveViews({ wire }: Harness, { actor }: Attack): Promise<Record<string, string>> {
  const views: Record<string, string> = {}
  for (const { name } of models.values()) {
    if (!may(actor.role, 'read', name)) continue
    const form = jsonBody({ name: `${actor.school.token} of the owner`, settings: {} })
    const path = `/admin/api/panel/saved-views/${name}`
    views[name] = idIn(await wire.send(actor.cookie, { path, method: 'POST', ...form }))
  }
  return views
}

async function uploadFiles(
  { wire }: Harness,
  { actor }: Attack,
  imported: readonly Model[],
): Promise<Record<string, string>> {
  const imports: Record<string, string> = {}
  for (const { name, fields } of imported) {
    const columns = fields.filter(({ type, kind }) => kind === 'scalar' && type === 'String').map((field) => field.name)
    const cells = columns.map((column) => `${actor.school.token}~${name}.${column}~`)
    const path = `/admin/api/panel/import/${name}?name=${actor.school.token}.csv`
    const body = `${columns.join(',')}\r\n${cells.join(',')}\r\n`
    const headers = { 'content-type': 'text/csv' }
    imports[name] = idIn(await wire.send(actor.cookie, { path, method: 'POST', headers, body }))
  }
  return imports
}

async function editAll({ wire, fixtures }: Harness, { actor, expected }: Attack): Promise<Edited[]> {
  const edits: Edited[] = []
  for (const model of models.values()) {
    // the school itself goes on under its name
    if (!may(actor.role, 'edit', model.name) || model.name === 'Org' || model.name === 'OrgSettings') continue
    const id = await fixtures.add(actor.school, model.name)
    const [stored] = await fixtures.query(`SELECT *, clock_timestamp() AS now FROM "${model.name}" WHERE id = $1`, [id])
    const locked = expected.locked(model, stored!)
    const texts = expected
      .writable(actor.role, model)
      .filter(({ name, type, kind }) => kind === 'scalar' && type === 'String' && !locked.has(name))
      .map(({ name }) => name)
      .filter((name) => !model.fields.some((field) => field.relationFromFields?.[0] === name) && name !== 'currency')
    const row = asForm(model, rowOf(model, 900, actor.school.base, planted))
    const form = Object.fromEntries(texts.map((name) => [name, row[propertyName(model, name)]]))
    if (texts.length === 0) continue
    const ask = { path: record(model.name, id, 'edit'), method: 'POST', ...jsonBody(form) }
    const answer = await wire.send(actor.cookie, ask)
    const notice = (jsonOf(answer) as { notice?: { type: string } } | null)?.notice
    if (notice?.type !== 'success') continue
    const request = String(answer.headers['x-request-id'])
    edits.push({ model, id, request, columns: texts, before: (stored!.now as Date).toISOString() })
  }
  return edits
}

function idIn(answer: { status: number; text: string }): string {
  const { id } = JSON.parse(answer.text) as { id?: string }
  if (!id) throw new Error(`the stage could not be set: ${answer.status} ${answer.text.slice(0, 300)}`)
  return id
}
