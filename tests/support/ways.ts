import { DESK, type Locator, PHONE, soon } from './browser.ts'

/** How a person works the screens. */
export interface Hands {
  /** A button, a link, a tab, an entry of a menu. */
  press(what: Locator): Promise<void>
  /** The same twice at a stretch. */
  pressTwice(what: Locator): Promise<void>
  /** A box or a circle to be ticked. */
  tick(what: Locator): Promise<void>
  /** One of a list, by its words. */
  choose(what: Locator, label: string): Promise<void>
  /** Replaces what stands in a field; a day as `2026-11-24`. */
  type(what: Locator, text: string): Promise<void>
  /** A record by a part of its name, in the field of a reference. */
  find(what: Locator, typed: string, name: string): Promise<void>
}

const mouse: Hands = {
  press: (what) => what.click(),
  pressTwice: (what) => what.dblclick(),
  tick: (what) => what.check(),
  choose: async (what, label) => {
    await what.selectOption({ label })
  },
  type: (what, text) => what.fill(text),
  find: async (what, typed, name) => {
    await what.fill(typed)
    await option(what, name).click()
  },
}

const keyboard: Hands = {
  press: (what) => strike(what, 'Enter'),
  pressTwice: async (what) => {
    await strike(what, 'Enter')
    await what.page().keyboard.press('Enter')
  },
  tick: (what) => strike(what, 'Space'),
  choose: async (what, label) => {
    await reach(what)
    await what.page().keyboard.type(label)
    await soon(() => what.evaluate((one) => (one as HTMLSelectElement).selectedOptions[0]?.label)).toBe(label)
  },
  type: async (what, text) => {
    await reach(what)
    const isDay = (await what.getAttribute('type')) === 'date'
    // as the clock of an American browser has it: month, day, year
    const typed = isDay ? text.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$2$3$1') : text
    if (!isDay) await what.page().keyboard.press('ControlOrMeta+a')
    await what.page().keyboard.type(typed)
  },
  find: async (what, typed, name) => {
    await reach(what)
    await what.page().keyboard.type(typed)
    await option(what, name, { selected: true }).waitFor()
    await what.press('Enter')
  },
}

const option = (what: Locator, name: string, state = {}): Locator => what.page().getByRole('option', { name, ...state })

async function strike(what: Locator, key: string): Promise<void> {
  await reach(what)
  await what.press(key)
}

/** Waits until the keyboard can be on it. */
async function reach(what: Locator): Promise<void> {
  await soon(() => what.evaluate(takesFocus)).toBe(true)
}

function takesFocus(element: HTMLElement | SVGElement): boolean {
  // of these one can be reached by Tab and the others from it by arrow keys
  const isOfSeveral = ['tab', 'menuitem', 'menuitemcheckbox', 'option'].includes(element.role ?? '')
  element.focus()
  return document.activeElement === element && (element.tabIndex >= 0 || isOfSeveral)
}

/**
 * The two ways that a story is told to have it by mouse and by keyboard, on a large screen and a small one, in light
 * and in dark: `describe.each(WAYS)('a manager, $how,', ({ look, hands }) => …)`.
 */
export const WAYS = [
  { how: 'by mouse at a desk', look: { size: DESK, theme: 'light' }, hands: mouse },
  { how: 'by keyboard on a telephone in the dark', look: { size: PHONE, theme: 'dark' }, hands: keyboard },
] as const

export type Way = (typeof WAYS)[number]
