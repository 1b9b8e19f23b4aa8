import { runInNewContext } from 'node:vm'
import type { ResourceJSON } from 'adminjs'
import { expect, it } from 'vitest'
import type { CurrentAdmin } from '../../src/admin/current-admin.ts'
import { pageFor, takeApart } from '../../src/admin/pages/html.ts'
import { EXPAND, compactResource } from '../../src/admin/metadata.ts'

const property = (path: string, different: object = {}) => ({
  isTitle: false,
  isId: false,
  position: 100,
  custom: { kind: 'text' },
  isSortable: false,
  isRequired: false,
  availableValues: null,
  name: path,
  propertyPath: path,
  isDisabled: false,
  label: path,
  type: 'string',
  hideLabel: false,
  reference: null,
  subProperties: [],
  isArray: false,
  isDraggable: false,
  resourceId: 'Student',
  isVirtual: false,
  props: {},
  ...different,
})
const show = {
  name: 'show',
  actionType: 'record',
  icon: 'Monitor',
  label: 'show',
  resourceId: 'Student',
  guard: '',
  showFilter: false,
  showResourceActions: true,
  showInDrawer: false,
  hideActionHeader: false,
  containerWidth: 1,
  layout: null,
  variant: 'default',
  parent: null,
  hasHandler: true,
  custom: {},
}
const list = { ...show, name: 'list', label: 'list', actionType: 'resource', showFilter: true }

it('gives the browser the very metadata of AdminJS, in a fraction of its size', () => {
  const name = property('fullName', { isTitle: true, isRequired: true })
  const phone = property('phone')
  const resource = {
    id: 'Student',
    name: 'Student',
    navigation: null,
    href: '/x',
    titleProperty: name,
    resourceActions: [list],
    actions: [show, list],
    properties: { fullName: name, phone },
    listProperties: [name],
    editProperties: [name, phone],
    showProperties: [name, phone],
    filterProperties: [phone],
  } as unknown as ResourceJSON
  const compact = JSON.stringify(compactResource(resource))
  const state = { window: { REDUX_STATE: { resources: [JSON.parse(compact) as unknown] } } }
  runInNewContext(EXPAND, state)
  expect(JSON.parse(JSON.stringify(state.window.REDUX_STATE.resources[0]))).toEqual(resource)
  expect(compact.length).toBeLessThan(JSON.stringify(resource).length / 4)
})

const stock = (
  data: unknown,
) => `<html lang=en><head><script>\n        window.REDUX_STATE = ${JSON.stringify(data)};\n        window.THEME = {};\n        window.THEME_COMPONENTS = {};\n      </script>
      <link rel="stylesheet" href="https://fonts.googleapis.com/css?family=Roboto" type="text/css"><script src="/a.js"></script></head>
      <body><div id="app" /><script>var app; root.render(AdminJS.Application);</script></body></html>`

const person = (name: string) => ({ name }) as CurrentAdmin

it('keeps what is the same for everybody out of the page', () => {
  const { script, template } = takeApart(stock({ resources: [], locale: 'words of the role' }))
  const page = pageFor(template, '/admin/metadata.x.js')('n', person('Mia'))
  expect(page).not.toContain('words of the role')
  expect(page).toContain('"Mia"')
  const state = { window: {} as { REDUX_STATE?: object; THEME?: object } }
  runInNewContext(script, state)
  expect(state.window).toEqual({ REDUX_STATE: { resources: [], locale: 'words of the role' }, THEME: {} })
})

it('lets no name of a person end the script that carries it, or take part in the page', () => {
  const page = pageFor(takeApart(stock({ resources: [] })).template, '/admin/metadata.x.js')
  const safe = page('n0nce', person('</script><script>alert(1)</script>\u2028 {{nonce}} $& {{session}}'))
  expect(safe).not.toContain('</script><script>alert')
  expect(safe).toContain('\\u003c/script>')
  expect(safe).toContain('\\u2028 {{nonce}} $& {{session}}')
  expect(safe.match(/<script/g)!.length).toBe(safe.match(/<script nonce="n0nce"/g)!.length)
  expect(safe).not.toContain('googleapis')
})

it('does not start with a page that it does not understand', () => {
  expect(() => takeApart('<script>window.REDUX_STATE = {}</script>')).toThrow(/page of AdminJS has changed/)
})
