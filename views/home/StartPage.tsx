import React from 'react'
import { Link } from 'react-router-dom'
import { areaSentences, useAreas, type Area } from '../areas.ts'
import { humanise } from '../format.ts'
import { useLabels } from '../labels.ts'
import { Urgent } from '../money/Urgent.tsx'
import { Icon } from '../parts/Icon.tsx'
import { State } from '../parts/State.tsx'
import { useSession } from '../session.ts'
import { useTitleOfPage } from '../title.ts'
import { greeting } from '../zone.ts'

/** The first page: who is here, in which school, where everything is, and the money that waits for somebody. */
export function StartPage() {
  const { name, email, role, school } = useSession()
  const areas = useAreas()
  useTitleOfPage('Home')
  const firstName = name.split(' ')[0] || email
  return (
    <div className="start">
      <h1>
        {greeting(school.timeZone)}, {firstName}
      </h1>
      <p className="lead">
        {school.name} · you work here as {humanise(role).toLowerCase()}
      </p>
      <Urgent />
      {areas.length === 0 ? (
        <State icon="Lock" title="Nothing to open yet">
          Your role has no lists in this school. Ask an owner or an admin of the school.
        </State>
      ) : (
        <ul className="area-cards">
          {areas.map((area) => (
            <AreaCard key={area.name} area={area} />
          ))}
        </ul>
      )}
    </div>
  )
}

function AreaCard({ area }: { area: Area }) {
  const labels = useLabels()
  return (
    <li className="area-card">
      <h2>
        <span className="area-card-icon">
          <Icon name={area.icon} />
        </span>
        {area.name}
      </h2>
      {areaSentences[area.name] ? <p>{areaSentences[area.name]}</p> : null}
      <ul>
        {area.resources.map((resource) => (
          <li key={resource.id}>
            <Link to={resource.href}>{labels.resource(resource)}</Link>
          </li>
        ))}
      </ul>
    </li>
  )
}
