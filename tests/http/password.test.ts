import { expect, it } from 'vitest'
import { parseOptions } from '@node-rs/argon2'
import { Busy, hashPassword, verifyPassword } from '../../src/http/password.ts'

it('keeps passwords by argon2id with 64 MiB', async () => {
  const hash = await hashPassword('a password')
  expect(hash).toMatch(/^\$argon2id\$/)
  expect(parseOptions(hash)).toMatchObject({ memoryCost: 65_536, timeCost: 3, parallelism: 1 })
  expect(await verifyPassword(hash, 'a password')).toBe(true)
  expect(await verifyPassword(hash, 'another')).toBe(false)
})

it('knows nobody without a password, nor by a hash of another kind', async () => {
  expect(await verifyPassword(null, '')).toBe(false)
  expect(await verifyPassword('$2b$10$abcdefghijklmnopqrstuv', 'a password')).toBe(false)
})

it('hashes no more than it has memory for: the rest wait, and too many are asked to come back', async () => {
  const all = Array.from({ length: 60 }, () => verifyPassword(null, 'x').then(String, (error: unknown) => error))
  const outcomes = await Promise.all(all)
  expect(outcomes.filter((outcome) => outcome === 'false')).toHaveLength(42)
  expect(outcomes.filter((outcome) => outcome instanceof Busy)).toHaveLength(18)
  expect(await verifyPassword(null, 'x')).toBe(false)
})
