import type { FormField } from '../../core/action-form.ts'

/** What the browser is told: the same shape as a property, so that the same controls ask for it. */
export function fieldJson(field: FormField): object {
  const { name, kind, label, help, required, references, values, initial } = field
  return {
    name,
    path: name,
    propertyPath: name,
    label,
    type: kind === 'reference' ? 'reference' : 'string',
    reference: references ?? null,
    isRequired: required,
    isDisabled: false,
    availableValues: null,
    custom: {
      kind: kind === 'decimal' ? 'number' : kind,
      ...(help ? { help } : {}),
      ...(values ? { labels: values } : {}),
      ...(initial === undefined ? {} : { initial }),
    },
  }
}
