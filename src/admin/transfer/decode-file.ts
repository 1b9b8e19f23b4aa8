import { invalid } from '../../core/errors.ts'

export interface Decoded {
  readonly text: string
  readonly encoding: 'UTF-8' | 'UTF-16' | 'Windows-1252'
}

const SAVE_AGAIN = 'Save it in your spreadsheet program as “CSV UTF-8”, then choose it again.'

/**
 * The letters of a file. What is not UTF-8 is what Excel writes when it is not asked for it.
 * @throws AppError Invalid in words when it is no text
 */
export function decode(bytes: Buffer): Decoded {
  if (bytes.length === 0) throw invalid('This file is empty. Choose another one.', 'file')
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]))
    throw invalid(`This is a workbook of a spreadsheet program, not a CSV file. ${SAVE_AGAIN}`, 'file')
  const decoded = isUtf16(bytes) ? asUnicode(bytes, 'UTF-16') : (asUnicode(bytes, 'UTF-8') ?? asWindows(bytes))
  if (!decoded || CONTROL.test(decoded.text))
    throw invalid(`This file is not plain text: some of its characters cannot be read. ${SAVE_AGAIN}`, 'file')
  return decoded
}

// no text has them, and PostgreSQL stores the first one not at all
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/

/** Bytes that are no letter of Windows-1252. */
const UNKNOWN = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])

/** As spreadsheet programs write “Unicode text”: two bytes a letter, and at the beginning which of them is first. */
const isUtf16 = (bytes: Buffer): boolean => startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])

function asUnicode(bytes: Buffer, encoding: 'UTF-8' | 'UTF-16'): Decoded | null {
  const label = encoding === 'UTF-8' ? 'utf-8' : bytes[0] === 0xff ? 'utf-16le' : 'utf-16be'
  try {
    return { text: new TextDecoder(label, { fatal: true }).decode(bytes), encoding }
  } catch {
    return null
  }
}

function asWindows(bytes: Buffer): Decoded | null {
  if (bytes.some((byte) => UNKNOWN.has(byte))) return null
  return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' }
}

const startsWith = (bytes: Buffer, signature: readonly number[]): boolean =>
  signature.every((byte, index) => bytes[index] === byte)
