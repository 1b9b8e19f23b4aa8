import React from 'react'
import Enum from './properties/Enum.tsx'
import Json from './properties/Json.tsx'
import LongText from './properties/LongText.tsx'
import Money from './properties/Money.tsx'
import OrgDate from './properties/OrgDate.tsx'
import OrgDateTime from './properties/OrgDateTime.tsx'
import PlainText from './properties/PlainText.tsx'
import Quantity from './properties/Quantity.tsx'
import Reference from './properties/Reference.tsx'
import TimeOfDay from './properties/TimeOfDay.tsx'
import YesNo from './properties/YesNo.tsx'
import { kindOf, type Kind } from './kinds.ts'
import { LockedField } from './parts/LockedField.tsx'
import { pathOf, type PropertyProps } from './types.ts'
import { userComponent } from './user-components.ts'

const components: Record<Kind, React.ComponentType<PropertyProps>> = {
  money: Money,
  datetime: OrgDateTime,
  date: OrgDate,
  json: Json,
  enum: Enum,
  reference: Reference,
  minutes: Quantity,
  basisPoints: Quantity,
  number: Quantity,
  text: PlainText,
  longText: LongText,
  boolean: YesNo,
  time: TimeOfDay,
}

/** A property's value (list, show), form field (edit) or filter. */
export function Property(props: PropertyProps) {
  const own = userComponent<PropertyProps>(props.property.components?.[props.where])
  const Component = own ?? components[kindOf(props.property)]
  const locked = props.where === 'edit' ? props.record?.locked?.[pathOf(props.property)] : undefined
  if (locked === undefined) return <Component {...props} />
  return (
    <LockedField property={props.property} because={locked}>
      <Component {...props} where="show" />
    </LockedField>
  )
}
