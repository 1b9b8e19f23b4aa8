import { resource } from '../core/declaration.ts'

export default resource('StateTransitionRule', {
  label: 'Transition rules',
  singular: 'Transition rule',
  title: ['fromStatus', 'toStatus'],
  list: ['requiredRole', 'isActive', 'description'],
})
