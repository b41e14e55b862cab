/** What workerd says of connections that a test cuts, and of odd headers and keys that one sends: nothing is wrong then. */
const NOISE = [
  /^e = workerd\/api\/crypto\/keys\.c\+\+:\d+: failed: OpenSSL call failed: EVP_DigestSignFinal/,
  /^uncaught exception; [^\n]*Network connection lost\./,
  /^exception = [^\n]* disconnected: /,
  /^A header value for "[\w-]+" contains non-ASCII characters:/,
  /^console warning; message = Called \.text\(\) on an HTTP body which does not appear to be text\./,
  /^Sourcemap for "[^"]*\/node_modules\/[^"]*" points to missing source files/,
]

/** Keeps that out of a run's output. The pool writes each message in one piece, and has no option for it. */
export function quietRuntime(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    stream.write = (chunk: string | Uint8Array, ...rest: []) =>
      NOISE.some((noise) => noise.test(String(chunk))) || write(chunk, ...rest)
  }
}
