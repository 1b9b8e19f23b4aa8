import { resource } from '../core/declaration.ts'
import { lessonsUnderRules } from '../domain/warnings/lessons-under-rules.ts'

export default resource('StateTransitionRule', {
  label: 'Transition rules',
  singular: 'Transition rule',
  title: ['fromStatus', 'toStatus'],
  list: ['requiredRole', 'isActive', 'description'],
  warns: lessonsUnderRules,
})
