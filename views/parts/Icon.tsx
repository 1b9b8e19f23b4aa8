import React from 'react'
import * as Feather from 'react-feather'

const icons = Feather as unknown as Record<string, Feather.Icon | undefined>

/** A line icon by its Feather name. Decoration only: what it means stands beside it as text or in the label. */
export function Icon({ name, size = 18 }: { name: string; size?: number }) {
  const Glyph = icons[name] ?? Feather.Circle
  return <Glyph size={size} aria-hidden="true" focusable="false" className="icon" />
}
