/**
 * Runs in a process whose environment AdminJS's bundler reads when it is imported (NODE_ENV, ADMIN_JS_TMP_DIR),
 * so that the server's own environment, and the order of its imports, stay out of it.
 */
import { AdminJS } from 'adminjs'
import { loadComponents } from './components.ts'

await new AdminJS({ componentLoader: loadComponents() }).initialize()
