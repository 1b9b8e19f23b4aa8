import type { AdminJSOptions, ResourceOptions } from 'adminjs'
import { type Area, areas } from '../core/schema.ts'
import type { View } from './records/records.ts'

// names of the icon set that AdminJS ships (Feather)
const icons: Record<Area, string> = {
  identity: 'Key',
  people: 'Users',
  catalogue: 'Tag',
  scheduling: 'Calendar',
  lessons: 'Navigation',
  finance: 'DollarSign',
  communication: 'Mail',
  compliance: 'Shield',
}

export const navigationOf = (area: Area): NonNullable<ResourceOptions['navigation']> => ({
  name: areas[area],
  icon: icons[area],
})

export const brandingWith = (favicon: string): NonNullable<AdminJSOptions['branding']> => ({
  companyName: 'DriveFlow',
  logo: false,
  favicon,
  withMadeWithLove: false,
})

/** The names of models and fields that a role sees; AdminJS looks them up by the model's id and the property's path. */
export function localeFor(views: readonly View[]): NonNullable<AdminJSOptions['locale']> {
  const names = (view: View) => Object.fromEntries(view.properties.map((property) => [property.name, property.label]))
  return {
    language: 'en',
    availableLanguages: ['en'],
    translations: {
      en: {
        labels: Object.fromEntries(views.map(({ screen }) => [screen.model.name, screen.label])),
        resources: Object.fromEntries(
          views.map((view) => [
            view.screen.model.name,
            {
              properties: names(view),
              actions: {
                new: `New ${view.screen.singular.charAt(0).toLowerCase()}${view.screen.singular.slice(1)}`,
                ...Object.fromEntries(view.actions?.list.map(({ address, action }) => [address, action.label]) ?? []),
              },
            },
          ]),
        ),
      },
    },
  }
}
