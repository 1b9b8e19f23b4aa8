const HOME = '/admin'
const NO_DESTINATION =
  /^\/admin\/(api|login|logout|switch-school|second-factor|forgot-password|reset-password|invitation)(\/|$)/

/**
 * Where to go after signing in: the page that was asked for, if it is one of ours.
 * @param wanted as it came from the address or the form: anything
 */
export function safeReturnTo(wanted: unknown): string {
  if (typeof wanted !== 'string' || !/^\/admin([/?]|$)/.test(wanted) || /[\\\s]|\/\//.test(wanted)) return HOME
  const base = 'http://driveflow.invalid'
  if (!URL.canParse(wanted, base)) return HOME
  // as the browser will read it: `/admin/../x` is /x
  const { origin, pathname, search } = new URL(wanted, base)
  const isPage = origin === base && /^\/admin(\/|$)/.test(pathname) && !NO_DESTINATION.test(pathname)
  return isPage ? pathname + search : HOME
}
