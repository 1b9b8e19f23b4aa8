/** Words for names of the schema, so that no screen shows a column, a code or an enum value as it is spelled there. */

const spelled: Record<string, string> = {
  abn: 'ABN',
  gst: 'GST',
  dob: 'Date of birth',
  rego: 'Registration',
  ip: 'IP address',
  id: 'ID',
  lat: 'Latitude',
  lng: 'Longitude',
  ts: 'Time',
  abs: 'ABS',
  sms: 'SMS',
  whatsapp: 'WhatsApp',
  email: 'E-mail',
  url: 'URL',
  gps: 'GPS',
  hash: 'Hash',
  org: 'School',
}
// endings that say how a value is stored, not what it means
const storage = /(Cents|Bps|Min|Utc|At|On|Sec|Kph|Ver)$/

/** `priceCents` → "Price", `platformFeeBps` → "Platform fee", `isActive` → "Active", `createdAt` → "Created". */
export function fieldLabel(name: string): string {
  const bare = name.replace(storage, '').replace(/^is(?=[A-Z])/, '')
  return sentence(bare === '' ? name : bare)
}

/** `InstructorWorkingHours` → "Instructor working hours". */
export const modelLabel = (name: string): string => sentence(name)

/** "Rate card" → "Rate cards", "Ledger entry" → "Ledger entries". */
export function plural(label: string): string {
  if (/[^aeiou]y$/.test(label)) return `${label.slice(0, -1)}ies`
  return /(s|x|ch|sh)$/.test(label)
    ? label.endsWith('ss') || /(x|ch|sh)$/.test(label)
      ? `${label}es`
      : label
    : `${label}s`
}

/** `pending_payment` → "Pending payment", `no_show` → "No show". */
export function valueLabel(value: string): string {
  let label = valueLabels.get(value)
  if (label === undefined) {
    // values are few, except where a column holds anything at all
    if (valueLabels.size > 2_000) valueLabels.clear()
    valueLabels.set(value, (label = sentence(value.replaceAll(/[._]/g, ' '))))
  }
  return label
}

const valueLabels = new Map<string, string>()

function sentence(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[\s_]+/)
  const spoken = words.map((word) => spelled[word.toLowerCase()] ?? word.toLowerCase())
  return spoken.map((word, index) => (index === 0 ? capital(word) : isAcronym(word) ? word : lower(word))).join(' ')
}

const isAcronym = (word: string): boolean => /^[A-Z]{2}/.test(word)

const lower = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1)

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
