import React from 'react'
import { Link } from 'react-router-dom'
import { isUuid, shortId } from '../format.ts'
import { NoValue } from '../parts/Badge.tsx'
import { Combobox } from '../parts/Combobox.tsx'
import { Field } from '../parts/Field.tsx'
import { recordPath } from '../paths.ts'
import { rememberTitle, useTitle } from '../titles.ts'
import { factsOf, pathOf, type PropertyProps, type RecordJSON } from '../types.ts'

/** Another record, by its title. */
export default function Reference(props: PropertyProps) {
  if (props.where === 'edit') return <Edit {...props} />
  if (props.where === 'filter') return factsOf(props.property).closed ? null : <Filter {...props} />
  const path = pathOf(props.property)
  const id = props.record?.params[path] as string | null | undefined
  const populated = props.record?.populated?.[path]
  if (!id && !populated) return <NoValue />
  const title = populated?.title || (isUuid(id) ? shortId(id) : String(id))
  // without a reference it points at records that this role does not see
  if (!props.property.reference || !populated) return <span>{title}</span>
  return <Link to={recordPath(props.property.reference, populated.id)}>{title}</Link>
}

function Edit(props: PropertyProps) {
  const path = pathOf(props.property)
  const id = props.record?.params[path] as string | null | undefined
  const populated = id ? props.record?.populated?.[path] : null
  const choose = (record: RecordJSON | null) => props.onChange?.(path, record?.id ?? null, record ?? undefined)
  return (
    <Field {...props}>
      {(control) => (
        <Combobox
          control={factsOf(props.property).closed ? { ...control, disabled: true } : control}
          resourceId={props.property.reference ?? ''}
          chosen={id ? (populated?.title ?? (isUuid(id) ? shortId(id) : id)) : null}
          onChoose={choose}
        />
      )}
    </Field>
  )
}

function Filter(props: PropertyProps) {
  const path = pathOf(props.property)
  const reference = props.property.reference ?? ''
  const id = props.filter?.[path]
  const title = useTitle(reference, id)
  const choose = (record: RecordJSON | null) => {
    if (record) rememberTitle(reference, record)
    props.onChange?.(path, record?.id ?? '')
  }
  return (
    <Field {...props}>
      {(control) => <Combobox control={control} resourceId={reference} chosen={id ? title : null} onChoose={choose} />}
    </Field>
  )
}
