import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { root } from '../../src/core/root.ts'
import { models } from '../../src/core/schema.ts'
import { DOCS, panelDocs } from '../../src/launch/docs.ts'

it('describes the panel as the declarations are', async () => {
  const written = readFileSync(root(DOCS), 'utf8')
  expect(written === (await panelDocs()), `${DOCS} is not up to date: run npm run docs`).toBe(true)
})

it('has a section for every resource, with who may see and change each field', async () => {
  const text = await panelDocs()
  for (const name of models.keys()) expect(text).toContain(`\n## ${name}\n`)
  const student = text.slice(text.indexOf('\n## Student\n'), text.indexOf('\n## ', text.indexOf('\n## Student\n') + 5))
  expect(student).toMatch(/- Who may: read everybody; add owner, admin, manager; edit .*; delete owner, admin/)
  expect(student).toMatch(/\| phone \| Phone: text \| masked for finance \|/)
  expect(student).toMatch(/\| notes \| Notes: long text.* \| only owner, admin, manager, compliance \|/)
})
