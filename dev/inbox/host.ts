export const WRONG_HOST = 'The inbox answers only at 127.0.0.1 and localhost.'

/**
 * Whether a request names this machine. A web page could let its own name lead to 127.0.0.1 (DNS rebinding) and so read
 * the links in the inbox: its requests name its own host.
 */
export const isLoopbackHost = (host: string | undefined): boolean =>
  /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host ?? '')
