import React from 'react'
import { Link } from 'react-router-dom'

/** The way up from here. */
export function Breadcrumbs({ trail }: { trail: { label: string; to: string }[] }) {
  return (
    <nav className="breadcrumbs" aria-label="Breadcrumb">
      <ol>
        {trail.map(({ label, to }) => (
          <li key={to}>
            <Link to={to}>{label}</Link>
          </li>
        ))}
      </ol>
    </nav>
  )
}
