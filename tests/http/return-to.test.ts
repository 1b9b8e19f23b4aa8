import { expect, it } from 'vitest'
import { safeReturnTo } from '../../src/http/return-to.ts'

it.each([
  '/admin',
  '/admin/resources/Booking',
  '/admin/resources/Booking?filters.status=confirmed&page=2',
  '/admin?a=b',
])('returns to %s', (path) => expect(safeReturnTo(path)).toBe(path))

it.each([
  'https://evil.example/admin',
  '//evil.example/admin',
  '/\\evil.example/admin',
  '/admin/\\evil.example',
  '/admin//evil.example',
  '/admin/../../evil',
  '/admin/..//evil.example',
  '/admin/%2e%2e/elsewhere',
  '/administrator',
  '/admin@evil.example',
  '/webhooks/stripe',
  '/admin/login?returnTo=/admin',
  '/admin/logout',
  '/admin/switch-school',
  '/admin/api/resources/Booking',
  'javascript:alert(1)',
  '/admin\t//evil.example',
  '/admin\r\nSet-Cookie: a=b',
  '',
  undefined,
  ['/admin/x', '/admin/y'],
])('goes home instead of to %j', (wanted) => expect(safeReturnTo(wanted)).toBe('/admin'))
